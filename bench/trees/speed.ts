// What one fit takes, ours and XGBoost's: CPU seconds and peak memory, each in a process of its own, in turns.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Random } from "../../packages/cli/src/random.ts";
import { median } from "../averages.ts";
import { type Python, runPython } from "../python.ts";

/** Tables of three sizes. */
export const sizes = [
  { rows: 4_000, columns: 19 },
  { rows: 40_000, columns: 30 },
  { rows: 1_000_000, columns: 30 },
] as const;

/** Rounds of boosting. */
export const fitRounds = 100;

/** What a child says of one fit. */
interface Fit {
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  /** With the table in memory, before the fit. */
  readonly startMegabytes: number;
  /** On the training rows, to see that both did the same work. */
  readonly logLoss: number;
}

/** Both on a table of one size. */
export interface SpeedResult {
  readonly rows: number;
  readonly columns: number;
  /** The median over the turns. */
  readonly ours: Fit;
  readonly xgboost: Fit;
  /** Ours divided by XGBoost's: the median over the turns of the ratio within a turn. */
  readonly cpuRatio: number;
  readonly turns: number;
}

/** Measures one size in turns. */
export function measureSpeed(python: Python, size: (typeof sizes)[number], turns: number, folder: string): SpeedResult {
  const { rows, columns } = size;
  const table = makeTable(folder, rows, columns);
  const child = fileURLToPath(new URL("speedChild.mjs", import.meta.url));
  const ours: Fit[] = [];
  const theirs: Fit[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const argv = [child, table, String(rows), String(columns), String(fitRounds)];
    ours.push(JSON.parse(execFileSync(process.execPath, argv, { encoding: "utf8" })) as Fit);
    theirs.push(runPython<Fit>(python, new URL("speedChild.py", import.meta.url), table, rows, columns, fitRounds));
  }
  const ratios = ours.map(({ cpuSeconds }, turn) => cpuSeconds / theirs[turn].cpuSeconds);
  return { ...size, ours: middle(ours), xgboost: middle(theirs), cpuRatio: median(ratios), turns };
}

function middle(fits: readonly Fit[]): Fit {
  const of = (what: keyof Fit) => median(fits.map((fit) => fit[what]));
  return {
    cpuSeconds: of("cpuSeconds"),
    peakMegabytes: of("peakMegabytes"),
    startMegabytes: of("startMegabytes"),
    logLoss: of("logLoss"),
  };
}

/** Writes a table where it is not there yet: float32 row by row, and labels in bytes that trees can partly tell. */
function makeTable(folder: string, rows: number, columns: number): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${rows}x${columns}`);
  if (existsSync(`${path}.labels`)) return path;
  const random = new Random(`table of ${rows} x ${columns}`);
  const values = new Float32Array(rows * columns);
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const at = row * columns;
    for (let column = 0; column < columns; column++) values[at + column] = random.normal();
    const [a, b, c, d, e] = values.subarray(at, at + 5);
    const logit = 1.5 * a * b + (c > 0.5 ? 1.5 : -0.5) + Math.abs(d) - 0.7 * e * e;
    labels[row] = Number(random.next() < 1 / (1 + Math.exp(-logit)));
  }
  writeFileSync(`${path}.values`, values);
  writeFileSync(`${path}.part`, labels);
  renameSync(`${path}.part`, `${path}.labels`);
  return path;
}
