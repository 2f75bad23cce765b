// Wrong batches and labels.
import { evaluate, focal } from "../../src/index.ts";
import { inSoftmaxOnly, logits, loss, type Row, sigmoid, softmax, wrong } from "./calls.ts";

/** Each with its message. */
export const batchRows: readonly Row[] = [
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
];
