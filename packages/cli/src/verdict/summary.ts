// From the outer folds to the result: expectations, certainties, curves, thresholds.

import { type Folds, sidesOf, testedPositions, testShareOf } from "../folds/assignment.ts";
import { weightsFor } from "../learning/weights.ts";
import { binaryConfusion, classRecalls, multiclassConfusion, oneVersusRest } from "../scores/confusion.ts";
import { precisionRecallCurve, reliabilityDiagram, thresholdCurve } from "../scores/curves.ts";
import { metrics, orient, scoreOf } from "../scores/metric.ts";
import { compareFolds, holm, meanOf } from "../scores/statistics.ts";
import { describeCandidate, type Family, isSameCandidate } from "../selection/families.ts";
import type { FamilyFold, FoldResult } from "../selection/fold.ts";
import type { Plan } from "../selection/plan.ts";
import { type Forecast, forecast } from "../selection/split.ts";
import type { Study } from "../selection/study.ts";
import { allPositions, joinedPositions } from "../task/positions.ts";
import type { Target } from "../task/target.ts";
import { amountOf, classCounts, labelsOf, rowWeightsOf, weightsByClass, weightsOf } from "../task/task.ts";
import { effectiveRows } from "../task/weights.ts";
import { type GoalsAsked, goalsOf } from "./goals.ts";
import type { FamilyResult, OutputCurves } from "./result.ts";
import { type Spreads, spreads } from "./spreads.ts";
import { chooseThresholds } from "./thresholds.ts";
import { type Certainty, certaintyFor, decideVerdict, type Verdict } from "./verdict.ts";

/** What the outer folds say, and of what. */
export interface Evidence {
  readonly study: Study<Folds>;
  /** At least two, ordered by repeat and fold. */
  readonly results: readonly FoldResult[];
  readonly goals: GoalsAsked;
}

/** What comes out of it. */
export interface Summary {
  readonly families: readonly FamilyResult[];
  readonly prior: Spreads;
  /** A difference of the selection score up to this is practically none. */
  readonly band: number;
  /** How sure a recommendation must be. */
  readonly certainty: Certainty;
  readonly verdict: Verdict;
}

/** The families and the verdict. */
export function summarise(evidence: Evidence): Summary {
  const { study, results } = evidence;
  const { plan, folds: dealt } = study;
  const { target } = study.task;
  const testShare = testShareIn(evidence);
  const oriented = plan.families.map((_, index) =>
    results.map(({ families }) => orient(plan.metric, scoreOf(plan.metric, families[index].undone))),
  );
  const reference = meanOf(oriented[0]);
  const band = metrics[plan.metric].band(Math.abs(reference));
  const comparisons = oriented.slice(1).map((scores) =>
    compareFolds(
      scores.map((score, fold) => score - oriented[0][fold]),
      testShare,
      band,
    ),
  );
  const corrected = holm(comparisons.map(({ p }) => p));
  const families = plan.families.map((family, index): FamilyResult => {
    const folds = results.map((result) => result.families[index]);
    const comparison = index === 0 ? null : { ...comparisons[index - 1], corrected: corrected[index - 1] };
    return {
      id: family.id,
      title: family.title,
      expected: spreads(
        folds.map(({ undone }) => undone),
        testShare,
      ),
      shown: spreads(
        folds.map(({ shown }) => shown),
        testShare,
      ),
      bestOfGrid: orient(plan.metric, meanOf(folds.map(({ choice }) => choice.innerScore))),
      perFold: folds.map(({ undone }) => scoreOf(plan.metric, undone)),
      chosenPerFold: folds.map(({ choice }) =>
        family.candidates.findIndex((each) => isSameCandidate(each, choice.candidate)),
      ),
      grid: gridOf(plan, family, folds),
      comparison,
      ...decisionsOf(evidence, index),
    };
  });
  const rarest = Math.min(...weightsByClass(testedOf(study)).map(effectiveRows)) / dealt.count;
  const certainty = certaintyFor(rarest);
  const [first, ...others] = plan.families;
  const verdict = decideVerdict({
    reference: first,
    challengers: others.map((family, k) => ({ family, comparison: comparisons[k], corrected: corrected[k] })),
    certainty,
    hasThreshold: target.kind === "binary",
  });
  return {
    families,
    prior: spreads(
      results.map(({ prior }) => prior),
      testShare,
    ),
    band,
    certainty,
    verdict,
  };
}

/** Rows of each class, or with each label, among those that folds test. */
export function testedCounts(study: Study<Folds>): readonly number[] {
  return classCounts(testedOf(study));
}

