// Wrong calls around a loss: activations, decisions, counts, thresholds, true probabilities.
// A list with a row for each text, and so longer than other files.
import {
  activate,
  activateGradient,
  balancedAccuracyThreshold,
  binaryAlpha,
  classWeights,
  costThreshold,
  decide,
  f1Threshold,
  focal,
  logActivate,
  logitAdjustment,
  precisionThreshold,
  recallThreshold,
  topThreshold,
  trueProbabilities,
} from "../../src/index.ts";
import { flat, inSigmoid, inSoftmax, type Row, truth, wrong } from "./calls.ts";

/** Each with its message. */
export const decisionRows: readonly Row[] = [
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
    'trueProbabilities of focal: there is no option "inputs"; the options are: activation, classes, alpha, logitAdjustment, labelSmoothing',
  ],
  [
    "trueProbabilities of labels that were all the same",
    () => truth({ labelSmoothing: 1 }),
    "trueProbabilities of focal: labelSmoothing is 1, so every label was the same and the model was told nothing that could be recovered",
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
];
