// Choices inside the booster measured one against the other: the built tool is copied, and one constant is changed.
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Loss, trueProbabilities } from "surprisal";
import { mean } from "../averages.ts";
import { type PublicTable, readPeers } from "../tool/peers.ts";
import { optionsFor } from "../tool/runs.ts";

/** A change of the built booster. */
export interface Variant {
  readonly name: string;
  readonly changes: readonly { readonly file: string; readonly from: string; readonly to: string }[];
}

const split = "learning/trees/split.js";
const slopes = "learning/trees/slopes.js";
const floor = "Math.max(curvature[k] * bend, leastCurvature * weight)";

const enoughPerLevel = /const enoughPerLevel = ([\d.]+);/;
const nameOf = (enough: number) =>
  enough === Number.POSITIVE_INFINITY ? "codes" : enough === 0 ? "groups" : `groups from ${enough} on`;

/**
 * From how much curvature per level on levels are grouped by their slopes; without end: never, codes in their order.
 */
export const treatments: readonly Variant[] = [0, 2, 5, 10, 15, 20, 30, Number.POSITIVE_INFINITY].map((enough) => ({
  name: nameOf(enough),
  changes: [{ file: split, from: enoughPerLevel.source, to: `const enoughPerLevel = ${enough};` }],
}));

/** The treatment that the tool has. */
export function usedTreatment(): string {
  const found = enoughPerLevel.exec(readFileSync(join(built, split), "utf8"));
  return nameOf(Number(found?.[1]));
}

const exact = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const floored = (name: string, to: string): Variant => ({ name, changes: [{ file: slopes, from: exact(floor), to }] });

/** What is done with the curvature of a loss that bends down in places. */
export const floors: readonly Variant[] = [
  { name: "as it is", changes: [] },
  {
    name: "not divided by the loss's own",
    changes: [{ file: slopes, from: exact("const scale = 1 / this.#unit;"), to: "const scale = 1;" }],
  },
  floored("floor 0", "Math.max(curvature[k] * bend, 1e-16 * weight)"),
  floored("floor .01", "Math.max(curvature[k] * bend, 0.01 * weight)"),
  floored("floor .05", "Math.max(curvature[k] * bend, 0.05 * weight)"),
  floored("its size", "Math.max(Math.abs(curvature[k] * bend), leastCurvature * weight)"),
];

/** A loss, with the rounds and leaves that are tried. */
export interface Trial {
  readonly loss: {
    readonly loss: string;
    readonly parameters: Readonly<Record<string, number>>;
    readonly weighting: "none";
  };
  readonly leaves: readonly { readonly count: number; readonly rounds: number }[];
}

const rate = 0.05;
const shape = { depth: 30, l2: 1, minCurvature: 1, rowShare: 0.8, featureShare: 0.6, rate, seed: 0 };
const step = 10;
const built = fileURLToPath(new URL("../../packages/cli/dist/", import.meta.url));
const copies = fileURLToPath(new URL("../../node_modules/.cache/surprisal-variants/", import.meta.url));

/**
 * The lowest mean log loss over the five folds, at the best number of rounds and leaves.
 *
 * These are chosen on the tested rows, which flatters each variant alike: what is compared are treatments, not tools.
 */
export async function measureVariant(variant: Variant, folder: string, name: string, trial: Trial): Promise<number> {
  const at = copyOf(variant);
  const tool = await toolAt(at);
  const table = readPeers(folder).tables.find((each) => each.name === name) as PublicTable;
  const [{ task, folds }] = await tool.prepareComparison(optionsFor(folder, table, "trees"));
  const heap = new tool.TrainingHeap();
  const loss = tool.lossOf(trial.loss) as Loss;
  const curves = trial.leaves.map(({ count, rounds }) => {
    const perFold = Array.from({ length: folds.count }, (_, fold) => {
      const { train, test } = tool.sidesOf(folds, 0, fold, tool.allPositions(task.target));
      const split = tool.makeWatchedSplit(task, { train, held: test, engine: tool.engineNamed("trees") });
      const { objective } = tool.prepare(split, trial.loss);
      const booster = new tool.Booster(heap, split.training, objective, {
        ...shape,
        leaves: count,
        watched: split.held,
      });
      const { activation, outputs: classes } = split.target;
      const curve: number[] = [];
      for (let round = 1; round <= rounds; round++) {
        booster.round();
        if (round % step !== 0) continue;
        const undone = trueProbabilities(loss, booster.watched, { activation, classes });
        curve.push(tool.logLoss(split.target, split.heldLabels, undone, null));
      }
      booster.free();
      return curve;
    });
    return perFold[0].map((_, k) => mean(perFold.map((curve) => curve[k])));
  });
  rmSync(at, { recursive: true });
  return Math.min(...curves.flat());
}

/** A copy of the built tool in which each change was made, once. */
function copyOf({ name, changes }: Variant): string {
  const at = join(copies, `${name.replaceAll(/\W+/g, "-")}-${process.pid}-${++made}`);
  cpSync(built, at, { recursive: true });
  for (const { file, from, to } of changes) {
    const text = readFileSync(join(at, file), "utf8");
    if (text.match(new RegExp(from, "g"))?.length !== 1)
      throw new Error(`${file}: "${from}" does not stand there once`);
    writeFileSync(join(at, file), text.replace(new RegExp(from), to));
  }
  return at;
}
let made = 0;

/** The parts of a copy that are called; their types are those of the sources. */
async function toolAt(folder: string) {
  const part = async (file: string) => (await import(pathToFileURL(join(folder, file)).href)) as unknown;
  const parts = await Promise.all(
    [
      "comparison/prepare.js",
      "folds/assignment.js",
      "learning/engines.js",
      "learning/heap.js",
      "learning/trees/booster.js",
      "scores/scores.js",
      "selection/families.js",
      "selection/split.js",
      "task/positions.js",
    ].map(part),
  );
  return Object.assign({}, ...parts) as typeof import("../../packages/cli/src/comparison/prepare.ts") &
    typeof import("../../packages/cli/src/folds/assignment.ts") &
    typeof import("../../packages/cli/src/learning/engines.ts") &
    typeof import("../../packages/cli/src/learning/heap.ts") &
    typeof import("../../packages/cli/src/learning/trees/booster.ts") &
    typeof import("../../packages/cli/src/scores/scores.ts") &
    typeof import("../../packages/cli/src/selection/families.ts") &
    typeof import("../../packages/cli/src/selection/split.ts") &
    typeof import("../../packages/cli/src/task/positions.ts");
}
