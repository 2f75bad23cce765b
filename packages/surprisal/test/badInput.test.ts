// Wrong calls and their exact messages: each names the place, what was found, what was expected and the way out.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { decisionTexts, heapTexts, shown, texts } from "../src/errors.ts";
import {
  activate,
  activateGradient,
  asymmetric,
  balancedAccuracyThreshold,
  binaryAlpha,
  classWeights,
  costThreshold,
  crossEntropy,
  decide,
  defineLoss,
  evaluate,
  f1Threshold,
  focal,
  generalizedCrossEntropy,
  gradientCheck,
  InputError,
  type LossDefinition,
  logActivate,
  logitAdjustment,
  precisionThreshold,
  recallThreshold,
  reference,
  topThreshold,
  trueProbabilities,
} from "../src/index.ts";
import { networkKernels } from "../src/network.ts";
import { wasm } from "../src/wasm.ts";

/** A value that the compiler would refuse, as it comes from plain JavaScript. */
const wrong = <T = never>(value: unknown) => value as T;

/** An array that a caller owns; no wrong call may write into it. */
const owned = new Float64Array(6);
beforeEach(() => {
  owned.fill(7);
});

const logits = new Float64Array([1, 2, 3, 4, 5, 6]);
const loss = crossEntropy();
const { adam, gather, layer: forward } = networkKernels(wasm);
/** Memory of the engine's own. */
const memoryOf = () => {
  const { Memory } = Reflect.get(globalThis, "WebAssembly") as { Memory: new (options: object) => object };
  return new Memory({ initial: 1 });
};
/** Two examples of three classes; what is wrong with them comes as an argument. */
const softmax = (batch: object, options: object = {}) =>
  evaluate(
    loss,
    { logits, labels: [0, 2], classes: 3, ...batch },
    { activation: "softmax", gradient: owned, ...options },
  );
/** Two examples of three label columns. */
const sigmoid = (batch: object, options: object = {}) =>
  evaluate(
    loss,
    { logits, labels: [0, 1, 0, 1, 1, 0], classes: 3, ...batch },
    { activation: "sigmoid", gradient: owned, ...options },
  );
const define = (definition: object) =>
  defineLoss(wrong<LossDefinition>({ name: "mine", formula: crossEntropy.definition.formula, ...definition }));
const inSoftmax = { activation: "softmax", classes: 3 } as const;
const inSoftmaxOnly = { activation: "softmax" } as const;
const inSigmoid = { activation: "sigmoid" } as const;
/** A loss without any slope. */
const flat = defineLoss({ name: "flat", formula: ({ mul }, { pt }) => mul(0, mul(0, pt)) });
const truth = (options: object, of = focal(), z: readonly number[] = [1, 2, 3]) =>
  trueProbabilities(of, z, { ...inSoftmax, ...options });

type Row = readonly [name: string, call: () => unknown, message: string];

