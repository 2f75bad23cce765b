// Two learners that are equally good in truth: how often are they told apart, and how often is a planted difference
// found?

import { crossEntropy } from "surprisal";
import { TrainingHeap } from "../../packages/cli/src/learning/heap.ts";
import { makeObjective } from "../../packages/cli/src/learning/objective.ts";
import { Booster } from "../../packages/cli/src/learning/trees/booster.ts";
import { compareFolds } from "../../packages/cli/src/scores/statistics.ts";
import {
  type FoldLoss,
  foldDifferences,
  type SimulatedTable,
  simulateTable,
} from "../../packages/cli/test/simulation.ts";

/** What the tests said of many tables. */
export interface Alarms {
  readonly learner: string;
  readonly tables: number;
  readonly rows: number;
  /** How much more the challenger's features tell; 1 where both are equal. */
  readonly advantage: number;
  /** In how many tables the verdict's rule takes the challenger: better with 95 % certainty, and p at most .05. */
  readonly taken: number;
  /** In how many p is at most .05 by the corrected test, whichever is better. */
  readonly p: number;
  /** p at most .05 by the t-test that takes folds for independent. */
  readonly naive: number;
}

/** How many tables, of what size. */
export const alarmSizes = [
  { tables: 200, rows: 150, advantage: 1 },
  { tables: 30, rows: 300, advantage: 2 },
] as const;

const shape = { leaves: 4, depth: 30, l2: 1, minCurvature: 1, rowShare: 0.8, featureShare: 0.6, rate: 0.1, seed: 0 };
const rounds = 30;
export const treeWords = `boosted trees, ${shape.leaves} leaves, ${rounds} rounds at shrinkage ${shape.rate}`;

/** The learners that are compared with themselves. */
export function learners(): readonly { readonly name: string; readonly loss: FoldLoss | undefined }[] {
  const heap = new TrainingHeap();
  return [
    { name: "logistic regression", loss: undefined },
    { name: treeWords, loss: (...fold) => treeLoss(heap, ...fold) },
  ];
}

/** Tells what the tests say of tables of one kind. */
export function countAlarms(
  { name, loss }: ReturnType<typeof learners>[number],
  { tables, rows, advantage }: (typeof alarmSizes)[number],
): Alarms {
  const counts = { taken: 0, p: 0, naive: 0 };
  for (let table = 0; table < tables; table++) {
    const { differences, incumbent } = foldDifferences(simulateTable(`table ${table}`, rows, advantage), loss);
    const found = compareFolds(differences, 1 / 4, 0.01 * incumbent);
    counts.taken += Number(found.better >= 0.95 && found.p <= 0.05);
    counts.p += Number(found.p <= 0.05);
    counts.naive += Number(compareFolds(differences, 0, 0).p <= 0.05);
  }
  return { learner: name, tables, rows, advantage, ...counts };
}

function treeLoss(heap: TrainingHeap, view: Float64Array, table: SimulatedTable, folds: Int32Array, held: number) {
  const { width, target } = table;
  const of = (tests: boolean) => Array.from(folds.keys()).filter((row) => (folds[row] === held) === tests);
  // Without the constant in front, of which nothing can be asked.
  const featuresOf = (rows: readonly number[]) => ({
    rows: rows.length,
    width: width - 1,
    values: Float32Array.from(rows.flatMap((row) => [...view.subarray(row * width + 1, (row + 1) * width)])),
  });
  const [train, test] = [of(false), of(true)];
  const labels = Int32Array.from(train, (row) => target.labels[row]);
  const objective = makeObjective({ loss: crossEntropy(), activation: "sigmoid", outputs: 1, labels });
  const booster = new Booster(heap, featuresOf(train), objective, { ...shape, watched: featuresOf(test) });
  for (let round = 0; round < rounds; round++) booster.round();
  const sum = test.reduce((total, row, k) => {
    const logit = booster.watched[k];
    return total + Math.log1p(Math.exp(target.labels[row] === 1 ? -logit : logit));
  }, 0);
  booster.free();
  return sum / test.length;
}
