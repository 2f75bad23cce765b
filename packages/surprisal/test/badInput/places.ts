// Every place of the public calls where a value of the wrong type may stand, and such values.
import {
  activate,
  activateGradient,
  balancedAccuracyThreshold,
  binaryAlpha,
  classWeights,
  costThreshold,
  decide,
  defineLoss,
  evaluate,
  f1Threshold,
  focal,
  gradientCheck,
  logitAdjustment,
  precisionThreshold,
  recallThreshold,
  topThreshold,
  trueProbabilities,
} from "../../src/index.ts";
import { networkKernels } from "../../src/network.ts";
import { treeKernels } from "../../src/trees.ts";
import { wasm } from "../../src/wasm.ts";
import {
  adam,
  addToRows,
  bestCuts,
  define,
  forward,
  gather,
  histogram,
  inSigmoid,
  inSoftmax,
  inSoftmaxOnly,
  logits,
  loss,
  partition,
  sigmoid,
  softmax,
  trees,
  truth,
} from "./calls.ts";

/** Values of every kind. */
export const junk: readonly unknown[] = [
  ...[null, Number.NaN, -1, 0, 0.5, 1, 1e300, Number.POSITIVE_INFINITY, 5n, "", "1", true, Symbol("s"), () => 0],
  ...[{}, { definition: {} }, [], [[]], [null], ["1"], new Array(3), [0, 0, 0], new Set([1]), new Date(0)],
  ...[
    new DataView(new ArrayBuffer(8)),
    new ArrayBuffer(8),
    new BigInt64Array(3),
    new Uint8Array(3),
    Object.create(null),
  ],
];

const layer = () => {
  const arrays = { input: wasm.float32(2), weights: wasm.float32(2), bias: wasm.float32(1), output: wasm.float32(1) };
  return { ...arrays, rows: 1, relu: false };
};
const batchParts = { logits, labels: [0, 2], classes: 3 };
const optionNames =
  "activation alpha exampleWeights ignoreLabel mask labelSmoothing logitAdjustment inputs reduction gradient curvature";