const rows: readonly Row[] = [
  // The loss
  [
    "a loss that was not called",
    () => evaluate(wrong(focal), { logits, labels: [0, 2] }, inSoftmax),
    "evaluate: the loss is a function that makes losses; call it: focal()",
  ],
  [
    "a loss by its name",
    () => evaluate(wrong("focal"), { logits, labels: [0, 2] }, inSoftmax),
    'evaluate: the loss is "focal", but a loss is expected, such as crossEntropy() or focal({ gamma: 2 })',
  ],
  [
    "no loss at all",
    () => evaluate(wrong(undefined), { logits, labels: [0, 2] }, inSoftmax),
    "evaluate: the loss is undefined, but a loss is expected, such as crossEntropy() or focal({ gamma: 2 })",
  ],
  [
    "a definition in place of a loss",
    () => evaluate(wrong(focal.definition), { logits, labels: [0, 2] }, inSoftmax),
    "evaluate: the loss is an Object, but a loss is expected, such as crossEntropy() or focal({ gamma: 2 })",
  ],
  [
    "an object that only looks like a loss",
    () => evaluate(wrong({ definition: null }), { logits, labels: [0, 2] }, inSoftmax),
    "evaluate: the loss is an Object, but a loss is expected, such as crossEntropy() or focal({ gamma: 2 })",
  ],
  [
    "gradientCheck of a loss that was not called",
    () => gradientCheck(wrong(focal)),
    "gradientCheck: the loss is a function that makes losses; call it: focal()",
  ],
  [
    "gradientCheck with a tolerance that is no number",
    () => gradientCheck(loss, { tolerance: Number.NaN }),
    "gradientCheck: tolerance is NaN, but a number of more than 0 is expected",
  ],
  [
    "gradientCheck with options null",
    () => gradientCheck(loss, wrong(null)),
    "gradientCheck: the options are null, but an object such as { tolerance: 1e-6 } is expected",
  ],
  [
    "trueProbabilities of nothing",
    () => trueProbabilities(wrong(null), [1, 2], inSoftmax),
    "trueProbabilities: the loss is null, but a loss is expected, such as crossEntropy() or focal({ gamma: 2 })",
  ],

  // The parameters of a loss
  [
    "a number in place of parameters",
    () => focal(wrong(2)),
    "focal: the parameters are 2, but an object is expected, such as { gamma: 1 }",
  ],
  [
    "a list in place of parameters",
    () => focal(wrong([2])),
    "focal: the parameters are an Array, but an object is expected, such as { gamma: 1 }",
  ],
  [
    "null in place of the parameters of a loss without any",
    () => crossEntropy(wrong(null)),
    "crossEntropy: the parameters are null, but an object is expected",
  ],
  [
    "a parameter that is misspelt",
    () => focal(wrong({ gama: 2 })),
    'focal: there is no parameter "gama"; the parameters are: gamma',
  ],
  [
    "a parameter named like a method of objects",
    () => focal(wrong({ toString: 2 })),
    'focal: there is no parameter "toString"; the parameters are: gamma',
  ],
  [
    "a parameter of a loss without any",
    () => crossEntropy(wrong({ gamma: 2 })),
    'crossEntropy: there is no parameter "gamma"; this loss takes none',
  ],
  ["gamma as a string", () => focal({ gamma: wrong("2") }), 'focal: gamma is "2", but a finite number is expected'],
  ["gamma NaN", () => focal({ gamma: Number.NaN }), "focal: gamma is NaN, but a finite number is expected"],
  ["gamma null", () => focal({ gamma: wrong(null) }), "focal: gamma is null, but a finite number is expected"],
  ["gamma below 0", () => focal({ gamma: -0.5 }), "focal: gamma is -0.5, but must be at least 0"],
  ["one gamma of a list below 0", () => focal({ gamma: [2, -1] }), "focal: gamma[1] is -1, but must be at least 0"],
  [
    "gamma from big integers",
    () => focal({ gamma: wrong(new BigInt64Array(2)) }),
    "focal: gamma[0] is 0n, but a finite number is expected",
  ],
  ["q above 1", () => generalizedCrossEntropy({ q: 1.5 }), "generalizedCrossEntropy: q is 1.5, but must be at most 1"],
  [
    "a list where one number is expected",
    () => asymmetric({ margin: [0.1, 0.2] }),
    "asymmetric: margin is a list, but must be one number for all classes",
  ],
  [
    "two gammas for three classes",
    () =>
      evaluate(focal({ gamma: [1, 2] }), { logits, labels: [0, 2], classes: 3 }, { ...inSoftmaxOnly, gradient: owned }),
    "focal: gamma has 2 values, but the batch has 3 classes; give one number, or a list with one per class",
  ],
  [
    "two gammas for one column",
    () =>
      evaluate(focal({ gamma: [1, 2] }), { logits, labels: new Float64Array(6) }, { ...inSigmoid, gradient: owned }),
    "focal: gamma has 2 values, but the batch has 1 class; give one number, or a list with one per class",
  ],

  // Defining a loss
  [
    "no definition",
    () => defineLoss(wrong(undefined)),
    "defineLoss: the definition is undefined, but an object such as { name, formula } is expected",
  ],
  [
    "a definition without a name",
    () => define({ name: undefined }),
    'defineLoss: name is undefined, but an identifier is expected, such as "focal" (letters and digits, a letter first)',
  ],
  [
    "a name that is no identifier",
    () => define({ name: "my loss" }),
    'defineLoss: name is "my loss", but an identifier is expected, such as "focal" (letters and digits, a letter first)',
  ],
  [
    "a misspelt part of a definition",
    () => define({ negativFormula: () => 0 }),
    'mine: a definition has no "negativFormula"; it may have: name, formula, negativeFormula, parameters, title, summary, whenToUse, source, identities',
  ],
  [
    "a formula as text",
    () => define({ formula: "-log(pt)" }),
    'mine: formula is "-log(pt)", but a function (operations, views, parameters) => value is expected',
  ],
  [
    "a negative formula as text",
    () => define({ negativeFormula: "-log(pt)" }),
    'mine: negativeFormula is "-log(pt)", but a function (operations, views, parameters) => value is expected',
  ],
  [
    "a parameter given as its default",
    () => define({ parameters: { gamma: 2 } }),
    "mine: parameter gamma is 2, but an object such as { default: 1, min: 0 } is expected",
  ],
  [
    "a parameter without a default",
    () => define({ parameters: { gamma: {} } }),
    "mine: parameter gamma has the default undefined, but a finite number within its range is expected",
  ],
  [
    "a default out of its range",
    () => define({ parameters: { gamma: { default: -1, min: 0 } } }),
    "mine: parameter gamma has the default -1, but a finite number within its range is expected",
  ],
  [
    "a parameter named like a view",
    () => define({ parameters: { pt: { default: 1 } } }),
    'mine: a parameter is called "pt", but an identifier is expected that is no name of a view (letters and digits, a letter first)',
  ],
  [
    "a formula that computes with JavaScript",
    () => defineLoss({ name: "mine", formula: ({ mul }, { logPt, pt }) => mul(wrong<number>(logPt) * -1, pt) }),
    "mine: the formula cannot be read: it gives NaN; it may use nothing but its operations, views and parameters: mul(2, logPt), not 2 * logPt",
  ],
  [
    "a formula that gives what JavaScript computes",
    () => define({ formula: (_: unknown, { logPt }: { logPt: number }) => 2 * logPt }),
    "mine: the formula cannot be read: it gives NaN, which is no result of an operation; it may use nothing but its operations, views and parameters: mul(2, logPt), not 2 * logPt",
  ],
  [
    "a formula with an operation that does not exist",
    () => define({ formula: ({ sqrt }: { sqrt(x: number): number }) => sqrt(2) }),
    "mine: the formula cannot be read: sqrt is not a function; it may use nothing but its operations, views and parameters: mul(2, logPt), not 2 * logPt",
  ],
  [
    "a formula that throws",
    () =>
      define({
        formula: () => {
          throw new Error("not today");
        },
      }),
    "mine: the formula cannot be read: not today; it may use nothing but its operations, views and parameters: mul(2, logPt), not 2 * logPt",
  ],
  [
    "a formula that throws no error",
    () =>
      define({
        formula: () => {
          throw "not today";
        },
      }),
    "mine: the formula cannot be read: not today; it may use nothing but its operations, views and parameters: mul(2, logPt), not 2 * logPt",
  ],

  // The batch
  [
    "no batch",
    () => evaluate(loss, wrong(undefined), inSoftmaxOnly),
    "crossEntropy: the batch is undefined, but { logits, labels, classes } is expected",
  ],
  [
    "logits in place of the batch",
    () => evaluate(loss, wrong(logits), inSoftmaxOnly),
    "crossEntropy: the batch is a Float64Array, but { logits, labels, classes } is expected",
  ],
  [
    "labels under another name",
    () => softmax({ label: [0, 1] }),
    'crossEntropy: the batch has no "label"; it has: logits, labels, classes',
  ],
  [
    "no logits",
    () => softmax({ logits: undefined }),
    "crossEntropy: logits is undefined, but a Float32Array or Float64Array is expected",
  ],
  [
    "logits of integers",
    () => softmax({ logits: new Int32Array(6) }),
    "crossEntropy: logits is an Int32Array, but a Float32Array or Float64Array is expected",
  ],
  [
    "logits row by row",
    () =>
      softmax({
        logits: [
          [1, 2, 3],
          [4, 5, 6],
        ],
      }),
    "crossEntropy: logits[0] is an Array, but a number (one flat list, row after row) is expected",
  ],
  [
    "a logit as a string",
    () => softmax({ logits: [1, 2, 3, 4, 5, "6"] }),
    'crossEntropy: logits[5] is "6", but a number is expected',
  ],
  [
    "a hole in the logits",
    () => softmax({ logits: new Array(6) }),
    "crossEntropy: logits[0] is undefined, but a number is expected",
  ],
  [
    "logits of no whole number of rows",
    () => softmax({ logits: new Float64Array(7) }),
    "crossEntropy: logits has 7 values, but rows of 3 classes need a multiple of 3",
  ],
  [
    "one logit for three columns",
    () => sigmoid({ logits: [1], labels: [1] }),
    "crossEntropy: logits has 1 value, but rows of 3 classes need a multiple of 3",
  ],
  [
    "a logit of Infinity under softmax",
    () => softmax({ logits: [1, Infinity, 3, 4, 5, 6] }),
    "crossEntropy: logits[1] is Infinity, which leaves softmax undefined; take a large number such as 1e4, or -Infinity for all other classes",
  ],
  [
    "a row of -Infinity only",
    () => softmax({ logits: [1, 2, 3, -Infinity, -Infinity, -Infinity] }),
    "crossEntropy: all logits of example 1 are -Infinity, so no class is possible; at least one must be finite",
  ],
  [
    "a probability above 1",
    () => sigmoid({ logits: [0, 0, 0, 0, 0, 1.5] }, { inputs: "probabilities" }),
    'crossEntropy: logits[5] is 1.5, but with inputs "probabilities" it must be from 0 to 1',
  ],
  [
    "a log-probability above 0",
    () => softmax({ logits: [0.5, -2, -2, 0, 0, 0] }, { inputs: "log-probabilities" }),
    'crossEntropy: logits[0] is 0.5, but with inputs "log-probabilities" it must be at most 0',
  ],
  [
    "logits that are called probabilities",
    () => softmax({ logits: [0.5, 0.4, 0.3, 1, 0, 0] }, { inputs: "probabilities" }),
    'crossEntropy: the probabilities of example 0 sum to 1.2, but must sum to 1; normalise each row, or pass logits and inputs: "logits"',
  ],
  ["classes 0", () => softmax({ classes: 0 }), "crossEntropy: classes is 0, but an integer of at least 2 is expected"],
  [
    "classes 1 under softmax",
    () => softmax({ classes: 1 }),
    'crossEntropy: classes is 1, but an integer of at least 2 is expected; for one output per example take the activation "sigmoid"',
  ],
  [
    "classes 2.5",
    () => softmax({ classes: 2.5 }),
    "crossEntropy: classes is 2.5, but an integer of at least 2 is expected",
  ],
  [
    "classes as a string",
    () => softmax({ classes: "3" }),
    'crossEntropy: classes is "3", but an integer of at least 2 is expected',
  ],
  [
    "classes NaN under sigmoid",
    () => sigmoid({ classes: Number.NaN }),
    "crossEntropy: classes is NaN, but an integer of at least 1 is expected",
  ],
  [
    "classes missing where labels are probabilities",
    () => softmax({ labels: new Float64Array(6), classes: undefined }),
    "crossEntropy: classes is missing, and labels as long as logits do not tell it; add classes: the number of columns of logits",
  ],
  [
    "classes missing where the lengths do not fit",
    () => softmax({ labels: [0, 1, 0, 1], classes: undefined }),
    "crossEntropy: classes is missing, and 6 logits cannot be shared out among 4 labels, two or more to each; add classes, or check the lengths",
  ],
  [
    "classes missing where there is one label",
    () => softmax({ logits: [], labels: [0], classes: undefined }),
    "crossEntropy: classes is missing, and 0 logits cannot be shared out among 1 label, two or more to each; add classes, or check the lengths",
  ],

  // Labels
  [
    "no labels",
    () => softmax({ labels: undefined }),
    "crossEntropy: labels is undefined, but an array of numbers is expected",
  ],
  [
    "labels as a string",
    () => softmax({ labels: "02" }),
    'crossEntropy: labels is "02", but an array of numbers is expected',
  ],
  [
    "too few labels",
    () => softmax({ labels: [0] }),
    "crossEntropy: labels has 1 value, but softmax needs 2 class indices, or 6 probabilities",
  ],
  [
    "a label for no example",
    () => softmax({ logits: [], labels: [0] }),
    "crossEntropy: labels has 1 value, but softmax needs 0 class indices, or 0 probabilities",
  ],
  [
    "one label for one example of sigmoid too many",
    () => sigmoid({ logits: [1], labels: [0, 1], classes: 1 }),
    "crossEntropy: labels has 2 values, but sigmoid needs one per logit (1)",
  ],
  [
    "class indices under sigmoid",
    () => sigmoid({ labels: [0, 2] }),
    'crossEntropy: labels has 2 values, but sigmoid needs one per logit (6); for class indices take the activation "softmax"',
  ],
  [
    "class indices in a Float32Array",
    () => softmax({ labels: new Float32Array([0, 2]) }),
    "crossEntropy: labels is a Float32Array of length 2, which is too short for probabilities; class indices need an integer array such as Int32Array",
  ],
  [
    "class indices in a Float64Array, without classes",
    () => softmax({ labels: new Float64Array([0, 2]), classes: undefined }),
    "crossEntropy: labels is a Float64Array of length 2, which is too short for probabilities; class indices need an integer array such as Int32Array",
  ],
  [
    "a class that does not exist",
    () => softmax({ labels: [0, 3] }),
    "crossEntropy: labels[1] is 3, but there are 3 classes (0 to 2)",
  ],
  [
    "a class that does not exist, as the design says it",
    () => evaluate(focal(), { logits: new Float64Array(20), labels: [0, 1, 2, 7], classes: 5 }, inSoftmaxOnly),
    "focal: labels[3] is 7, but there are 5 classes (0 to 4)",
  ],
  [
    "a label of -100 that was not announced",
    () => softmax({ labels: [0, -100] }),
    "crossEntropy: labels[1] is -100, but there are 3 classes (0 to 2); if such examples are to be left out, give ignoreLabel: -100",
  ],
  [
    "half a class",
    () => softmax({ labels: [0.5, 1] }),
    "crossEntropy: labels[0] is 0.5, but a class index is expected: an integer from 0 to 2",
  ],
  [
    "a class as a string",
    () => softmax({ labels: ["0", "1"] }),
    'crossEntropy: labels[0] is "0", but a class index is expected: an integer from 0 to 2',
  ],
  [
    "a class NaN",
    () => softmax({ labels: [0, Number.NaN] }),
    "crossEntropy: labels[1] is NaN, but a class index is expected: an integer from 0 to 2",
  ],
  [
    "counts in place of 0 and 1",
    () => sigmoid({ labels: [0, 1, 2, 0, 1, 0] }),
    "crossEntropy: labels[2] is 2, but must be a number from 0 to 1",
  ],
  [
    "a label as a string under sigmoid",
    () => sigmoid({ labels: [0, 1, "1", 0, 1, 0] }),
    'crossEntropy: labels[2] is "1", but must be a number from 0 to 1',
  ],
  [
    "one-hot integers with two classes in a row",
    () => softmax({ labels: new Int32Array([1, 0, 0, 1, 1, 0]) }),
    'crossEntropy: the labels of example 1 sum to 2, but must sum to 1; divide each row by its sum, or take "sigmoid" for labels that do not exclude each other',
  ],
  [
    "a one-hot value of 2",
    () => softmax({ labels: new Int32Array([1, 0, 0, 0, 2, 0]) }),
    "crossEntropy: labels[4] is 2, but must be a number from 0 to 1",
  ],

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

  // Activations and decisions
  [
    "activate without options",
    () => activate([1, 2], wrong(undefined)),
    'activate: the options are undefined, but an object such as { activation: "softmax", classes: 3 } is expected',
  ],
  [
    "activate without classes",
    () => activate([1, 2], { activation: "softmax" }),
    "activate: classes is undefined, but an integer of at least 2 is expected",
  ],
  [
    "activate with logits of another length",
    () => activate([1, 2, 3, 4], inSoftmax),
    "activate: logits has 4 values, but rows of 3 classes need a multiple of 3",
  ],
  [
    "activate with a logit of Infinity",
    () => activate([1, Infinity, 3], inSoftmax),
    "activate: logits[1] is Infinity, which leaves softmax undefined; take a large number such as 1e4, or -Infinity for all other classes",
  ],
  [
    "logActivate with a row of -Infinity only",
    () => logActivate([-Infinity, -Infinity, -Infinity], inSoftmax),
    "logActivate: all logits of example 0 are -Infinity, so no class is possible; at least one must be finite",
  ],
  [
    "logActivate of a string",
    () => logActivate(wrong("1"), inSigmoid),
    'logActivate: logits is "1", but a Float32Array or Float64Array is expected',
  ],
  [
    "activateGradient with upstream of another length",
    () => activateGradient([1, 2, 3], [1], inSoftmax),
    "activateGradient: upstream has 1 value, but one per logit is needed (3)",
  ],
  [
    "activateGradient without upstream",
    () => activateGradient([1, 2, 3], wrong(undefined), inSoftmax),
    "activateGradient: upstream is undefined, but an array of numbers is expected",
  ],
  [
    "activateGradient with upstream of big integers",
    () => activateGradient([1, 2], wrong(new BigInt64Array(2)), inSigmoid),
    "activateGradient: upstream[0] is 0n, but a number is expected",
  ],
  [
    "decide from logits",
    () => decide([0.5, 2.5, -3], inSoftmax),
    "decide: probabilities[1] is 2.5, but must be a number from 0 to 1",
  ],
  [
    "decide from nothing",
    () => decide(wrong(undefined), inSoftmax),
    "decide: probabilities is undefined, but a Float32Array or Float64Array is expected",
  ],
  [
    "decide from no whole number of rows",
    () => decide([0.5, 0.5], inSoftmax),
    "decide: probabilities has 2 values, but rows of 3 classes need a multiple of 3",
  ],
  [
    "decide with a threshold above 1",
    () => decide([0.5], { ...inSigmoid, threshold: 50 }),
    "decide: threshold is 50, but must be a number from 0 to 1",
  ],
  [
    "decide with one threshold of a list NaN",
    () => decide([0.5, 0.5], { ...inSigmoid, classes: 2, threshold: [0.5, Number.NaN] }),
    "decide: threshold[1] is NaN, but must be a number from 0 to 1",
  ],
  [
    "decide with too few thresholds",
    () => decide([0.5, 0.5], { ...inSigmoid, classes: 2, threshold: [0.5] }),
    "decide: threshold has 1 value, but a plain number is needed, or a list with one per column (2)",
  ],
  [
    "decide with too many thresholds",
    () => decide([0.5, 0.5], { activation: "softmax", classes: 2, threshold: [0.5, 0.5] }),
    "decide: threshold has 2 values, but a plain number is needed",
  ],
  [
    "decide with a threshold among three classes",
    () => decide([0.5, 0.3, 0.2], { ...inSoftmax, threshold: 0.5 }),
    "decide: a threshold needs two classes, but there are 3; without a threshold the largest output decides",
  ],

  // Counts and priors
  [
    "classWeights of nothing",
    () => classWeights(wrong(undefined)),
    "classWeights: counts is undefined, but an array of numbers is expected",
  ],
  [
    "classWeights of no counts",
    () => classWeights([]),
    "classWeights: counts is empty or sums to 0, but at least one example is needed",
  ],
  [
    "classWeights of a negative count",
    () => classWeights([5, -1]),
    "classWeights: counts[1] is -1, but a finite number >= 0 is expected",
  ],
  [
    "classWeights of a big integer",
    () => classWeights(wrong(new BigInt64Array(2))),
    "classWeights: counts[0] is 0n, but a finite number >= 0 is expected",
  ],
  [
    "classWeights of an empty class",
    () => classWeights([5, 0]),
    'classWeights: counts[1] is 0, so its weight is undefined; say what you want: { emptyClass: "zero" } or { emptyClass: "largest" }',
  ],
  [
    "classWeights of counts that differ beyond every number",
    () => classWeights([1, 1e-310]),
    'classWeights: counts[1] is 1e-310, so small beside the others that its weight is beyond every number; leave the class out, or take the scheme "effective-number"',
  ],
  [
    "classWeights with an unknown scheme",
    () => classWeights([5, 1], { scheme: wrong("balanced") }),
    'classWeights: scheme is "balanced", but must be one of: "inverse", "inverse-sqrt", "effective-number"',
  ],
  [
    "classWeights with beta 1",
    () => classWeights([5, 1], { scheme: "effective-number", beta: 1 }),
    "classWeights: beta is 1, but must be a number, at least 0 and less than 1",
  ],
  [
    "classWeights with beta as a string",
    () => classWeights([5, 1], { scheme: "effective-number", beta: wrong("0.9") }),
    'classWeights: beta is "0.9", but must be a number, at least 0 and less than 1',
  ],
  [
    "classWeights with the scheme as the options",
    () => classWeights([5, 1], wrong("inverse")),
    'classWeights: the options are "inverse", but an object such as { scheme: "inverse" } is expected',
  ],
  [
    "binaryAlpha of one count",
    () => binaryAlpha([5]),
    "binaryAlpha: counts has 1 value, but two are expected: of label 0 and of label 1",
  ],
  [
    "binaryAlpha of three counts",
    () => binaryAlpha([5, 1, 1]),
    "binaryAlpha: counts has 3 values, but two are expected: of label 0 and of label 1",
  ],
  [
    "binaryAlpha of a label without examples",
    () => binaryAlpha([5, 0]),
    "binaryAlpha: counts[1] is 0, so alpha is undefined; at least one example of each label is needed",
  ],
  [
    "binaryAlpha with a policy that it does not know",
    () => binaryAlpha([5, 0], wrong({ emptyClass: "zero" })),
    'binaryAlpha: there is no option "emptyClass"; the options are: scheme, beta',
  ],
  [
    "logitAdjustment from counts",
    () => logitAdjustment([900, 100]),
    "logitAdjustment: prior[0] is 900, but must be more than 0 and at most 1; divide counts by their sum",
  ],
  [
    "logitAdjustment of a prior of 1 under sigmoid",
    () => logitAdjustment([0.5, 1], inSigmoid),
    "logitAdjustment: prior[1] is 1, but must be more than 0 and less than 1",
  ],
  [
    "logitAdjustment of strings",
    () => logitAdjustment(wrong(["0.5", "0.5"])),
    'logitAdjustment: prior[0] is "0.5", but a number is expected',
  ],
  [
    "logitAdjustment with tau NaN",
    () => logitAdjustment([0.5, 0.5], { tau: Number.NaN }),
    "logitAdjustment: tau is NaN, but a finite number is expected",
  ],

  // Thresholds and true probabilities
  [
    "costThreshold without costs",
    () => costThreshold(wrong(undefined)),
    "costThreshold: the options are undefined, but an object such as { falseAlarm: 1, miss: 5 } is expected",
  ],
  [
    "costThreshold with one cost",
    () => costThreshold(wrong({ falseAlarm: 1 })),
    "costThreshold: miss is undefined, but a finite number >= 0 is expected",
  ],
  [
    "costThreshold with a negative cost",
    () => costThreshold({ falseAlarm: 1, miss: -5 }),
    "costThreshold: miss is -5, but a finite number >= 0 is expected",
  ],
  [
    "costThreshold with two costs of 0",
    () => costThreshold({ falseAlarm: 0, miss: 0 }),
    "costThreshold: falseAlarm and miss are both 0, so every threshold is as good; at least one must be more than 0",
  ],
  [
    "balancedAccuracyThreshold of a percentage",
    () => balancedAccuracyThreshold(14),
    "balancedAccuracyThreshold: prevalence is 14, but must be a number from 0 to 1",
  ],
  [
    "f1Threshold of no probabilities",
    () => f1Threshold([]),
    "f1Threshold: there are no probabilities, but at least one is needed",
  ],
  [
    "f1Threshold of logits",
    () => f1Threshold([0.5, -2]),
    "f1Threshold: probabilities[1] is -2, but must be a number from 0 to 1",
  ],
  [
    "f1Threshold of one number",
    () => f1Threshold(wrong(0.5)),
    "f1Threshold: probabilities is 0.5, but an array of numbers is expected",
  ],
  [
    "recallThreshold of a percentage",
    () => recallThreshold([0.5], 90),
    "recallThreshold: recall is 90, but must be a number from 0 to 1",
  ],
  [
    "precisionThreshold without a precision",
    () => precisionThreshold([0.5], wrong(undefined)),
    "precisionThreshold: precision is undefined, but must be a number from 0 to 1",
  ],
  [
    "topThreshold of a count",
    () => topThreshold([0.5], 100),
    "topThreshold: share is 100, but must be a number from 0 to 1",
  ],
  [
    "topThreshold of no probabilities",
    () => topThreshold([], 0.1),
    "topThreshold: there are no probabilities, but at least one is needed",
  ],
  [
    "trueProbabilities without options",
    () => trueProbabilities(focal(), [1, 2, 3], wrong(undefined)),
    'trueProbabilities of focal: the options are undefined, but an object such as { activation: "softmax", classes: 3 } is expected',
  ],
  [
    "trueProbabilities with an option of evaluate",
    () => truth({ inputs: "logits" }),
    'trueProbabilities of focal: there is no option "inputs"; the options are: activation, classes, alpha, logitAdjustment',
  ],
  [
    "trueProbabilities with a class of weight 0",
    () => truth({ alpha: [1, 0, 1] }),
    "trueProbabilities of focal: alpha gives class 1 the weight 0, so the loss never saw it and its probability cannot be recovered",
  ],
  [
    "trueProbabilities with alpha 1",
    () => trueProbabilities(focal(), [1], { ...inSigmoid, alpha: 1 }),
    "trueProbabilities of focal: alpha gives label 0 the weight 0, so the loss never saw it and its probability cannot be recovered",
  ],
  [
    "trueProbabilities with a pair that drops label 0 of a column",
    () => trueProbabilities(focal(), [1, 2], { ...inSigmoid, classes: 2, alpha: { positive: 1, negative: [1, 0] } }),
    "trueProbabilities of focal: alpha gives label 0 of column 1 the weight 0, so the loss never saw it and its probability cannot be recovered",
  ],
  [
    "trueProbabilities where the loss is flat",
    () => trueProbabilities(flat(), [-5], inSigmoid),
    "trueProbabilities of flat: at example 0 the loss is flat (its slope is 0), so it says nothing about the probability there; only a loss that is nowhere flat can be undone",
  ],
  [
    "trueProbabilities where the loss is flat under softmax",
    () => truth({}, flat()),
    "trueProbabilities of flat: at example 0 the loss is flat (its slope is 0), so it says nothing about the probability there; only a loss that is nowhere flat can be undone",
  ],
  [
    "an array on the heap of a length that is none",
    () => wasm.float32(-1),
    "wasm: the length is -1, but an integer of at least 0 is expected",
  ],
  [
    "an array to be freed that is not on the heap",
    () => wasm.free(new Float32Array(4)),
    "wasm: the array is a Float32Array that is not on this heap, or is free already; give one that float32, int32 or uint8 of the same back end made",
  ],
  [
    "an array larger than any heap",
    () => wasm.create().uint8(2 ** 33),
    "wasm: the heap would need 8589934720 bytes, but has at most 4294967296; free arrays, or pass plain ones in parts",
  ],
  [
    "an array for a product that is not on the heap",
    () => gather(new Float32Array(6), wasm.int32(1), wasm.float32(3)),
    "networkKernels.gather: matrix is not on this heap; make it with float32 or int32 of the same back end",
  ],
  [
    "a batch whose length is no multiple of its rows",
    () => gather(wasm.float32(6), wasm.int32(2), wasm.float32(3)),
    "networkKernels.gather: a size is 1.5, but rows, inputs and outputs are integers of at least 1; check the lengths of the arrays",
  ],
  [
    "moments that are too short for a step of Adam",
    () => {
      const [values, gradient] = [wasm.float32(3), wasm.float32(3)];
      adam({ values, gradient, first: wasm.float32(3), second: wasm.float32(2) }, { rate: 0.1, l2: 0 });
    },
    "networkKernels.adam: second has length 2, but at least 3 are expected",
  ],
  [
    "a row to be gathered that is not there",
    () => gather(wasm.float32(6), wasm.int32(1).fill(2), wasm.float32(3)),
    "networkKernels.gather: indices[0] is 2, but the matrix has 2 rows (0 to 1)",
  ],
  [
    "kernels of a network on the reference",
    () => networkKernels(wrong(reference)),
    "networkKernels: the back end is an Object, but one of surprisal/wasm is expected, such as wasm or wasm.create()",
  ],
  [
    "a row to be gathered on a heap that is gone",
    () => {
      const own = wasm.create();
      const kernels = networkKernels(own);
      own.dispose();
      kernels.gather(wrong(new Float32Array(2)), wrong(new Int32Array(1)), wrong(new Float32Array(1)));
    },
    "wasm: this back end was disposed of, and can do nothing any more; make another with wasm.create()",
  ],
  [
    "half a thread",
    () => wasm.create({ threads: 0.5 }),
    "wasm.create: threads is 0.5, but an integer of at least 1 is expected",
  ],
  [
    "thousands of threads",
    () => wasm.create({ threads: 5000 }),
    "wasm.create: threads is 5000, but must be at most 256",
  ],
  [
    "relaxed as a word",
    () => wasm.create({ relaxed: wrong("no") }),
    'wasm.create: relaxed is "no", but true or false is expected',
  ],
  [
    "an option of create that is none",
    () => wasm.create(wrong({ thread: 2 })),
    'wasm.create: there is no option "thread"; the options are: threads, relaxed',
  ],
  [
    "a back end that was disposed of",
    () => {
      const own = wasm.create();
      own.dispose();
      own.float32(1);
    },
    "wasm: this back end was disposed of, and can do nothing any more; make another with wasm.create()",
  ],
  [
    "disposing of the back end that is there for all",
    () => wasm.dispose(),
    "wasm.dispose: this back end is there for all; only one of your own, from wasm.create(), can be disposed of",
  ],
  [
    "disposing of a back end in the midst of its call",
    () => {
      const own = wasm.create();
      const labels = new Proxy([0, 2], { get: (list, key) => (key === "1" ? own.dispose() : Reflect.get(list, key)) });
      softmax({ labels }, { backend: own });
    },
    "wasm: the back end is in the midst of a call, whose arrays it needs; free and dispose when that is over",
  ],
  [
    "a heap that the system does not let grow",
    () => {
      const own = wasm.create();
      own.float32(1);
      const grow = vi.spyOn(Object.getPrototypeOf(memoryOf()), "grow").mockImplementation(() => {
        throw new RangeError("no memory");
      });
      try {
        own.float32(2 ** 20);
      } finally {
        grow.mockRestore();
      }
    },
    "wasm: the heap would need 4194560 bytes, but the system gives it no more than the 1048576 that it has; free arrays, pass smaller batches, or raise the limit of the process (ulimit -v)",
  ],
  [
    "an array that was freed",
    () => {
      const freed = wasm.float32(6);
      wasm.free(freed);
      softmax({}, { gradient: freed, backend: wasm });
    },
    "crossEntropy: gradient lies on the heap of the back end where nothing is in use: it was freed, or reaches beyond its array; make another with float32, int32 or uint8",
  ],
  [
    "a gradient that overlaps the curvature",
    () => {
      const both = new Float64Array(8);
      softmax({}, { gradient: both.subarray(2), curvature: both.subarray(0, 6) });
    },
    "crossEntropy: gradient and curvature share memory, so one would overwrite the other; give two",
  ],
  [
    "bytes where a product writes floats",
    () => gather(wasm.float32(6), wasm.int32(2), wrong(wasm.uint8(6))),
    "networkKernels.gather: into is a Uint8Array, but a Float32Array is expected",
  ],
  [
    "a step of Adam without a rate",
    () => {
      const [values, gradient] = [wasm.float32(3), wasm.float32(3)];
      adam({ values, gradient, first: wasm.float32(3), second: wasm.float32(3) }, wrong({ l2: 0 }));
    },
    "networkKernels.adam: rate is undefined, but a finite number is expected",
  ],
];

