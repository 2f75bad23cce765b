// Wrong options of evaluate, and wrong weights of classes.
import { evaluate } from "../../src/index.ts";
import { logits, loss, type Row, sigmoid, softmax, wrong } from "./calls.ts";

/** Each with its message. */
export const optionRows: readonly Row[] = [
  // Options
  [
    "no options",
    () => evaluate(loss, { logits, labels: [0, 2] }, wrong(undefined)),
    'crossEntropy: the options are undefined, but an object such as { activation: "softmax" } or { activation: "sigmoid" } is expected',
  ],
  [
    "a string in place of the options",
    () => evaluate(loss, { logits, labels: [0, 2] }, wrong("softmax")),
    'crossEntropy: the options are "softmax", but an object such as { activation: "softmax" } or { activation: "sigmoid" } is expected',
  ],
  [
    "an option that is misspelt",
    () => softmax({}, { smoothing: 0.1 }),
    'crossEntropy: there is no option "smoothing"; the options are: activation, alpha, exampleWeights, ignoreLabel, mask, labelSmoothing, logitAdjustment, inputs, reduction, gradient, curvature, backend',
  ],
  [
    "a back end by its name",
    () => softmax({}, { backend: wrong("wasm") }),
    'crossEntropy: backend is "wasm", but a back end is expected, an object with run; leave it out for the reference',
  ],
  [
    "one array for gradient and curvature",
    () => {
      const both = new Float64Array(6);
      return softmax({}, { gradient: both, curvature: both });
    },
    "crossEntropy: gradient and curvature share memory, so one would overwrite the other; give two",
  ],
  [
    "no activation",
    () => softmax({}, { activation: undefined }),
    'crossEntropy: activation is undefined, but must be one of: "softmax", "sigmoid"',
  ],
  [
    "an activation that does not exist",
    () => softmax({}, { activation: "tanh" }),
    'crossEntropy: activation is "tanh", but must be one of: "softmax", "sigmoid"',
  ],
  [
    "a reduction that does not exist",
    () => softmax({}, { reduction: "avg" }),
    'crossEntropy: reduction is "avg", but must be one of: "mean", "sum", "none", "weighted-mean", "element-mean"',
  ],
  [
    "inputs that do not exist",
    () => softmax({}, { inputs: "probs" }),
    'crossEntropy: inputs is "probs", but must be one of: "logits", "probabilities", "log-probabilities"',
  ],
  [
    "element-mean under softmax",
    () => softmax({}, { reduction: "element-mean" }),
    'crossEntropy: reduction "element-mean" needs the activation "sigmoid"; for softmax take "mean"',
  ],
  [
    "a mask of another length",
    () => softmax({}, { mask: [1] }),
    "crossEntropy: mask has 1 value, but one per example is needed (2)",
  ],
  [
    "a mask of another length under sigmoid",
    () => sigmoid({}, { mask: [1, 0, 1] }),
    "crossEntropy: mask has 3 values, but one per example is needed (2), or one per logit (6)",
  ],
  [
    "ignoreLabel with probabilities as labels",
    () => softmax({ labels: [1, 0, 0, 0, 1, 0] }, { ignoreLabel: -1 }),
    "crossEntropy: ignoreLabel needs class indices, but labels are probabilities; take mask: 0 for the examples to be left out, 1 for the others",
  ],
  [
    "ignoreLabel as a string",
    () => softmax({}, { ignoreLabel: "none" }),
    'crossEntropy: ignoreLabel is "none", but an integer is expected, such as -1; leave it out to ignore nothing',
  ],
  [
    "ignoreLabel as a big integer",
    () => softmax({}, { ignoreLabel: -1n }),
    "crossEntropy: ignoreLabel is -1n, but an integer is expected, such as -1; leave it out to ignore nothing",
  ],
  [
    "labelSmoothing above 1",
    () => softmax({}, { labelSmoothing: 1.1 }),
    "crossEntropy: labelSmoothing is 1.1, but must be a number from 0 to 1",
  ],
  [
    "labelSmoothing as a string",
    () => softmax({}, { labelSmoothing: "0.1" }),
    'crossEntropy: labelSmoothing is "0.1", but must be a number from 0 to 1',
  ],
  [
    "a gradient array of another length",
    () => softmax({}, { gradient: new Float64Array(3) }),
    "crossEntropy: gradient has 3 values, but one per logit is needed (6)",
  ],
  [
    "a gradient array of another kind",
    () => softmax({}, { gradient: [0, 0, 0, 0, 0, 0] }),
    "crossEntropy: gradient is an Array, but true, a Float32Array or a Float64Array is expected",
  ],
  [
    "example weights of another length",
    () => softmax({}, { exampleWeights: [1] }),
    "crossEntropy: exampleWeights has 1 value, but one per example is needed (2)",
  ],
  [
    "example weights of another length under sigmoid",
    () => sigmoid({}, { exampleWeights: [1, 1, 1] }),
    "crossEntropy: exampleWeights has 3 values, but one per example is needed (2), or one per logit (6)",
  ],
  [
    "a negative example weight",
    () => softmax({}, { exampleWeights: [1, -1] }),
    "crossEntropy: exampleWeights[1] is -1, but a finite number >= 0 is expected",
  ],
  [
    "example weights as one number",
    () => softmax({}, { exampleWeights: 2 }),
    "crossEntropy: exampleWeights is 2, but an array of numbers is expected",
  ],
  [
    "a logit adjustment of another length",
    () => softmax({}, { logitAdjustment: [1, 2] }),
    "crossEntropy: logitAdjustment has 2 values, but one per class is needed (3)",
  ],
  [
    "a logit adjustment of -Infinity",
    () => softmax({}, { logitAdjustment: [0, -Infinity, 0] }),
    "crossEntropy: logitAdjustment[1] is -Infinity, but a finite number is expected",
  ],
  [
    "a logit adjustment null",
    () => softmax({}, { logitAdjustment: null }),
    "crossEntropy: logitAdjustment is null, but an array of numbers is expected",
  ],

  // Alpha
  [
    "one alpha for softmax",
    () => softmax({}, { alpha: 0.25 }),
    "crossEntropy: alpha is 0.25, but softmax needs a list with one weight per class (3), for example from classWeights(counts)",
  ],
  [
    "alpha as the name of a scheme",
    () => softmax({}, { alpha: "inverse" }),
    'crossEntropy: alpha is "inverse", but softmax needs a list with one weight per class (3), for example from classWeights(counts)',
  ],
  [
    "two alphas for three classes",
    () => softmax({}, { alpha: [1, 2] }),
    "crossEntropy: alpha has 2 values, but one per class is needed (3)",
  ],
  [
    "a negative alpha",
    () => softmax({}, { alpha: [1, 2, -3] }),
    "crossEntropy: alpha[2] is -3, but a finite number >= 0 is expected",
  ],
  [
    "a pair of weights for softmax",
    () => softmax({}, { alpha: { positive: 2, negative: 1 } }),
    'crossEntropy: alpha as { positive, negative } needs the activation "sigmoid"; softmax takes a list with one weight per class (3)',
  ],
  [
    "alpha above 1 under sigmoid",
    () => sigmoid({}, { alpha: 3 }),
    "crossEntropy: alpha is 3, but must be a number from 0 to 1: label 1 weighs alpha, label 0 weighs 1 - alpha; for other weights give { positive, negative }",
  ],
  [
    "alpha as a string under sigmoid",
    () => sigmoid({}, { alpha: "0.25" }),
    'crossEntropy: alpha is "0.25", but must be a number from 0 to 1: label 1 weighs alpha, label 0 weighs 1 - alpha; for other weights give { positive, negative }',
  ],
  [
    "one alpha of a list out of range",
    () => sigmoid({}, { alpha: [0.1, 0.2, 3] }),
    "crossEntropy: alpha[2] is 3, but must be a number from 0 to 1: label 1 weighs alpha, label 0 weighs 1 - alpha; for other weights give { positive, negative }",
  ],
  [
    "two alphas for three columns",
    () => sigmoid({}, { alpha: [0.1, 0.2] }),
    "crossEntropy: alpha has 2 values, but a plain number is needed, or a list with one per column (3)",
  ],
  [
    "half a pair of weights",
    () => sigmoid({}, { alpha: { positive: 3 } }),
    "crossEntropy: alpha.negative is undefined, but a finite number >= 0 is expected",
  ],
  [
    "a pair under other names",
    () => sigmoid({}, { alpha: { pos: 3, neg: 1 } }),
    'crossEntropy: alpha: there is no option "pos"; the options are: positive, negative',
  ],
  [
    "a pair of lists of another length",
    () => sigmoid({}, { alpha: { positive: [1, 2], negative: 1 } }),
    "crossEntropy: alpha.positive has 2 values, but one per column is needed (3)",
  ],
];
