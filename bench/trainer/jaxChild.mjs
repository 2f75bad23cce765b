// The network in jax-js with its WASM back end: the whole step, with Adam, is one jitted function.
import { readFileSync } from "node:fs";
import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { initialWeights, serve } from "./serve.mjs";

await init("wasm");
defaultDevice("wasm");
const manifest = new URL("../node_modules/@jax-js/jax/package.json", import.meta.url);

// Every use of an array uses it up; `.ref` keeps it for one more use.
function lossOf([w1, b1, w2, b2], x, y) {
  const hidden = nn.relu(np.add(np.matmul(x, w1), b1));
  const logits = np.add(np.matmul(hidden, w2), b2);
  return np.mean(np.subtract(nn.softplus(logits.ref), np.multiply(logits, y)));
}

/** `rate` has the correction of the moments' start inside. */
function adamStep(weights, first, second, rate, x, y) {
  const [loss, slopes] = valueAndGrad(lossOf)(tree.ref(weights), x, y);
  const m = slopes.map((slope, k) => np.add(np.multiply(first[k], 0.9), np.multiply(slope.ref, 0.1)));
  const v = slopes.map((slope, k) => np.add(np.multiply(second[k], 0.999), np.multiply(np.square(slope), 0.001)));
  const next = weights.map((weight, k) => {
    const change = np.divide(np.multiply(rate.ref, m[k].ref), np.add(np.sqrt(v[k].ref), 1e-8));
    return np.subtract(weight, change);
  });
  rate.dispose();
  return [loss, next, m, v];
}

await serve(JSON.parse(readFileSync(manifest, "utf8")).version, ({ width, hidden, learningRate }) => {
  const step = jit(adamStep);
  const start = initialWeights(width, hidden);
  let weights = start.map(({ values, shape }) => np.array(values, { shape }));
  let first = start.map(({ shape }) => np.zeros(shape));
  let second = start.map(({ shape }) => np.zeros(shape));
  let steps = 0;
  return (inputs, labels, batch) => {
    steps++;
    const rate = (learningRate * Math.sqrt(1 - 0.999 ** steps)) / (1 - 0.9 ** steps);
    const x = np.array(inputs, { shape: [batch, width] });
    const y = np.array(labels, { shape: [batch, 1] });
    let loss;
    [loss, weights, first, second] = step(weights, first, second, np.array(rate), x, y);
    return loss.item();
  };
});