const junk: readonly unknown[] = [
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
const places: Record<string, (value: never) => unknown> = {
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
  "gradientCheck loss": (value) => gradientCheck(value),
  "gradientCheck options": (value) => gradientCheck(loss, value),
};

describe("a wrong call", () => {
  it.each(rows)("%s", (_, call, message) => {
    let error: unknown;
    try {
      call();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(InputError);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "InputError", message });
    expect(owned, "an array of the caller's was written to").toEqual(new Float64Array(6).fill(7));
  });

  it("has a row for every text of the catalogue", () => {
    const groups: readonly Record<string, unknown>[] = [texts, heapTexts, decisionTexts];
    const spies = groups.flatMap((group) =>
      Object.keys(group).map((name) => [name, vi.spyOn(group as { [name]: () => string }, name)] as const),
    );
    for (const [, call] of rows) expect(call).toThrow(InputError);
    const unreached = spies.flatMap(([name, spy]) => (spy.mock.calls.length === 0 ? [name] : []));
    vi.restoreAllMocks();
    expect(unreached).toEqual([]);
  });

  it("has a message that begins with the place", () => {
    for (const [, , message] of rows) expect(message).toMatch(/^[A-Za-z0-9.]+( of [A-Za-z]+|: alpha)?: [a-z]/);
    expect(rows.length).toBeGreaterThan(60);
    expect(new Set(rows.map(([name]) => name)).size).toBe(rows.length);
  });

  it("never ends in an error of JavaScript, whatever stands in whichever place", () => {
    for (const [place, call] of Object.entries(places)) {
      for (const value of junk) {
        try {
          call(wrong(value));
        } catch (error) {
          expect(error, `${place} given ${shown(value)}: ${error}`).toBeInstanceOf(InputError);
        }
      }
    }
  });

  it("is shown by what it was given, whatever that is", () => {
    const values = [null, undefined, Number.NaN, 5n, "x".repeat(50), () => 0, [], {}, Object.create(null), new Map()];
    expect([...values, new Uint8Array(1), Symbol("s")].map(shown)).toEqual([
      "null",
      "undefined",
      "NaN",
      "5n",
      `"${"x".repeat(40)}…"`,
      "a function",
      "an Array",
      "an Object",
      "an Object",
      "a Map",
      "a Uint8Array",
      "Symbol(s)",
    ]);
  });
});

