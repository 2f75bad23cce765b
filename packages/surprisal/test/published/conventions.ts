// What other systems mean by alpha, mean, smoothing and so on, in words; scripts/conventions.ts makes
// docs/conventions.md of it.
//
// Longer than other files, as it is a table: one entry for each difference, in the order of the page.

/** What a row of a table is about. */
export const topics = [
  "alpha, class weights",
  "mean, weighted mean",
  "label smoothing",
  "soft labels in focal loss",
  "ignored labels, all ignored",
  "numerics, clipping",
  "labels, layout",
] as const;

/** One difference: how it is there, and what gives the same number here. Both are Markdown. */
export interface Difference {
  readonly topic: (typeof topics)[number];
  /** The system, in the section that holds several. */
  readonly system?: string;
  readonly there: string;
  readonly here: string;
}

/** A runnable piece of TypeScript; the script writes what it prints below it. */
export interface Snippet {
  readonly title: string;
  readonly code: string;
}

/** One section of the document. */
export interface Section {
  readonly title: string;
  /** The names in systems.ts that it speaks of. */
  readonly systems: readonly string[];
  readonly differences: readonly Difference[];
  readonly snippets: readonly Snippet[];
}

const noFocal = "Surprisal's is the two-sided form: `y` times the loss of label 1 plus `1 - y` times that of label 0.";
const mixture =
  "One factor `(1 - pt)^gamma` with the mixture `pt = y p + (1 - y)(1 - p)`, times the cross entropy; alpha is mixed alike.";
const mixtureHere =
  "The same for labels 0 and 1. For soft labels no option gives it: here each side fades by its own factor.";

