// A class with a handful of rows: a table on which careless Newton steps diverge, ours beside the trees of others.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepareComparison } from "../../packages/cli/src/comparison/prepare.ts";
import { Random } from "../../packages/cli/src/random.ts";
import { runFold } from "../../packages/cli/src/selection/fold.ts";
import { type Python, runPython } from "../python.ts";
import { plainOptions } from "../tool/runs.ts";

/** Rows of each of the seven classes; 43,500 in all. */
export const classRows = [34_110, 6_750, 2_450, 137, 37, 10, 6] as const;
const columns = 9;

/** The log loss on a fifth of the rows, by learner. */
export interface RareClasses {
  readonly rows: readonly number[];
  /** Of the class shares of the training rows. */
  readonly prior: number;
  readonly ours: number;
  readonly cpuSeconds: number;
  /** Leaves and rounds that the inner split chose. */
  readonly leaves: number | null;
  readonly peers: Readonly<Record<string, number>>;
}

/** Runs all on the same rows. */
export async function measureRareClasses(python: Python, folder: string): Promise<RareClasses> {
  mkdirSync(folder, { recursive: true });
  const { table, folds } = makeRareTable(folder, classRows);
  const options = {
    ...plainOptions,
    table,
    targets: ["kind"],
    models: ["trees"],
    foldsFile: folds,
    foldCount: 5,
  } as const;
  const [study] = await prepareComparison({ ...options, losses: ["ce"], pace: "default" });
  const before = process.cpuUsage();
  const { families, leaves, prior } = runFold(study, { repeat: 0, fold: 0 });
  const { user, system } = process.cpuUsage(before);
  return {
    rows: classRows,
    prior: prior.logLoss,
    ours: families[0].undone.logLoss,
    cpuSeconds: (user + system) / 1e6,
    leaves,
    peers: runPython<Record<string, number>>(python, new URL("rare.py", import.meta.url), table, folds),
  };
}

/** Writes a table of nearly separable classes of these sizes, and a fold of each row. */
export function makeRareTable(folder: string, sizes: readonly number[]): { table: string; folds: string } {
  const random = new Random("rare classes");
  const centres = sizes.map(() => Array.from({ length: columns }, () => Math.round(12 * random.normal())));
  const rows = sizes.flatMap((size, kind) =>
    Array.from({ length: size }, (_, k) => {
      // Whole numbers, as sensors write them; a row in 2,000 looks like one of another class.
      const centre = centres[random.next() < 1 / 2000 ? random.integer(sizes.length) : kind];
      const cells = centre.map((middle, column) => Math.round(middle + (2 + column) * random.normal()));
      return { text: `${cells.join(",")},k${kind}`, fold: k % 5 };
    }),
  );
  const order = random.shuffle(Int32Array.from(rows.keys()));
  const names = Array.from({ length: columns }, (_, column) => `x${column}`);
  const table = join(folder, "rare.csv");
  const folds = join(folder, "rare-folds.csv");
  writeFileSync(table, `${names.join(",")},kind\n${Array.from(order, (row) => rows[row].text).join("\n")}\n`);
  writeFileSync(folds, `seed0\n${Array.from(order, (row) => rows[row].fold).join("\n")}\n`);
  return { table, folds };
}
