// The first tree beside XGBoost's, node by node: the same feature, and the same rows on either side.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { crossEntropy } from "surprisal";
import { prepareComparison } from "../../packages/cli/src/comparison/prepare.ts";
import { engineNamed } from "../../packages/cli/src/learning/engines.ts";
import { TrainingHeap } from "../../packages/cli/src/learning/heap.ts";
import { makeObjective } from "../../packages/cli/src/learning/objective.ts";
import { Booster } from "../../packages/cli/src/learning/trees/booster.ts";
import type { Trees } from "../../packages/cli/src/learning/trees/trees.ts";
import { makeSplit } from "../../packages/cli/src/selection/split.ts";
import { allPositions } from "../../packages/cli/src/task/positions.ts";
import { labelsOf } from "../../packages/cli/src/task/task.ts";
import { type Python, runPython } from "../python.ts";
import { readPeers } from "../tool/peers.ts";
import { optionsFor } from "../tool/runs.ts";

/** A node of XGBoost's: a question, or the value of a leaf. */
type TheirNode =
  | { readonly leaf: number }
  | { readonly split: number; readonly below: number; readonly left: TheirNode; readonly right: TheirNode };

/** What came of walking through two trees at once. */
export interface FirstTree {
  readonly table: string;
  readonly positive: string;
  readonly rows: number;
  readonly columns: number;
  /** Nodes that ask the same of the same rows. */
  readonly splits: number;
  readonly leaves: number;
  /** Where they part, in words; null where they are equal. */
  readonly difference: string | null;
  /** The largest difference of the values of two leaves. */
  readonly largest: number;
}

/** Of the numeric tables those with at most 255 values in a column, so that no choice of bins comes in between. */
export const firstTables = [
  { name: "wine", positive: "c1" },
  { name: "digits", positive: "8" },
] as const;

/** Grows both first trees on all rows of a table and compares them. */
export async function compareFirstTrees(
  python: Python,
  { name, positive }: (typeof firstTables)[number],
  folders: { readonly data: string; readonly scratch: string },
): Promise<FirstTree> {
  const table = readPeers(folders.data).tables.find((each) => each.name === name);
  if (table === undefined) throw new Error(`${folders.data} has no table "${name}"`);
  const [{ task }] = await prepareComparison(optionsFor(folders.data, table, "trees"));
  const all = allPositions(task.target);
  const { training } = makeSplit(task, { train: all, held: all, engine: engineNamed("trees") });
  const { rows, width, values } = training;
  const wanted = task.target.classes.indexOf(positive);
  const labels = labelsOf(task.target, all).map((label) => Number(label === wanted));
  const path = join(folders.scratch, `first-${name}`);
  writeFileSync(`${path}.values`, values);
  writeFileSync(`${path}.labels`, Uint8Array.from(labels));
  const theirs = runPython<TheirNode>(python, new URL("first.py", import.meta.url), path, rows, width);
  const objective = makeObjective({ loss: crossEntropy(), activation: "sigmoid", outputs: 1, labels });
  const shape = { leaves: 64, depth: 6, l2: 1, minCurvature: 1, rowShare: 1, featureShare: 1 };
  const booster = new Booster(new TrainingHeap(), training, objective, { ...shape, rate: 0.3, seed: 0 });
  booster.round();
  const found = { splits: 0, leaves: 0, difference: null as string | null, largest: 0 };
  walk({ model: booster.model(), values, width, found }, 0, theirs, Array.from(labels.keys()));
  return { table: name, positive, rows, columns: width, ...found };
}

interface Walk {
  readonly model: Trees;
  readonly values: Float32Array;
  readonly width: number;
  readonly found: { splits: number; leaves: number; difference: string | null; largest: number };
}

function walk(of: Walk, node: number, their: TheirNode, rows: readonly number[]): void {
  const { model, values, width, found } = of;
  const feature = model.feature[node];
  if ("leaf" in their || feature === -1) {
    if ("leaf" in their !== (feature === -1)) found.difference ??= `one splits ${rows.length} rows, the other does not`;
    else if ("leaf" in their) {
      found.leaves++;
      found.largest = Math.max(found.largest, Math.abs(their.leaf - model.value[node]));
    }
    return;
  }
  const goesLeft = rows.map((row) => values[row * width + feature] <= model.threshold[node]);
  // A float32 in decimals.
  const below = Math.fround(their.below);
  const theirLeft = rows.map((row) => values[row * width + their.split] < below);
  if (feature !== their.split || goesLeft.some((left, k) => left !== theirLeft[k])) {
    found.difference ??= `of ${rows.length} rows ours asks column ${feature}, XGBoost column ${their.split}`;
    return;
  }
  found.splits++;
  const part = (left: boolean) => rows.filter((_, k) => goesLeft[k] === left);
  walk(of, model.left[node], their.left, part(true));
  walk(of, model.right[node], their.right, part(false));
}