/** The document, section by section. */
export const sections: readonly Section[] = [
  {
    title: "PyTorch",
    systems: ["PyTorch"],
    differences: [
      {
        topic: "alpha, class weights",
        there: "`CrossEntropyLoss(weight=w)`: one weight per class.",
        here: "`alpha: w` with softmax.",
      },
      {
        topic: "alpha, class weights",
        there: "`BCEWithLogitsLoss(pos_weight=w)`: label 1 weighs w, label 0 weighs 1; one number, or one per column.",
        here: "`alpha: { positive: w, negative: 1 }`.",
      },
      {
        topic: "alpha, class weights",
        there: "`BCEWithLogitsLoss(weight=w)` of shape `[C]`: every label of a column weighs the same.",
        here: "`alpha: { positive: w, negative: w }`; weights of another shape are `exampleWeights`, `[N]` or `[N * C]`.",
      },
      {
        topic: "mean, weighted mean",
        there: "`CrossEntropyLoss` with class indices divides by the sum of the class weights of the labels.",
        here: '`reduction: "weighted-mean"`.',
      },
      {
        topic: "mean, weighted mean",
        there: "`CrossEntropyLoss` with probabilities as labels divides by the number of rows, whatever they weigh.",
        here: '`reduction: "mean"`.',
      },
      {
        topic: "mean, weighted mean",
        there:
          "`BCEWithLogitsLoss` and `MultiLabelSoftMarginLoss` divide by the number of labels, whatever they weigh.",
        here: '`reduction: "element-mean"`.',
      },
      {
        topic: "label smoothing",
        there:
          "`label_smoothing=s`: `y (1 - s) + s / C`. With `weight`, the part that each class receives has the weight of that class; the denominator stays that of the labels. None for binary losses.",
        here: "`labelSmoothing: s`, also together with `alpha` and `weighted-mean`.",
      },
      { topic: "soft labels in focal loss", there: "`torch.nn` has no focal loss.", here: noFocal },
      {
        topic: "ignored labels, all ignored",
        there:
          "`ignore_index=-100` is on by default, for class indices only. If every row is ignored the mean is NaN (0 / 0).",
        here: "`ignoreLabel: -100`; off by default. If every row is ignored the loss and the gradient are 0 and `counted` is 0.",
      },
      {
        topic: "numerics, clipping",
        there: "`BCELoss` cuts each logarithm at -100, so a certain mistake costs 100.",
        here: '`inputs: "probabilities"`: a certain mistake costs Infinity.',
      },
      {
        topic: "numerics, clipping",
        there: "`NLLLoss` takes its numbers as they are, whether they are log-probabilities or not.",
        here: '`inputs: "log-probabilities"` with softmax normalises each row; a row that does not sum to 1 within 0.001 is an error. To take them as they are: sigmoid, one-hot labels and `alpha: { positive: 1, negative: 0 }` (that is for the value; the gradient is that of sigmoid logits).',
      },
      {
        topic: "labels, layout",
        there: "Classes are the second axis: `[N, C, H, W]`.",
        here: "Classes are the last axis: reorder to `[N, H, W, C]`; each pixel is an example.",
      },
      {
        topic: "labels, layout",
        there: "`SoftMarginLoss` has labels -1 and +1.",
        here: "Labels are 0 and 1: `(t + 1) / 2`.",
      },
    ],
    snippets: [
      {
        title: "`nn.CrossEntropyLoss(weight=...)`, the weighted mean",
        code: `import { crossEntropy, evaluate } from "surprisal";

const logits = new Float64Array([2.3, 2.1, 4.5, 4.2, 3.2, 5.1]);
const labels = new Int32Array([1, 2]);
const alpha = [25, 25, 100];

// nn.CrossEntropyLoss(weight=torch.tensor([25., 25., 100.])): 0.8705
const there = evaluate(crossEntropy(), { logits, labels }, { activation: "softmax", alpha, reduction: "weighted-mean" });
console.log(there.loss.toFixed(4), "divided by", there.denominator);

// The default here divides by the number of examples.
const mean = evaluate(crossEntropy(), { logits, labels }, { activation: "softmax", alpha });
console.log(mean.loss.toFixed(4), "divided by", mean.denominator);`,
      },
      {
        title: "`ignore_index=-100`",
        code: `import { crossEntropy, evaluate } from "surprisal";

const logits = new Float32Array([2, 0, 0, 0, 1, 3]);
const options = { activation: "softmax", ignoreLabel: -100, gradient: true } as const;

const one = evaluate(crossEntropy(), { logits, labels: new Int32Array([0, -100]) }, options);
console.log(one.loss.toFixed(4), "from", one.counted, "example");

// PyTorch gives NaN where nothing is left.
const none = evaluate(crossEntropy(), { logits, labels: new Int32Array([-100, -100]) }, options);
console.log(none.loss, none.counted, none.gradient.every((slope) => slope === 0));`,
      },
      {
        title: "`nn.BCEWithLogitsLoss(pos_weight=...)`",
        code: `import { crossEntropy, evaluate } from "surprisal";

const logits = new Float64Array([-200, 100, 500, -1000, 300, -300]);
const labels = new Float64Array([1, 0, 0, 1, 1, 0]);

// pos_weight=torch.tensor([0.1, 0.2]), one per label column: 136.6667
const { loss } = evaluate(
  crossEntropy(),
  { logits, labels, classes: 2 },
  { activation: "sigmoid", alpha: { positive: [0.1, 0.2], negative: 1 }, reduction: "element-mean" },
);
console.log(loss.toFixed(4));`,
      },
      {
        title: "`label_smoothing`",
        code: `import { crossEntropy, evaluate } from "surprisal";

const logits = new Float64Array([1, -1]);

// nn.CrossEntropyLoss(label_smoothing=0.1), Keras, optax.smooth_labels, mmpretrain "original": 0.2269
const softmax = { activation: "softmax" } as const;
const labels = new Int32Array([0]);
console.log(evaluate(crossEntropy(), { logits, labels }, { ...softmax, labelSmoothing: 0.1 }).loss.toFixed(4));

// mmpretrain "classy_vision", (y + s/C) / (1 + s): 0.2178
console.log(evaluate(crossEntropy(), { logits, labels }, { ...softmax, labelSmoothing: 0.1 / 1.1 }).loss.toFixed(4));

// Keras BinaryCrossentropy(label_smoothing=0.1), y (1 - s) + s/2, on two labels: 0.3633
const binary = { activation: "sigmoid", labelSmoothing: 0.1, reduction: "element-mean" } as const;
console.log(evaluate(crossEntropy(), { logits, labels: new Float64Array([1, 0]), classes: 2 }, binary).loss.toFixed(4));`,
      },
    ],
  },
  {
    title: "torchvision",
    systems: [],
    differences: [
      {
        topic: "alpha, class weights",
        there:
          "`sigmoid_focal_loss(alpha=0.25)`: on by default; label 1 weighs 0.25, label 0 weighs 0.75. A negative alpha turns it off.",
        here: "`alpha: 0.25`. Nothing is weighed by default; leave `alpha` out for `alpha=-1`.",
      },
      {
        topic: "mean, weighted mean",
        there: '`reduction="none"` is the default; `"mean"` divides by the number of elements.',
        here: '`reduction: "none"` and `elements`; `reduction: "element-mean"`.',
      },
      {
        topic: "mean, weighted mean",
        there: "RetinaNet takes the sum and divides by the number of foreground anchors.",
        here: '`reduction: "sum"`, and divide yourself.',
      },
      { topic: "label smoothing", there: "None.", here: "`labelSmoothing: 0`, the default." },
      { topic: "soft labels in focal loss", there: mixture, here: mixtureHere },
      {
        topic: "ignored labels, all ignored",
        there: "No ignored labels: they are filtered out before. The mean of nothing is NaN.",
        here: "`mask`, or `ignoreLabel` for a label value. If nothing is left the loss is 0.",
      },
      {
        topic: "numerics, clipping",
        there:
          "`1 - pt` is a subtraction in the type of the logits: in float32 it is 0 above a logit of about 17, where for 0 < gamma < 1 the gradient of a label 1 is NaN.",
        here: "`1 - pt` is computed from the logits and keeps its digits; the gradient is finite.",
      },
    ],
    snippets: [
      {
        title: "`sigmoid_focal_loss(inputs, targets, alpha=0.25, gamma=2)`",
        code: `import { evaluate, focal } from "surprisal";

const batch = { logits: new Float64Array([5, -5, 0, 5, -5, 0]), labels: new Float64Array([1, 0, 1, 0, 1, 0]) };

// reduction="none": one value per logit
const options = { activation: "sigmoid", alpha: 0.25 } as const;
const { elements } = evaluate(focal({ gamma: 2 }), batch, { ...options, reduction: "none" });
console.log(Array.from(elements, (each) => each.toFixed(4)).join(" "));

// reduction="mean": mmpretrain publishes 0.8522 for these numbers
const { loss } = evaluate(focal({ gamma: 2 }), batch, { ...options, reduction: "element-mean" });
console.log(loss.toFixed(4));`,
      },
    ],
  },
  {
    title: "Keras",
    systems: ["Keras"],
    differences: [
      {
        topic: "alpha, class weights",
        there:
          "`BinaryFocalCrossentropy`: label 1 weighs alpha, label 0 weighs 1 - alpha, but only with `apply_class_balancing=True`.",
        here: "`alpha: 0.25`; without balancing no `alpha`.",
      },
      {
        topic: "alpha, class weights",
        there: "`CategoricalFocalCrossentropy`: `alpha=0.25` always counts, one factor for all classes, or a list.",
        here: "`alpha: [0.25, 0.25, 0.25]`, one number per class. Without it the loss is 4 times as large.",
      },
      {
        topic: "mean, weighted mean",
        there: '`"sum_over_batch_size"`, the default, divides by the number of entries, also with `sample_weight`.',
        here: '`reduction: "mean"` with softmax, `"element-mean"` with sigmoid; `exampleWeights`.',
      },
      {
        topic: "mean, weighted mean",
        there: '`"mean_with_sample_weight"` divides by the sum of the weights.',
        here: '`reduction: "weighted-mean"`.',
      },
      {
        topic: "mean, weighted mean",
        there: 'Binary losses average over the last axis, also with `"none"` and `"sum"`.',
        here: '`exampleWeights` of `1 / classes`, with `"none"` (then `perExample`) or `"sum"`.',
      },
      {
        topic: "label smoothing",
        there: "Categorical losses: `y (1 - s) + s / C`.",
        here: "`labelSmoothing: s` with softmax.",
      },
      {
        topic: "label smoothing",
        there: "Binary losses: `y (1 - s) + s / 2`.",
        here: "`labelSmoothing: s` with sigmoid.",
      },
      {
        topic: "soft labels in focal loss",
        there: "`CategoricalFocalCrossentropy`: the sum over all classes of `y_c alpha (1 - p_c)^gamma (-log p_c)`.",
        here: "The same, also with `labelSmoothing`.",
      },
      {
        topic: "soft labels in focal loss",
        there: `\`BinaryFocalCrossentropy\`, also after \`label_smoothing\`: ${mixture.charAt(0).toLowerCase()}${mixture.slice(1)}`,
        here: mixtureHere,
      },
      {
        topic: "ignored labels, all ignored",
        there:
          "`SparseCategoricalCrossentropy(ignore_class=c)`: divided by the rows that are left plus 1e-7; 0 if none is.",
        here: '`ignoreLabel: c` with `reduction: "mean"`: the same, without the 1e-7.',
      },
      {
        topic: "numerics, clipping",
        there: "`from_logits=False` is the default.",
        here: 'Logits are the default; else `inputs: "probabilities"`.',
      },
      {
        topic: "numerics, clipping",
        there: "Categorical losses divide each row of probabilities by its sum.",
        here: "A row that does not sum to 1 within 0.001 is an error: divide it yourself.",
      },
      {
        topic: "numerics, clipping",
        there:
          "Probabilities are clipped to [1e-7, 1 - 1e-7]: no label costs more than about 16. In float32 a wrong p = 1 costs 15.94, a wrong p = 0 costs 16.12. The focal losses turn logits into probabilities and clip those too.",
        here: "Nothing is clipped: a certain mistake costs Infinity. Clip the probabilities yourself for the same number.",
      },
      {
        topic: "labels, layout",
        there: "`CategoricalGeneralizedCrossentropy` takes class indices and has `q=0.5`.",
        here: "`generalizedCrossEntropy({ q: 0.5 })`; the default here is 0.7.",
      },
    ],
    snippets: [
      {
        title: "`BinaryFocalCrossentropy(apply_class_balancing=True, alpha=0.25, from_logits=True)`",
        code: `import { evaluate, focal } from "surprisal";

const batch = {
  logits: new Float64Array([-18.6, 0.51, 2.94, -12.8]),
  labels: new Float64Array([0, 1, 0, 0]),
  classes: 2,
};
const options = { activation: "sigmoid", reduction: "element-mean" } as const;

// The Keras documentation prints 0.510 with balancing, and 0.691 without.
console.log(evaluate(focal({ gamma: 2 }), batch, { ...options, alpha: 0.25 }).loss.toFixed(3));
console.log(evaluate(focal({ gamma: 2 }), batch, options).loss.toFixed(3));`,
      },
      {
        title: "`CategoricalFocalCrossentropy(alpha=0.25, gamma=2)`",
        code: `import { evaluate, focal } from "surprisal";

// The Keras documentation prints 2.63401289e-04 and 6.75912094e-01.
const { perExample } = evaluate(
  focal({ gamma: 2 }),
  { logits: [0.05, 0.9, 0.05, 0.1, 0.85, 0.05], labels: [0, 1, 0, 0, 0, 1], classes: 3 },
  { activation: "softmax", inputs: "probabilities", alpha: [0.25, 0.25, 0.25], reduction: "none" },
);
console.log(Array.from(perExample, (each) => each.toExponential(4)).join(" "));`,
      },
    ],
  },
  {
    title: "TensorFlow",
    systems: ["TensorFlow"],
    differences: [
      {
        topic: "alpha, class weights",
        there:
          "`tf.nn.weighted_cross_entropy_with_logits(pos_weight=w)`: label 1 weighs w, label 0 weighs 1, soft labels in proportion.",
        here: "`alpha: { positive: w, negative: 1 }`.",
      },
      {
        topic: "alpha, class weights",
        there: "Addons' `SigmoidFocalCrossEntropy`: `alpha=0.25` is on by default.",
        here: "`alpha: 0.25`.",
      },
      {
        topic: "mean, weighted mean",
        there: "`tf.nn` reduces nothing.",
        here: '`reduction: "none"`; `perExample` with softmax, `elements` with sigmoid.',
      },
      {
        topic: "mean, weighted mean",
        there: "`tf.compat.v1.losses` divide by the number of weights that are not 0.",
        here: '`reduction: "mean"` (softmax) or `"element-mean"` (sigmoid). An example of weight 0 counts here, so leave it out with `ignoreLabel` or `mask`.',
      },
      {
        topic: "mean, weighted mean",
        there: "Addons' focal loss sums over the last axis and keeps the rows.",
        here: '`reduction: "none"` and `perExample`.',
      },
      {
        topic: "label smoothing",
        there: "`tf.compat.v1.losses`: `s / C` for softmax, `s / 2` for sigmoid. `tf.nn`: none.",
        here: "`labelSmoothing: s` does both.",
      },
      {
        topic: "soft labels in focal loss",
        there: `Addons: ${mixture.charAt(0).toLowerCase()}${mixture.slice(1)}`,
        here: mixtureHere,
      },
      {
        topic: "ignored labels, all ignored",
        there:
          "`tf.nn.sparse_softmax_cross_entropy_with_logits`: a label outside the classes is an error on a CPU and NaN on a GPU. If all weights are 0, `tf.compat.v1.losses` give 0.",
        here: "`ignoreLabel`; any other label outside the classes is an error that names it. If all are ignored the loss is 0.",
      },
      {
        topic: "numerics, clipping",
        there:
          "`weighted_cross_entropy_with_logits` cancels in float32 for a very sure label 0: it gives 4.578e-5 at logit -10 where 4.540e-5 is right.",
        here: "Exact to 1e-13; float64 whatever the type of the arrays.",
      },
    ],
    snippets: [
      {
        title: "`tf.nn.weighted_cross_entropy_with_logits(pos_weight=0.5)`",
        code: `import { crossEntropy, evaluate } from "surprisal";

// TensorFlow's documentation prints 0.100706644 0.508297503 4.57763672e-05; the third has lost digits.
const { elements } = evaluate(
  crossEntropy(),
  { logits: new Float64Array([1.5, -0.1, -10]), labels: new Float64Array([1, 0.5, 0]) },
  { activation: "sigmoid", alpha: { positive: 0.5, negative: 1 }, reduction: "none" },
);
console.log(Array.from(elements, (each) => each.toPrecision(7)).join(" "));`,
      },
    ],
  },
  {
    title: "TF.js",
    systems: ["TF.js"],
    differences: [
      {
        topic: "alpha, class weights",
        there: "No class weights; `weights` is broadcast: one per example, or for sigmoid one per label or per column.",
        here: "`exampleWeights`, `[N]` or with sigmoid `[N * classes]`; a row of weights per column is `alpha: { positive: w, negative: w }`.",
      },
      {
        topic: "mean, weighted mean",
        there: "`SUM_BY_NONZERO_WEIGHTS`, the default, divides by the number of weights that are not 0.",
        here: '`reduction: "mean"` (softmax) or `"element-mean"` (sigmoid). An example of weight 0 counts here, so leave it out with `ignoreLabel` or `mask`.',
      },
      {
        topic: "mean, weighted mean",
        there: "`MEAN` divides by the sum of the weights.",
        here: '`reduction: "weighted-mean"`.',
      },
      {
        topic: "label smoothing",
        there:
          "`softmaxCrossEntropy`: `y (1 - s) + s / C`, though its comment speaks of 1/2. `sigmoidCrossEntropy`: `y (1 - s) + s / 2`.",
        here: "`labelSmoothing: s` does both.",
      },
      { topic: "soft labels in focal loss", there: "There is no focal loss.", here: noFocal },
      {
        topic: "ignored labels, all ignored",
        there: "No ignored labels. If all weights are 0, both means are NaN (0 / 0).",
        here: "If all are ignored, or all weights are 0 with a weighted mean, the loss is 0.",
      },
      {
        topic: "numerics, clipping",
        there:
          "`tf.losses` take logits, in float32. The losses of layers take probabilities, divide categorical rows by their sum and clip to [1e-7, 1 - 1e-7].",
        here: 'Logits, or `inputs: "probabilities"`; nothing is clipped, and a row that does not sum to 1 within 0.001 is an error.',
      },
      {
        topic: "labels, layout",
        there: "`softmaxCrossEntropy(onehotLabels, logits)`: labels come first, and as rows.",
        here: "`{ logits, labels, classes }`: names instead of an order; class indices or rows of probabilities.",
      },
    ],
    snippets: [],
  },
  {
    title: "optax",
    systems: ["optax"],
    differences: [
      {
        topic: "alpha, class weights",
        there:
          "`sigmoid_focal_loss(alpha=None)`: off by default; a number weighs label 1, 1 - alpha label 0. No class weights.",
        here: "The same: `alpha: 0.25` or nothing.",
      },
      {
        topic: "mean, weighted mean",
        there: "Nothing is reduced: one value per example (softmax) or per label (sigmoid); `.mean()` is yours.",
        here: '`"none"`: `perExample`, `elements`. `"mean"` for the mean of softmax losses, `"element-mean"` for that of sigmoid losses.',
      },
      {
        topic: "label smoothing",
        there: "`smooth_labels(labels, s)`: `y (1 - s) + s / C`, before the loss, whichever it is.",
        here: "`labelSmoothing: s` with softmax. With sigmoid that means `s / 2`: for `s / C` smooth the labels yourself.",
      },
      { topic: "soft labels in focal loss", there: mixture, here: mixtureHere },
      {
        topic: "ignored labels, all ignored",
        there: "`where` leaves out entries; an example with none left costs 0 in the loss with integer labels.",
        here: "`mask` or `ignoreLabel`; such an example is not counted. A class is left out of softmax by a logit of -Infinity.",
      },
      {
        topic: "numerics, clipping",
        there:
          "`softmax_cross_entropy` gives NaN for a logit of -Infinity whose label is 0 (0 times Infinity); `safe_softmax_cross_entropy` gives 0.",
        here: "0 times Infinity is 0, as in the safe one.",
      },
      {
        topic: "numerics, clipping",
        there: "`kl_divergence` takes labels and log-probabilities whatever their sum.",
        here: "Cross entropy minus the entropy of the labels. A row of labels that sums to r is divided by r and weighs r in `exampleWeights`.",
      },
      {
        topic: "labels, layout",
        there: "`axis` may be any axis, or several together.",
        here: "Classes are the last axis; several together are one, flattened.",
      },
      {
        topic: "labels, layout",
        there: "`poly_loss_cross_entropy` has `epsilon=2.0`.",
        here: "`poly1({ epsilon: 2 })`; the default here is 1.",
      },
    ],
    snippets: [],
  },
  {
    title: "scikit-learn",
    systems: ["scikit-learn"],
    differences: [
      {
        topic: "alpha, class weights",
        there:
          '`class_weight="balanced"`: `n / (C n_c)`. `compute_sample_weight` gives the weight of each example; those of several outputs multiply.',
        here: "`alpha: classWeights(counts)`: the same numbers. Multiply them into `exampleWeights` for several outputs.",
      },
      {
        topic: "mean, weighted mean",
        there: "`log_loss(sample_weight=w)` divides by the sum of the weights; `normalize=False` gives the sum.",
        here: '`reduction: "weighted-mean"` with `exampleWeights: w`; `"sum"`.',
      },
      { topic: "label smoothing", there: "None.", here: "`labelSmoothing: 0`, the default." },
      { topic: "soft labels in focal loss", there: "There is no focal loss.", here: noFocal },
      {
        topic: "ignored labels, all ignored",
        there: "No ignored labels. A class that is missing from `y` is an error in `compute_class_weight`.",
        here: '`ignoreLabel`. A class of count 0 is an error in `classWeights`, unless `emptyClass: "zero"` or `"largest"`.',
      },
      {
        topic: "numerics, clipping",
        there: "`log_loss` clips probabilities to the machine epsilon of their type (1e-15 before 1.2).",
        here: '`inputs: "probabilities"`; nothing is clipped.',
      },
      {
        topic: "numerics, clipping",
        there: "`log_loss` of version 1.2 divides each row by its sum.",
        here: "Divide it yourself; a row that does not sum to 1 within 0.001 is an error.",
      },
      {
        topic: "labels, layout",
        there: 'Class labels may be words, in sorted order: "ham" is 0, "spam" is 1.',
        here: "Class indices from 0; number the words yourself.",
      },
      {
        topic: "labels, layout",
        there: "`HalfBinomialLoss` and `HalfMultinomialLoss` take raw predictions and give half the deviance.",
        here: "Raw predictions are logits, and half the deviance is `crossEntropy()`.",
      },
    ],
    snippets: [
      {
        title: '`class_weight="balanced"`',
        code: `import { classWeights } from "surprisal";

// compute_class_weight("balanced", classes=[-2, -1, 0], y=[-1, 0, 0, -2, -2, -2]): 2/3, 2, 1
console.log(Array.from(classWeights([3, 1, 2]), (each) => each.toFixed(4)).join(" "));`,
      },
    ],
  },
  {
    title: "Others",
    systems: [
      "MONAI",
      "mmpretrain",
      "segmentation_models.pytorch",
      "MLX",
      "Burn",
      "ONNX",
      "focal-loss",
      "the focal paper",
    ],
    differences: [
      {
        topic: "alpha, class weights",
        system: "MONAI",
        there: "`FocalLoss(alpha=a)` with sigmoid: label 1 weighs a, label 0 weighs 1 - a.",
        here: "`alpha: a`.",
      },
      {
        topic: "alpha, class weights",
        system: "MONAI",
        there: "`FocalLoss(alpha=a, use_softmax=True)`: class 0, the background, weighs 1 - a, every other class a.",
        here: "`alpha: [1 - a, a, a]`, one number per class.",
      },
      {
        topic: "alpha, class weights",
        system: "MONAI",
        there: "`FocalLoss(weight=w)` with sigmoid: one weight per class, for both labels.",
        here: "`alpha: { positive: w, negative: w }`.",
      },
      {
        topic: "alpha, class weights",
        system: "mmpretrain",
        there: "`class_weight` of a binary loss: one per column, for both labels.",
        here: "`alpha: { positive: w, negative: w }`.",
      },
      {
        topic: "alpha, class weights",
        system: "mmpretrain",
        there: "`pos_weight` of a binary loss: label 1 only.",
        here: "`alpha: { positive: w, negative: 1 }`.",
      },
      {
        topic: "alpha, class weights",
        system: "Burn",
        there: "Weights `[w0, w1]` of a binary loss are for label 0 and label 1.",
        here: "`alpha: { positive: w1, negative: w0 }`.",
      },
      {
        topic: "alpha, class weights",
        system: "Burn",
        there: "Weights of a multi-label loss are per column.",
        here: "`alpha: { positive: w, negative: w }`.",
      },
      {
        topic: "alpha, class weights",
        system: "focal-loss",
        there: "`pos_weight`: label 1 weighs it, label 0 weighs 1.",
        here: "`alpha: { positive: w, negative: 1 }`.",
      },
      {
        topic: "mean, weighted mean",
        system: "MONAI",
        there: "Softmax focal: divided by all elements, the zeros of the other classes included.",
        here: '`reduction: "mean"` with `exampleWeights` of `1 / classes`.',
      },
      {
        topic: "mean, weighted mean",
        system: "mmpretrain, Burn",
        there: "Binary losses divide by the number of labels, whatever they weigh.",
        here: '`reduction: "element-mean"`.',
      },
      {
        topic: "mean, weighted mean",
        system: "ONNX",
        there: "With weights the mean divides by the sum of the weights of the labels.",
        here: '`reduction: "weighted-mean"`.',
      },
      {
        topic: "label smoothing",
        system: "mmpretrain",
        there: '"original": `y (1 - s) + s / C`, also with sigmoid.',
        here: "`labelSmoothing: s`; with sigmoid for two labels only, else smooth the labels yourself.",
      },
      {
        topic: "label smoothing",
        system: "mmpretrain",
        there: '"classy_vision": `(y + s / C) / (1 + s)`.',
        here: "`labelSmoothing: s / (1 + s)`.",
      },
      {
        topic: "label smoothing",
        system: "mmpretrain",
        there: '"multi_label": `y (1 - 2 s) + s`.',
        here: "`labelSmoothing: 2 * s` with sigmoid.",
      },
      {
        topic: "label smoothing",
        system: "segmentation_models.pytorch",
        there: "Binary: `y (1 - s) + (1 - y) s`: label 1 becomes 1 - s.",
        here: "`labelSmoothing: 2 * s`.",
      },
      {
        topic: "soft labels in focal loss",
        system: "MONAI",
        there: "With sigmoid `1 - pt` is `sigmoid(-z (2 y - 1))`, another form.",
        here: mixtureHere,
      },
      {
        topic: "soft labels in focal loss",
        system: "segmentation_models.pytorch",
        there: "`pt` is `exp(-cross entropy)`, another form.",
        here: mixtureHere,
      },
      {
        topic: "soft labels in focal loss",
        system: "focal-loss",
        there: "Two-sided, each label side with its own factor.",
        here: "The same.",
      },
      {
        topic: "ignored labels, all ignored",
        system: "segmentation_models.pytorch",
        there: "`ignore_index` sets the loss to 0 but keeps the row, or the element, in the denominator.",
        here: "Weigh it 0 in `exampleWeights`, with any valid label, instead of ignoring it.",
      },
      {
        topic: "numerics, clipping",
        system: "mmpretrain",
        there: "The asymmetric loss cuts the probability in the logarithm at 1e-8.",
        here: "`asymmetric({ gammaPositive: 1, gammaNegative: 4, margin: 0.05 })`; nothing is cut.",
      },
      {
        topic: "numerics, clipping",
        system: "ONNX",
        there:
          "The examples of `NegativeLogLikelihoodLoss` take positive numbers, which are no log-probabilities, and give negative losses.",
        here: "An error that names the first positive number. These are the only published examples that no option reproduces.",
      },
      {
        topic: "labels, layout",
        system: "MONAI, ONNX",
        there: "Classes are the second axis: `[N, C, H, W]`.",
        here: "Classes are the last axis: reorder to `[N, H, W, C]`.",
      },
    ],
    snippets: [],
  },
];