/** The target of the rows that folds test. */
function testedOf({ folds, task: { target } }: Study<Folds>): Target {
  const tested = testedPositions(folds, allPositions(target));
  return { ...target, labels: labelsOf(target, tested), weights: weightsOf(target, tested) };
}

/** What folds test, divided by what they train on, by rows or, where these count by weights, by what they count. */
export function testShareIn(evidence: Pick<Evidence, "study" | "results">): number {
  return weighedShareOf(evidence) ?? testShareOf(evidence.study.folds);
}

/**
 * What a fold tests, divided by what it trains on, which the corrected test asks for, where rows count by weights.
 *
 * Weights make folds unequal. The test knows only equal ones, so the mean over the folds is taken, and the score of
 * each counts the same, whatever its rows weigh.
 */
function weighedShareOf({ study, results }: Pick<Evidence, "study" | "results">): number | null {
  const { target } = study.task;
  const all = allPositions(target);
  if (rowWeightsOf(target, all) === null) return null;
  const shares = results.map(({ repeat, fold }) => {
    const { train, test } = sidesOf(study.folds, repeat, fold, all);
    return amountOf(target, test) / amountOf(target, train);
  });
  return meanOf(shares);
}

function gridOf(plan: Plan, family: Family, folds: readonly FamilyFold[]) {
  return family.candidates.map((candidate, k) => ({
    candidate,
    words: describeCandidate(candidate),
    score: orient(plan.metric, meanOf(folds.map(({ choice }) => choice.grid[k]))),
    chosen: folds.filter(({ choice }) => isSameCandidate(choice.candidate, candidate)).length,
  }));
}

/** The outer rows of one repeat, in order, with the fold that tested each and what a family said about them. */
interface Tested extends Forecast {
  readonly labels: Int32Array;
  /** What each of the labels counts; null where each counts once. */
  readonly weights: Float64Array | null;
  readonly fold: Int32Array;
}

function testedRows({ study, results }: Evidence, family: number): Tested {
  const { target } = study.task;
  const { repeat } = results[0];
  const parts = results
    .filter((result) => result.repeat === repeat)
    .map(({ fold, families }) => {
      const { train, test } = sidesOf(study.folds, repeat, fold, allPositions(target));
      const { choice, logits } = families[family];
      const alpha = weightsFor(choice.candidate.weighting, target, train);
      return { fold, test, ...forecast(target, { candidate: choice.candidate, alpha }, logits) };
    });
  const tested = joinedPositions(parts.map(({ test }) => test));
  return {
    labels: labelsOf(target, tested),
    weights: weightsOf(target, tested),
    fold: joined(parts.map(({ fold, test }) => new Int32Array(test.length).fill(fold))),
    undone: joined(parts.map(({ undone }) => undone)),
    shown: joined(parts.map(({ shown }) => shown)),
  };
}

/** Arrays one behind the other. */
function joined<A extends Int32Array | Float64Array>(parts: readonly A[]): A {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = new (parts[0].constructor as new (length: number) => A)(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function decisionsOf(
  evidence: Evidence,
  family: number,
): Pick<FamilyResult, "curves" | "thresholds" | "confusion" | "recalls"> {
  const { goals } = evidence;
  const { target } = evidence.study.task;
  const all = testedRows(evidence, family);
  const { labels, weights } = all;
  const toldAs = (probabilities: Float64Array) => ({ labels, probabilities, weights });
  const effective = target.weights && weightsByClass(target).map(effectiveRows);
  const names = target.kind === "binary" ? [target.classes[1]] : target.classes;
  const curves = names.map((name, output): OutputCurves => {
    const undone = oneVersusRest(target, toldAs(all.undone), output);
    return {
      name,
      precisionRecall: precisionRecallCurve(undone),
      reliabilityUndone: reliabilityDiagram(undone),
      reliabilityShown: reliabilityDiagram(oneVersusRest(target, toldAs(all.shown), output)),
      thresholds: thresholdCurve(undone, goals.costs ?? { miss: 1, falseAlarm: 1 }),
    };
  });
  if (target.kind !== "binary") {
    const confusion =
      target.kind === "multiclass" ? multiclassConfusion(toldAs(all.undone), target.classes.length) : [];
    return { curves, thresholds: [], confusion, recalls: classRecalls(confusion, effective) };
  }
  const column = toldAs(all.undone);
  const rows = amountOf(target, allPositions(target));
  const goal = goalsOf(goals, rows, weights !== null);
  const thresholds = chooseThresholds(column, all.fold, goal, evidence.study.folds.inTime);
  const confusion = binaryConfusion(column, thresholds[0].byFormula);
  return { curves, thresholds, confusion, recalls: classRecalls(confusion, effective) };
}
