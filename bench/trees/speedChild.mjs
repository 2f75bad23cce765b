// Fits our trees once on a table of raw numbers, with the built tool, and prints what it took. Run by speed.ts.
import { readFileSync } from "node:fs";
import { crossEntropy } from "surprisal";
import { TrainingHeap } from "../../packages/cli/dist/learning/heap.js";
import { makeObjective } from "../../packages/cli/dist/learning/objective.js";
import { Booster } from "../../packages/cli/dist/learning/trees/booster.js";
import { predictTrees } from "../../packages/cli/dist/learning/trees/trees.js";

const [path, rowsText, columnsText, roundsText] = process.argv.slice(2);
const [rows, width, rounds] = [rowsText, columnsText, roundsText].map(Number);
const { buffer } = readFileSync(`${path}.values`);
const features = { rows, width, values: new Float32Array(buffer, 0, rows * width) };
const labels = Int32Array.from(readFileSync(`${path}.labels`));
// As XGBoost's defaults, at the depth of the measurement.
const shape = { leaves: 64, depth: 6, l2: 1, minCurvature: 1, rowShare: 1, featureShare: 1 };
const startMegabytes = process.memoryUsage.rss() / 2 ** 20;

const before = process.cpuUsage();
const loss = crossEntropy();
const objective = makeObjective({ loss, activation: "sigmoid", outputs: 1, labels });
const booster = new Booster(new TrainingHeap(), features, objective, { ...shape, rate: 0.3, seed: 0 });
for (let round = 0; round < rounds; round++) booster.round();
const model = booster.model();
const { user, system } = process.cpuUsage(before);
const peakMegabytes = process.resourceUsage().maxRSS / 1024;

const logits = predictTrees(model, features);
const sum = labels.reduce(
  (total, label, row) => total + Math.log1p(Math.exp(label === 1 ? -logits[row] : logits[row])),
  0,
);
console.log(JSON.stringify({ cpuSeconds: (user + system) / 1e6, peakMegabytes, startMegabytes, logLoss: sum / rows }));