describe("an empty batch", () => {
  const empty = new Float64Array(0);
  const counted = { loss: 0, counted: 0 };
  it.each([
    ["class indices", { labels: new Int32Array(0), classes: 3 }, { ignoreLabel: -1, alpha: [1, 2, 3] }],
    ["class indices, without classes", { labels: [] }, { alpha: [1, 2, 3] }],
    ["probabilities", { labels: empty, classes: 3 }, { exampleWeights: [] }],
    ["sigmoid", { labels: [] }, { activation: "sigmoid", mask: [], alpha: 0.25 }],
    ["sigmoid with columns", { labels: empty, classes: 4 }, { activation: "sigmoid", exampleWeights: [] }],
  ] as const)("costs nothing and is no error: %s", (_, batch, options) => {
    for (const reduction of ["mean", "sum", "none", "weighted-mean"] as const) {
      const settings = { activation: "softmax", ...options, reduction, gradient: true, curvature: true } as const;
      const result = evaluate(focal(), { logits: empty, ...batch }, settings);
      expect(result).toMatchObject({ ...counted, gradient: empty, curvature: empty });
    }
  });

  it("makes nothing for each of its classes, which may be any number", () => {
    const classes = 2 ** 40;
    for (const backend of [undefined, wasm]) {
      const options = { gradient: true, curvature: true, reduction: "none", ...(backend && { backend }) } as const;
      const batch = { logits: empty, labels: [], classes };
      expect(evaluate(focal(), batch, { ...options, activation: "softmax" })).toMatchObject(counted);
      for (const alpha of [undefined, 0.25, { positive: 3, negative: 1 }] as const) {
        expect(evaluate(focal(), batch, { ...options, activation: "sigmoid", alpha })).toMatchObject(counted);
      }
      expect(() => evaluate(focal(), batch, { ...options, activation: "sigmoid", alpha: 2 })).toThrow("alpha is 2");
      for (const activation of ["softmax", "sigmoid"] as const) {
        const lists = { alpha: [0.5, 0.5], exampleWeights: [1], mask: [1], logitAdjustment: [0, 0] };
        for (const [name, list] of Object.entries(lists)) {
          expect(() => evaluate(focal(), batch, { ...options, activation, [name]: list })).toThrow(
            `focal: ${name} has`,
          );
        }
        const perClass = focal({ gamma: [1, 2] });
        expect(() => evaluate(perClass, batch, { ...options, activation })).toThrow("gamma has 2 values");
      }
    }
    for (const activation of ["softmax", "sigmoid"] as const) {
      expect(activate([], { activation, classes })).toEqual(empty);
      expect(logActivate([], { activation, classes })).toEqual(empty);
      expect(activateGradient([], [], { activation, classes })).toEqual(empty);
      expect(decide([], { activation, classes })).toEqual(new Int32Array(0));
      expect(trueProbabilities(focal(), [], { activation, classes })).toEqual(empty);
    }
    expect(trueProbabilities(focal(), [], { ...inSigmoid, classes, alpha: 0.3 })).toEqual(empty);
  });

  it("gives no probabilities and no decisions", () => {
    expect(activate([], inSoftmax)).toEqual(empty);
    expect(decide([], inSoftmax)).toEqual(new Int32Array(0));
    expect(trueProbabilities(focal(), [], { ...inSoftmax, alpha: [1, 2, 3] })).toEqual(empty);
  });
});
