// Several models on the same folds: which to use, how sure that is, and what to expect of choosing one of them.
import { engineNamed } from "../learning/engines.ts";
import { orient } from "../scores/metric.ts";
import type { Scores } from "../scores/scores.ts";
import { compareFolds, meanOf } from "../scores/statistics.ts";
import type { FamilyFold, FoldResult } from "../selection/fold.ts";
import { type Matters, type Said, sayModels } from "./modelWords.ts";
import { between, chooseModel, comparePairs, isCertain, type Pair } from "./pairs.ts";
import { type FamilyResult, type ModelResult, type ModelVerdict, recommendedOf, referenceOf } from "./result.ts";
import { spreads } from "./spreads.ts";
import { type Evidence, type Summary, summarise, testShareIn } from "./summary.ts";
import type { Certainty } from "./verdict.ts";

/** Models with folds enough, on the same folds each; and the others. */
export interface Comparable {
  readonly all: readonly Evidence[];
  readonly missing: ModelVerdict["missing"];
}

/**
 * The models that can be compared, on the folds that all of them finished. Where these are fewer than two, the model
 * with the fewest folds is missing, of equals the last.
 */
export function comparable(all: readonly Evidence[]): Comparable {
  const isCommon = ({ repeat, fold }: FoldResult) =>
    all.every(({ results }) => results.some((each) => each.repeat === repeat && each.fold === fold));
  const common = all.map((each) => ({ ...each, results: each.results.filter(isCommon) }));
  if (all.length === 1 || common[0].results.length >= 2) return { all: common, missing: [] };
  const fewest = Math.min(...all.map(({ results }) => results.length));
  const last = all.map(({ results }) => results.length).lastIndexOf(fewest);
  const rest = comparable(all.filter((_, k) => k !== last));
  return { all: rest.all, missing: [...rest.missing, all[last].study.plan.model] };
}

/** One model: its folds, and what they say. */
export interface Modelled {
  readonly evidence: Evidence;
  readonly summary: Summary;
}

/** What is said of all of them. */
export interface Models {
  /** The one to use. */
  readonly best: Modelled;
  readonly models: readonly ModelResult[];
  readonly modelVerdict: ModelVerdict;
}

/** Summarises each model, and compares the recommended losses of all. */
export function compareModels({ all, missing }: Comparable): Models {
  const modelled = all.map((evidence): Modelled => ({ evidence, summary: summarise(evidence) }));
  const [{ evidence, summary }] = modelled;
  const { metric } = evidence.study.plan;
  const { certainty, band } = summary; // the same for all of them, and that of the simplest
  const testShare = testShareIn(evidence);
  const used = modelled.map((each) => recommendedOf(each.summary));
  const oriented = (family: FamilyResult) => family.perFold.map((score) => orient(metric, score));
  const pairs = comparePairs(used.map(oriented), testShare, band);
  const chosen = chooseModel(all.length, pairs, certainty);
  const against = all.map((_, k) => (k === chosen ? null : between(pairs, k, chosen)));
  const inside = all.map(({ results }, k) => results.map(({ families }) => foldOf(families, used[k])));
  const chosenPerFold = evidence.results.map((_, fold) => bestInside(inside.map((folds) => folds[fold])));
  const picked = chosenPerFold.map((model, fold): Scores => inside[model][fold].undone);
  const words = all.map(({ study }) => engineNamed(study.plan.model).words);
  const plain = modelled.map((each) => oriented(referenceOf(each.summary)));
  const others = modelled[chosen].summary.families.slice(1).map(oriented);
  const matters = mattersMore({ plain, others, chosen, pairs, testShare, certainty });
  const said: Said = { metric, words, against, chosen, certainty, matters };
  return {
    best: modelled[chosen],
    models: modelled.map((each, k) => ({
      ...modelOf(each, words[k]),
      comparison: against[k],
      chosen: chosenPerFold.filter((model) => model === k).length,
    })),
    modelVerdict: {
      recommended: all[chosen].study.plan.model,
      ...sayModels(said),
      band,
      expected: spreads(picked, testShare),
      chosenPerFold,
      missing,
    },
  };
}

function modelOf({ evidence: { study, results }, summary }: Modelled, words: string) {
  return {
    name: study.plan.model,
    words,
    training: study.plan.training,
    trainingWords: engineNamed(study.plan.model).describe(study.plan.training),
    fits: results.reduce((sum, { fits }) => sum + fits, 0),
    verdict: summary.verdict,
    families: summary.families.map(({ id, title, expected, perFold, comparison }) => ({
      id,
      title,
      expected,
      perFold,
      comparison,
    })),
    prior: summary.prior,
  };
}

function foldOf(families: readonly FamilyFold[], { id }: FamilyResult): FamilyFold {
  return families.find(({ family }) => family === id)!; // every fold has every family of the plan
}

/** The model with the best score on the inner rows of a fold, of equals the simplest. */
function bestInside(folds: readonly FamilyFold[]): number {
  return folds.reduce((best, { choice }, k) => (choice.innerScore < folds[best].choice.innerScore ? k : best), 0);
}

/** What it takes to hold the choice of the model against that of the loss: oriented scores of each fold. */
export interface Gains {
  /** Of cross entropy, for each model. */
  readonly plain: readonly (readonly number[])[];
  /** Of the other losses, in the model to use. */
  readonly others: readonly (readonly number[])[];
  readonly chosen: number;
  readonly pairs: readonly Pair[];
  readonly testShare: number;
  readonly certainty: Certainty;
}

/**
 * Whether the model matters more than the loss, and how much: a model is surely worse than the one to use, and what it
 * loses, with cross entropy in both, is surely more than what the best other loss gains. The second is asked of the
 * folds' differences of the two by the same corrected test.
 */
export function mattersMore({ plain, others, chosen, pairs, testShare, certainty }: Gains): Matters | null {
  if (others.length === 0) return null;
  const worse = [...plain.keys()].filter((k) => k !== chosen && isCertain(between(pairs, chosen, k), certainty));
  const losses = plain.map((scores) => scores.map((score, fold) => score - plain[chosen][fold]));
  const [other] = worse.sort((a, b) => meanOfFolds(losses[b]) - meanOfFolds(losses[a]));
  if (other === undefined) return null;
  const gains = others.map((scores) => scores.map((score, fold) => plain[chosen][fold] - score));
  const nothing = plain[chosen].map(() => 0);
  const best = [nothing, ...gains].reduce((a, b) => (meanOfFolds(b) > meanOfFolds(a) ? b : a));
  const excess = compareFolds(
    best.map((gain, fold) => gain - losses[other][fold]),
    testShare,
    0,
  );
  if (excess.better < certainty.certainty) return null;
  return { other, model: meanOfFolds(losses[other]), loss: meanOfFolds(best) };
}

/** Folds without a score are left out, as they are of comparisons. */
const meanOfFolds = (values: readonly number[]) => meanOf(values.filter((each) => Number.isFinite(each)));
