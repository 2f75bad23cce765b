// The tool's trainer beside those of TF.js and jax-js: rows per CPU second of an epoch, on the same table.
import { existsSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { crossEntropy } from "surprisal";
import { TrainingHeap } from "../packages/cli/src/learning/heap.ts";
import { NetworkTrainer } from "../packages/cli/src/learning/network/network.ts";
import { makeObjective } from "../packages/cli/src/learning/objective.ts";
import { Random } from "../packages/cli/src/random.ts";
import { startChild } from "./contenders/child.ts";
import { temporary } from "./data.ts";
import { messageOf, type NotRun } from "./measure.ts";
import { type Effort, interleave, type Runner, type Samples, secondsOf } from "./rounds.ts";

const rows = 50_000;
const width = 30;
const hidden = 64;
const batch = 64;
const learningRate = 2e-3;

/** What was measured of the trainers. */
export interface TrainerReport {
  readonly setting: string;
  readonly trainers: readonly {
    readonly id: string;
    readonly name: string;
    readonly version: string;
    readonly rowsPerSecond: number;
    /** The mean loss of the last epoch: all have learned the same. */
    readonly loss: number;
  }[];
  readonly samples: Samples;
  readonly notRun: readonly NotRun[];
}

interface Trainer extends Runner {
  readonly name: string;
  readonly version: string;
  loss(): Promise<number>;
  close(): void;
}

/** Trains all side by side, an epoch each in turn. */
export async function measureTrainers(effort: Effort): Promise<TrainerReport> {
  const table = makeTable();
  const opened = await Promise.allSettled([openOurs(table), openPeer("tfjs", table), openPeer("jax", table)]);
  const trainers = opened.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const names = ["ours", "TF.js wasm", "jax-js"];
  const notRun = opened.flatMap((each, k): NotRun[] =>
    each.status === "rejected" ? [{ name: names[k], reason: messageOf(each.reason) }] : [],
  );
  for (const trainer of trainers) await trainer.time(2);
  const samples = await interleave(trainers, effort);
  const described = [];
  for (const { id, name, version, loss, close } of trainers) {
    const rowsPerSecond = Math.round(rows / secondsOf(samples, id));
    described.push({ id, name, version, rowsPerSecond, loss: Number((await loss()).toFixed(4)) });
    close();
  }
  const setting = `${rows} × ${width} rows, ${hidden} hidden units, batch ${batch}, Adam, sigmoid cross entropy`;
  return { setting, trainers: described, samples, notRun };
}

interface Table {
  readonly values: Float32Array;
  readonly labels: Int32Array;
}

/** Normal numbers; labels from a random linear rule with noise, one in seven positive. */
function makeTable(): Table {
  const random = new Random("bench");
  const rule = Float64Array.from({ length: width }, () => random.normal());
  const values = Float32Array.from({ length: rows * width }, () => random.normal());
  const labels = Int32Array.from({ length: rows }, (_, n) => {
    const score = rule.reduce((sum, weight, i) => sum + weight * values[n * width + i], 0);
    return Number(score + 3 * random.normal() > Math.sqrt(width));
  });
  return { values, labels };
}

async function openOurs({ values, labels }: Table): Promise<Trainer> {
  const objective = makeObjective({ loss: crossEntropy(), activation: "sigmoid", outputs: 1, labels });
  const settings = { hidden: [hidden], l2: 0, learningRate, batch, seed: 1 };
  const trainer = new NetworkTrainer(new TrainingHeap(), { rows, width, values }, objective, settings);
  let loss = Number.NaN;
  return {
    id: "ours",
    name: "surprisal-cli",
    version: "",
    async time(repeats) {
      const before = process.cpuUsage();
      for (let k = 0; k < repeats; k++) loss = trainer.epoch();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1e6 / repeats;
    },
    loss: async () => loss,
    close() {},
  };
}

async function openPeer(id: "tfjs" | "jax", { values, labels }: Table): Promise<Trainer> {
  const [module, name] = { tfjs: ["@tensorflow/tfjs", "TF.js wasm"], jax: ["@jax-js/jax", "jax-js"] }[id];
  if (!existsSync(fileURLToPath(new URL(`node_modules/${module}`, import.meta.url)))) {
    throw new Error("not installed: npm install --prefix bench");
  }
  const script = fileURLToPath(new URL(`trainer/${id}Child.mjs`, import.meta.url));
  const child = await startChild({ command: process.execPath, arguments: [script] });
  const files = { x: temporary(`${id}-x`), y: temporary(`${id}-y`) };
  writeFileSync(files.x, values);
  writeFileSync(files.y, Float32Array.from(labels));
  await child.ask(`prepare ${rows} ${width} ${hidden} ${batch} ${learningRate} ${files.x} ${files.y}`);
  return {
    id,
    name,
    version: child.version,
    time: async (repeats) => Number(await child.ask(`run epoch ${repeats}`)) / repeats,
    loss: async () => Number(await child.ask("result")),
    close: () => child.close(),
  };
}