/** Every place of the public calls where a value of the wrong type may stand. */
export const places: Record<string, (value: never) => unknown> = {
  loss: (value) => evaluate(value, batchParts, inSoftmaxOnly),
  batch: (value) => evaluate(loss, value, inSoftmaxOnly),
  options: (value) => evaluate(loss, batchParts, value),
  parameters: (value) => focal(value),
  gamma: (value) => evaluate(focal({ gamma: value }), batchParts, inSoftmaxOnly),
  definition: (value) => defineLoss(value),
  ...Object.fromEntries(
    ["name", "formula", "negativeFormula", "parameters"].map((name) => [
      `definition.${name}`,
      (value: never) => define({ [name]: value }),
    ]),
  ),
  "parameters.gamma": (value) => define({ parameters: { gamma: value } }),
  ...Object.fromEntries(
    Object.keys(batchParts).flatMap((name) => [
      [`softmax ${name}`, (value: never) => softmax({ [name]: value })],
      [`sigmoid ${name}`, (value: never) => sigmoid({ [name]: value })],
    ]),
  ),
  ...Object.fromEntries(
    optionNames.split(" ").flatMap((name) => [
      [`softmax option ${name}`, (value: never) => softmax({}, { [name]: value })],
      [`sigmoid option ${name}`, (value: never) => sigmoid({}, { [name]: value })],
    ]),
  ),
  "activate logits": (value) => activate(value, inSoftmax),
  "activate options": (value) => activate([1, 2, 3], value),
  "activate classes": (value) => activate([1, 2, 3], { activation: "sigmoid", classes: value }),
  upstream: (value) => activateGradient([1, 2, 3], value, inSoftmax),
  "decide probabilities": (value) => decide(value, inSigmoid),
  "decide threshold": (value) => decide([0.5], { ...inSigmoid, threshold: value }),
  "decide softmax threshold": (value) => decide([0.5, 0.5], { activation: "softmax", classes: 2, threshold: value }),
  counts: (value) => [classWeights(value), binaryAlpha(value)],
  "classWeights options": (value) => classWeights([5, 1], value),
  "classWeights scheme": (value) => classWeights([5, 1], { scheme: value }),
  beta: (value) => classWeights([5, 1], { scheme: "effective-number", beta: value }),
  emptyClass: (value) => classWeights([5, 0], { emptyClass: value }),
  prior: (value) => [logitAdjustment(value), logitAdjustment(value, inSigmoid)],
  tau: (value) => logitAdjustment([0.5, 0.5], { tau: value }),
  costs: (value) => costThreshold(value),
  miss: (value) => costThreshold({ falseAlarm: 1, miss: value }),
  prevalence: (value) => balancedAccuracyThreshold(value),
  "f1Threshold probabilities": (value) => f1Threshold(value),
  "recallThreshold probabilities": (value) => recallThreshold(value, 0.5),
  recall: (value) => recallThreshold([0.5], value),
  precision: (value) => precisionThreshold([0.5], value),
  "top share": (value) => topThreshold([0.5], value),
  "weights of thresholds": (value) => f1Threshold([0.5], value),
  "trueProbabilities loss": (value) => truth({}, value),
  "trueProbabilities logits": (value) => truth({}, focal(), value),
  "trueProbabilities options": (value) => trueProbabilities(focal(), [1, 2, 3], value),
  "trueProbabilities alpha": (value) => [truth({ alpha: value }), truth({ alpha: value, activation: "sigmoid" })],
  "trueProbabilities adjustment": (value) => truth({ logitAdjustment: value }),
  "wasm.create options": (value) => wasm.create(value),
  threads: (value) => wasm.create({ threads: value }),
  "length on the heap": (value) => wasm.free(wasm.float32(value)),
  "back end of a network": (value) => networkKernels(value),
  "array to be freed": (value) => wasm.free(value),
  "arrays of a product": (value) => [forward(value), adam(value, value)],
  ...Object.fromEntries(
    ["input", "weights", "bias", "output", "rows"].map((name) => [
      `layer ${name}`,
      (value: never) => forward({ ...layer(), [name]: value }),
    ]),
  ),
  "gather matrix": (value) => gather(value, wasm.int32(1), wasm.float32(2)),
  "gather indices": (value) => gather(wasm.float32(2), value, wasm.float32(2)),
  "gather into": (value) => gather(wasm.float32(2), wasm.int32(1), value),
  "back end of trees": (value) => treeKernels(value),
  "arrays of trees": (value) => [
    trees.histogram(value),
    trees.subtract(value),
    trees.bestCuts(value),
    trees.partition(value),
    trees.addToRows(value),
  ],
  ...Object.fromEntries(
    ["bins", "starts", "gradient", "curvature", "outputs", "output", "rows", "into"].map((name) => [
      `histogram ${name}`,
      (value: never) => histogram({ [name]: value }),
    ]),
  ),
  "subtract from": (value) => trees.subtract({ from: value, other: wasm.float64(2) }),
  "subtract other": (value) => trees.subtract({ from: wasm.float64(2), other: value }),
  ...Object.fromEntries(
    ["bins", "width", "feature", "goesLeft", "rows"].map((name) => [
      `partition ${name}`,
      (value: never) => partition({ [name]: value }),
    ]),
  ),
  ...Object.fromEntries(
    ["logits", "outputs", "output", "rows", "value"].map((name) => [
      `addToRows ${name}`,
      (value: never) => addToRows({ [name]: value }),
    ]),
  ),
  ...Object.fromEntries(
    ["histogram", "starts", "features", "gradient", "curvature", "l2", "least", "into", "cuts"].map((name) => [
      `bestCuts ${name}`,
      (value: never) => bestCuts({ [name]: value }),
    ]),
  ),
  "gradientCheck loss": (value) => gradientCheck(value),
  "gradientCheck options": (value) => gradientCheck(loss, value),
};
