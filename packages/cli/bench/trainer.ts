// How fast the trainer is: rows per CPU second of an epoch, and the time of a linear fit. Run: npx tsx bench/trainer.ts
import { cpus } from "node:os";
import { crossEntropy, focal, type Loss } from "surprisal";
import { fitLinear } from "../src/linear.ts";
import type { TrainingSet } from "../src/model.ts";
import { NetworkTrainer } from "../src/network.ts";
import { makeObjective } from "../src/objective.ts";
import { Random } from "../src/random.ts";

/** Normal numbers, then one-hot categories of five levels each; labels from a random linear rule, one in seven positive. */
function simulated(rows: number, numbers: number, categories: number): { set: TrainingSet; labels: Int32Array } {
  const random = new Random("bench");
  const width = numbers + 5 * categories;
  const rule = Float64Array.from({ length: width }, () => random.normal());
  const values = new Float32Array(rows * width);
  const labels = new Int32Array(rows);
  for (let n = 0; n < rows; n++) {
    const row = values.subarray(n * width, (n + 1) * width);
    for (let i = 0; i < numbers; i++) row[i] = random.normal();
    for (let c = 0; c < categories; c++) row[numbers + 5 * c + random.integer(5)] = 1;
    const score = row.reduce((sum, value, i) => sum + value * rule[i], 0);
    labels[n] = Number(score + 3 * random.normal() > Math.sqrt(numbers + categories));
  }
  return { set: { rows, width, values }, labels };
}

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function epochs(name: string, loss: Loss, rows: number, numbers: number, categories: number, hidden: number[]): void {
  const { set, labels } = simulated(rows, numbers, categories);
  const objective = makeObjective({ loss, activation: "sigmoid", outputs: 1, labels });
  const settings = { hidden, l2: 1e-3, learningRate: 2e-3, batch: 64, seed: 1 };
  const trainer = new NetworkTrainer(set, objective, settings);
  trainer.epoch(); // warms up the compiler
  const seconds = [0, 1, 2, 3, 4].map(() => cpuSeconds(() => trainer.epoch())).sort((a, b) => a - b);
  const perSecond = (time: number) => Math.round(rows / time).toLocaleString("en-US");
  const shape = `${rows} x ${set.width}, hidden ${hidden.join(" + ")}`;
  console.log(
    `${name.padEnd(14)} ${shape.padEnd(28)} median ${perSecond(seconds[2])}, best ${perSecond(seconds[0])} rows per CPU second`,
  );
}

function linear(name: string, loss: Loss, l2: number): void {
  const { set, labels } = simulated(5000, 15, 11);
  const objective = makeObjective({ loss, activation: "sigmoid", outputs: 1, labels });
  fitLinear(set, objective, { l2 });
  let iterations = 0;
  const seconds = cpuSeconds(() => {
    iterations = fitLinear(set, objective, { l2 }).iterations;
  });
  console.log(
    `${name.padEnd(14)} 5000 x 70, l2 ${l2}: ${iterations} iterations of L-BFGS in ${(1000 * seconds).toFixed(0)} ms`,
  );
}

console.log(`node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}`);
epochs("cross entropy", crossEntropy(), 50_000, 30, 0, [64]);
epochs("focal, gamma 2", focal({ gamma: 2 }), 50_000, 30, 0, [64]);
epochs("cross entropy", crossEntropy(), 50_000, 30, 0, [64, 32]);
epochs("cross entropy", crossEntropy(), 5_000, 15, 11, [64]);
for (const l2 of [1e-1, 1e-3, 1e-5]) linear("cross entropy", crossEntropy(), l2);
linear("focal, gamma 2", focal({ gamma: 2 }), 1e-3);
