// Four losses on a real table: what each makes of the same logistic regression, as it is shown and after the undo.
//
//     npm start        (or, once built: npx tsx examples/churn.ts)
import { readFileSync } from "node:fs";
import {
  activate,
  balancedAccuracyThreshold,
  binaryAlpha,
  crossEntropy,
  evaluate,
  focal,
  type Loss,
  trueProbabilities,
} from "surprisal";

// ---- the table: numbers as they are, yes/no as 1/0, the three area codes as two columns; 51 states are left out ----

const [header, ...lines] = readFileSync(new URL("data/churn.csv", import.meta.url), "utf8")
  .trim()
  .split("\n");
const names = header.split(",");
const rows = lines.map((line) => line.split(","));

function columns(name: string, k: number): number[][] {
  const texts = rows.map((row) => row[k]);
  if (name === "state" || name === "churn") return [];
  if (name === "area_code") return ["408", "510"].map((code) => texts.map((text) => Number(text.endsWith(code))));
  return [texts.map((text) => (text === "yes" ? 1 : text === "no" ? 0 : Number(text)))];
}

const features = names.flatMap(columns).map((column) => {
  const mean = column.reduce((sum, x) => sum + x, 0) / column.length;
  const deviation = Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / column.length);
  return column.map((x) => (x - mean) / deviation);
});
const table = rows.map((_, n) => [1, ...features.map((column) => column[n])]); // the leading 1 carries the bias
const churned = rows.map((row) => Number(row.at(-1) === "yes"));

// ---- a stratified split: of the customers who left, and of those who stayed, 70 % for training ----

let seed = 2026;
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};
const order = rows.map((_, n) => ({ n, key: random() })).sort((a, b) => a.key - b.key);
const [train, test] = [true, false].map((first) =>
  [0, 1].flatMap((label) => {
    const group = order.filter(({ n }) => churned[n] === label).map(({ n }) => n);
    const cut = Math.round(0.7 * group.length);
    return first ? group.slice(0, cut) : group.slice(cut);
  }),
);
const labelsOf = (part: readonly number[]) => part.map((n) => churned[n]);

// ---- training: Newton's method with halved steps; loss, slope and curvature per logit come from evaluate ----

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, k) => sum + x * b[k], 0);
const ridge = 1e-3;

function trained(loss: Loss, alpha: number | undefined): number[] {
  const inputs = train.map((n) => table[n]);
  const labels = labelsOf(train);
  const at = (weights: readonly number[]) => {
    const logits = inputs.map((x) => dot(x, weights));
    const result = evaluate(
      loss,
      { logits, labels },
      { activation: "sigmoid", alpha, gradient: true, curvature: true },
    );
    return { ...result, total: result.loss + (ridge / 2) * dot(weights, weights) };
  };
  let weights: number[] = table[0].map(() => 0);
  for (let step = 0; step < 100; step++) {
    const { total, gradient, curvature } = at(weights);
    const slope = weights.map((w) => ridge * w);
    const hessian = weights.map((_, i) => weights.map((_, j) => (i === j ? ridge : 0)));
    inputs.forEach((x, n) => {
      for (let i = 0; i < x.length; i++) {
        slope[i] += gradient[n] * x[i];
        // Focal is not convex everywhere; the magnitude of its curvature keeps each step downhill.
        for (let j = 0; j < x.length; j++) hessian[i][j] += Math.abs(curvature[n]) * x[i] * x[j];
      }
    });
    const direction = solve(hessian, slope);
    let length = 1;
    const next = () => weights.map((w, k) => w - length * direction[k]);
    while (at(next()).total > total && length > 1e-6) length /= 2;
    weights = next();
    if (dot(direction, slope) < 1e-12) break;
  }
  return weights;
}

/** Solves the positive definite system A x = b by elimination. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const a = matrix.map((row, k) => [...row, right[k]]);
  const size = a.length;
  for (let k = 0; k < size; k++) {
    for (let i = k + 1; i < size; i++) {
      const factor = a[i][k] / a[k][k];
      for (let j = k; j <= size; j++) a[i][j] -= factor * a[k][j];
    }
  }
  const x: number[] = new Array(size).fill(0);
  for (let k = size - 1; k >= 0; k--) x[k] = (a[k][size] - dot(a[k].slice(0, size), x)) / a[k][k];
  return x;
}

// ---- four losses, four numbers each, on the customers that were held back ----

const labels = labelsOf(test);

function logLoss(p: Float64Array): number {
  return evaluate(crossEntropy(), { logits: p, labels }, { activation: "sigmoid", inputs: "probabilities" }).loss;
}

/** The mean of the share of leavers who are found and the share of stayers who are left alone. */
function balancedAccuracy(p: Float64Array, threshold: number): number {
  const share = (label: number) => {
    const group = [...p].filter((_, n) => labels[n] === label);
    return group.filter((each) => Number(each >= threshold) === label).length / group.length;
  };
  return (share(0) + share(1)) / 2;
}

const leavers = labelsOf(train).reduce((sum, label) => sum + label, 0);
const balanced = binaryAlpha([train.length - leavers, leavers]);
const byFormula = balancedAccuracyThreshold(leavers / train.length);
const results = [
  { name: "cross entropy", loss: crossEntropy(), alpha: undefined },
  { name: "balanced cross entropy", loss: crossEntropy(), alpha: balanced },
  { name: "focal, gamma 2", loss: focal({ gamma: 2 }), alpha: undefined },
  { name: "balanced focal", loss: focal({ gamma: 2 }), alpha: balanced },
].map(({ name, loss, alpha }) => {
  const weights = trained(loss, alpha);
  const logits = test.map((n) => dot(table[n], weights));
  const shown = activate(logits, { activation: "sigmoid" });
  const undone = trueProbabilities(loss, logits, { activation: "sigmoid", alpha });
  return {
    name,
    shownLoss: logLoss(shown),
    undoneLoss: logLoss(undone),
    atHalf: balancedAccuracy(shown, 0.5),
    atFormula: balancedAccuracy(undone, byFormula),
  };
});

const cells = (row: (typeof results)[number]) => [row.shownLoss, row.undoneLoss, row.atHalf, row.atFormula];
console.log(`churn.csv: ${rows.length} customers, ${((100 * leavers) / train.length).toFixed(1)} % left; trained on
${train.length} with ${features.length} columns, measured on the other ${test.length}

                               log loss            balanced accuracy
                            shown    undone    shown at .5    undone at ${byFormula.toFixed(3).slice(1)}`);
for (const row of results) {
  const [a, b, c, d] = cells(row).map((x) => x.toFixed(3));
  console.log(`${row.name.padEnd(26)}${a.padStart(7)}${b.padStart(10)}${c.padStart(15)}${d.padStart(17)}`);
}

const range = (pick: (row: (typeof results)[number]) => number) => {
  const values = results.map(pick);
  return `${Math.min(...values).toFixed(3)} to ${Math.max(...values).toFixed(3)}`;
};
console.log(`
What looks like four models (balanced accuracy ${range((row) => row.atHalf)}, log loss
${range((row) => row.shownLoss)}) is nearly one: once each loss is undone and the threshold
is the share of leavers, they lie at ${range((row) => row.atFormula)} and ${range((row) => row.undoneLoss)}.`);
