// Our linear model on one public table in its five outer folds, with given strengths and inner folds, in a process of
// its own: CPU seconds and log losses.
//
// Run by linear.ts: node --import tsx linearChild.ts FOLDER TABLE < what linear.py printed
import { readFileSync } from "node:fs";
import { sidesOf } from "../../packages/cli/src/folds/assignment.ts";
import { Clock } from "../../packages/cli/src/learning/clock.ts";
import { engineNamed } from "../../packages/cli/src/learning/engines.ts";
import { meanOf } from "../../packages/cli/src/scores/statistics.ts";
import { crossEntropy } from "../../packages/cli/src/selection/families.ts";
import { refit } from "../../packages/cli/src/selection/refit.ts";
import {
  forecast,
  heldLogits,
  heldScores,
  makeSplit,
  makeWatchedSplit,
  prepare,
} from "../../packages/cli/src/selection/split.ts";
import { makeTrainee } from "../../packages/cli/src/selection/trainee.ts";
import { allPositions, positionsWhere } from "../../packages/cli/src/task/positions.ts";
import { readPeers } from "./peers.ts";
import { prepareTable } from "./runs.ts";

/** The inverse strengths of scikit-learn, from strong to weak. */
const inverseStrengths = Array.from({ length: 9 }, (_, k) => 10 ** (k - 4));

const [folder, name] = process.argv.slice(2);
const { inner } = JSON.parse(readFileSync(0, "utf8")) as { readonly inner: readonly (readonly number[])[] };
const table = readPeers(folder!).tables.find((each) => each.name === name)!;
const [{ plan, task, folds }] = await prepareTable(folder!, table, "linear");
const engine = engineNamed(plan.model);
const clock = new Clock();
const before = process.cpuUsage();
const logLosses = Array.from({ length: folds.count }, (_, fold) => {
  const { train, test } = sidesOf(folds, 0, fold, allPositions(task.target));
  if (train.length !== inner[fold]!.length) throw new Error(`${name}: not the rows that scikit-learn had`);
  const reference = [0, 1, 2, 3].map((k) => {
    const learnt = positionsWhere(train, (_, n) => inner[fold]![n] !== k);
    const held = positionsWhere(train, (_, n) => inner[fold]![n] === k);
    const split = makeWatchedSplit(task, { train: learnt, held, engine });
    return { split, prepared: prepare(split, crossEntropy) };
  });
  const pull = meanOf(reference.map(({ prepared }) => prepared.pull));
  const strengths = inverseStrengths.map((inverse) => 1 / (inverse * train.length * pull));
  const tried: { readonly score: number; readonly models: ReturnType<typeof makeTrainee>["best"]["models"] }[] = [];
  for (const strength of strengths) {
    const near = tried.at(-1)?.models;
    const trainee = makeTrainee(plan, reference, { strength, leaves: null, amount: train.length, near, clock });
    trainee.advance(1);
    tried.push(trainee.best);
    trainee.free();
  }
  const best = tried.reduce((a, b) => (b.score < a.score ? b : a));
  const strength = strengths[tried.indexOf(best)]!;
  const split = makeSplit(task, { train, held: test, engine });
  const prepared = prepare(split, crossEntropy);
  const model = refit(plan, { split, prepared }, { strength, leaves: null, epochs: 1 }, clock);
  const { undone } = forecast(task.target, prepared, heldLogits(split, model));
  for (const each of [split, ...reference.map((ready) => ready.split)]) each.free();
  return heldScores(split, undone).logLoss;
});
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ cpuSeconds: (user + system) / 1e6, logLosses }));
