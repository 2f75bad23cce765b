// From a published example to calls of Surprisal: the same numbers, with the options that the table of systems names.
//
// Longer than other files, as it is a table: one translation for each of the systems.
import {
  type Activation,
  type Alpha,
  asymmetric,
  type Batch,
  classWeights,
  crossEntropy,
  type EvaluateOptions,
  evaluate,
  focal,
  generalizedCrossEntropy,
  type Loss,
  poly1,
} from "../../src/index.ts";
import {
  channelsLast,
  channelsSecond,
  flat,
  normalisedRows,
  oneHot,
  type PublishedExample,
  shape,
} from "./examples.ts";
import { type Conventions, type ReductionRule, type SourceSystem, systemOf } from "./systems.ts";

/** One way to reproduce an example. */
export interface Reproduction {
  /** What is called, in a few words. */
  readonly way: string;
  /** The numbers, in the order of `expected`. */
  readonly run: () => ArrayLike<number>;
  /** Why the numbers differ from the float64 value by more than rounding, where they do. */
  readonly differs?: string;
}

/** How an example is reproduced; more than one way where more than one is instructive. */
export function reproductions(example: PublishedExample): Reproduction[] {
  const { params } = example;
  switch (example.function) {
    case "softmax_cross_entropy":
      return [lossOf(example, "softmax", crossEntropy())];
    case "binary_cross_entropy":
    case "binary_cross_entropy_grad":
      return [lossOf(example, "sigmoid", crossEntropy())];
    case "soft_margin_loss": {
      // Labels are -1 and +1 there.
      const target = flat(example.inputs.target).map((label) => (label + 1) / 2);
      return [lossOf({ ...example, inputs: { ...example.inputs, target } }, "sigmoid", crossEntropy())];
    }
    case "sigmoid_focal_loss":
      return [lossOf(example, "sigmoid", focal({ gamma: number(params.gamma) }))];
    case "softmax_focal_loss":
      return [lossOf(example, "softmax", focal({ gamma: number(params.gamma) }))];
    case "poly1_cross_entropy":
      return [lossOf(example, "softmax", poly1({ epsilon: number(params.epsilon) }))];
    case "generalized_cross_entropy":
      return [lossOf(example, "softmax", generalizedCrossEntropy({ q: number(params.q) }))];
    case "asymmetric_loss": {
      const gammaPositive = number(params.gamma_pos);
      const gammaNegative = number(params.gamma_neg);
      const margin = params.clip === null ? 0 : number(params.clip);
      return [lossOf(example, "sigmoid", asymmetric({ gammaPositive, gammaNegative, margin }))];
    }
    case "nll_loss":
    case "kl_divergence":
      return logLikelihoods(example);
    case "ce_over_focal_ratio":
      return [ratio(example)];
    case "class_weight_balanced":
    case "sample_weight_balanced":
      return [balanced(example)];
    default:
      throw new Error(`${example.source}: no translation for ${example.function}`);
  }
}

function number(value: unknown): number {
  if (typeof value !== "number") throw new Error(`a number is expected, but found ${String(value)}`);
  return value;
}

/** An example that is one call of `evaluate`. */
function lossOf(example: PublishedExample, activation: Activation, loss: Loss): Reproduction {
  const { params, inputs } = example;
  const system = systemOf(example.source);
  const { conventions, rule } = rulesOf(example, activation);
  const { logits, classes, places, clipped } = logitsOf(example, activation, system);
  const target = flat(inputs.target);
  const labels = labelsOf(target, logits.length, classes, activation);
  const examples = logits.length / classes;
  const weightsPerLabel = activation === "sigmoid" ? classes : 1;

  const weights = new Float64Array(examples * weightsPerLabel).fill(rule.perRowMean ? 1 / classes : 1);
  for (const [name, each] of Object.entries(inputs)) {
    if (name !== "sample_weight" && name !== "element_weight") continue;
    const given = flat(each);
    // A weight per example, or a row of weights that holds for every example.
    for (let k = 0; k < weights.length; k++) {
      weights[k] *= name === "sample_weight" ? given[Math.floor(k / weightsPerLabel)] : given[k % given.length];
    }
  }
  let mask: Float64Array | undefined;
  if (rule.zeroWeights === "ignored") {
    if (activation === "sigmoid") mask = weights;
    else if (weights.includes(0)) throw new Error("give examples of weight 0 the label `ignoreLabel`");
  }
  let ignoreLabel: number | undefined;
  if (params.ignore_index !== undefined) {
    ignoreLabel = number(params.ignore_index);
    if (rule.ignoredStay) {
      for (let k = 0; k < labels.length; k++) {
        if (labels[k] !== ignoreLabel) continue;
        weights[k] = 0;
        labels[k] = 0;
      }
      ignoreLabel = undefined;
    }
  }
  const batch: Batch = { logits, labels, classes };
  const options: EvaluateOptions = {
    activation,
    reduction: rule.reduction,
    inputs: params.from_logits === false ? "probabilities" : "logits",
    alpha: alphaOf(example, conventions, classes),
    labelSmoothing: smoothingOf(example, conventions),
    exampleWeights: weights.every((weight) => weight === 1) ? undefined : weights,
    ignoreLabel,
    mask,
    gradient: example.function.endsWith("_grad"),
  };
  return {
    way: `${loss.name}, ${activation}`,
    run: () => {
      const result = evaluate(loss, batch, options);
      if (result.gradient !== undefined) return result.gradient;
      if (rule.reduction !== "none") return [result.loss];
      const perRow = activation === "softmax" || rule.perRowMean === true;
      const values = (perRow ? result.perExample : result.elements) ?? [];
      return perRow || places === 0 ? values : channelsSecond(values, classes, places);
    },
    ...(clipped && { differs: `${system.name} clips probabilities, in float32` }),
  };
}

function rulesOf(example: PublishedExample, activation: Activation): { conventions: Conventions; rule: ReductionRule } {
  const conventions = systemOf(example.source)[activation];
  const words = String(example.params.reduction ?? "none");
  const rule = conventions?.reductions[words];
  if (conventions === undefined || rule === undefined) {
    throw new Error(`${example.source}: systems.ts has no ${activation} reduction "${words}"`);
  }
  return { conventions, rule };
}

/** Logits or probabilities as rows; `places` is the number of pixels per example where classes came second. */
function logitsOf({ params, inputs }: PublishedExample, activation: Activation, system: SourceSystem) {
  const lengths = shape(inputs.pred);
  const classesSecond = params.layout !== undefined;
  // An array of one axis is a row of classes for softmax, a column of binary answers for sigmoid. Two axes are taken
  // together as classes where the example says so.
  const together = typeof params.note === "string" && params.note.includes("flat 12 entries");
  let classes = lengths.at(-1) ?? 1;
  if (classesSecond) classes = lengths[1];
  else if (together) classes = 12;
  else if (activation === "sigmoid" && lengths.length < 2) classes = 1;
  let logits = classesSecond ? channelsLast(inputs.pred) : flat(inputs.pred);
  let clipped = false;
  if (params.from_logits === false) {
    if (activation === "softmax" && system.normalisesRows) logits = normalisedRows(logits, classes);
    if (activation === "sigmoid" && system.clip !== undefined) {
      const least = Math.fround(system.clip);
      const most = Math.fround(1 - system.clip);
      clipped = logits.some((p) => p < least || p > most);
      logits = logits.map((p) => Math.min(Math.max(p, least), most));
    }
  }
  const places = classesSecond ? lengths.slice(2).reduce((product, length) => product * length, 1) : 0;
  return { logits: Float64Array.from(logits), classes, places, clipped };
}

function labelsOf(target: readonly number[], length: number, classes: number, activation: Activation) {
  if (target.length === length) return Float64Array.from(target);
  return activation === "softmax" ? Int32Array.from(target) : Float64Array.from(oneHot(target, classes));
}

function alphaOf({ params, inputs }: PublishedExample, rules: Conventions, classes: number): Alpha | undefined {
  const { pos_weight: positive, alpha } = params;
  if (typeof positive === "number" || Array.isArray(positive)) {
    return { positive: typeof positive === "number" ? positive : flat(positive), negative: 1 };
  }
  if (inputs.class_weight !== undefined) {
    if (rules.classWeight === undefined) throw new Error("systems.ts does not say what class weights are");
    return rules.classWeight(flat(inputs.class_weight));
  }
  if (alpha === undefined || alpha === null) return undefined;
  if (rules.focalAlpha === undefined) throw new Error("systems.ts does not say what alpha is");
  return rules.focalAlpha(typeof alpha === "number" ? alpha : Number.parseFloat(String(alpha)), classes);
}

function smoothingOf({ params }: PublishedExample, { smoothing }: Conventions): number {
  const form = String(params.smoothing_form ?? params.target_form ?? "");
  const written = /s=([\d.]+)/.exec(form)?.[1];
  const s = params.label_smoothing ?? (written === undefined ? undefined : Number(written));
  if (s === undefined) return 0;
  const here = smoothing?.[form];
  if (here === undefined) throw new Error(`systems.ts has no smoothing "${form}"`);
  return here(number(s));
}

/**
 * The negative log likelihood and the Kullback-Leibler divergence, from log-probabilities.
 *
 * Softmax takes them as logits, so that a row which sums to 1.00001 is normalised. Sigmoid with
 * `alpha: { positive: 1, negative: 0 }` takes each as it is.
 */
function logLikelihoods(example: PublishedExample): Reproduction[] {
  const { inputs, params } = example;
  const { conventions, rule } = rulesOf(example, "softmax");
  const classesSecond = params.layout !== undefined;
  const rows = classesSecond ? channelsLast(inputs.pred) : flat(inputs.pred);
  const classes = classesSecond ? shape(inputs.pred)[1] : (shape(inputs.pred).at(-1) ?? 1);
  const logits = Float64Array.from(rows);
  const target = flat(inputs.target);
  const indices = target.length !== rows.length;
  const divergence = example.function === "kl_divergence";
  const values = (result: { readonly loss: number; readonly perExample?: Float64Array | undefined }) => {
    if (rule.reduction !== "none") return [result.loss];
    const losses = result.perExample ?? new Float64Array();
    return divergence ? losses.map((loss, n) => loss - entropy(target.slice(n * classes, (n + 1) * classes))) : losses;
  };
  const { reduction } = rule;
  const ignoreLabel = params.ignore_index === undefined ? undefined : number(params.ignore_index);
  const common = { inputs: "log-probabilities", reduction } as const;
  const labelRows = indices ? oneHot(target, classes) : target;
  const sums = Float64Array.from({ length: rows.length / classes }, (_, n) =>
    labelRows.slice(n * classes, (n + 1) * classes).reduce((sum, label) => sum + label, 0),
  );
  return [
    {
      way: "cross entropy, softmax",
      run: () =>
        values(
          evaluate(
            crossEntropy(),
            {
              logits,
              classes,
              labels: indices ? Int32Array.from(target) : Float64Array.from(normalisedRows(target, classes)),
            },
            {
              ...common,
              activation: "softmax",
              alpha: alphaOf(example, conventions, classes),
              ignoreLabel: indices ? ignoreLabel : undefined,
              // Labels that do not sum to 1 are divided by their sum, which becomes a weight.
              exampleWeights: divergence ? sums : undefined,
            },
          ),
        ),
      differs: "here softmax normalises rows of rounded log-probabilities",
    },
    {
      way: "cross entropy, sigmoid with alpha { positive: 1, negative: 0 }",
      run: () =>
        values(
          evaluate(
            crossEntropy(),
            { logits, classes, labels: Float64Array.from(labelRows) },
            { ...common, activation: "sigmoid", alpha: { positive: 1, negative: 0 } },
          ),
        ),
    },
  ];
}

function entropy(labels: readonly number[]): number {
  return -labels.reduce((sum, y) => sum + (y === 0 ? 0 : y * Math.log(y)), 0);
}

/** How much less focal loss counts an example than cross entropy. */
function ratio(example: PublishedExample): Reproduction {
  const { inputs, params } = example;
  const logits = flat(inputs.p ?? inputs.p_t);
  const labels = Float64Array.from(inputs.target === undefined ? logits.map(() => 1) : flat(inputs.target));
  const { conventions } = rulesOf(example, "sigmoid");
  const options = { activation: "sigmoid", inputs: "probabilities", reduction: "none" } as const;
  return {
    way: "cross entropy over focal, sigmoid",
    run: () => {
      const whole = evaluate(crossEntropy(), { logits, labels }, options).elements;
      const alpha = alphaOf(example, conventions, 1);
      const faded = evaluate(
        focal({ gamma: number(params.gamma) }),
        { logits, labels },
        { ...options, alpha },
      ).elements;
      const ratios = whole.map((each, k) => each / faded[k]);
      return params.note === "10**floor(log10(ratio))" ? ratios.map((r) => 10 ** Math.floor(Math.log10(r))) : ratios;
    },
  };
}

/** "balanced" class weights, and the weights of examples that follow; those of several outputs multiply. */
function balanced({ inputs }: PublishedExample): Reproduction {
  const { y, classes } = inputs;
  return {
    way: "classWeights",
    run: () => {
      if (classes !== undefined) return weightsByClass(flat(y), flat(classes));
      const outputs = shape(y)[1] ?? 1;
      const labels = flat(y);
      return Array.from({ length: labels.length / outputs }, (_, n) => {
        let weight = 1;
        for (let output = 0; output < outputs; output++) {
          const column = labels.filter((_, index) => index % outputs === output);
          const known = [...new Set(column)];
          weight *= weightsByClass(column, known)[known.indexOf(labels[n * outputs + output])];
        }
        return weight;
      });
    },
  };
}

function weightsByClass(labels: readonly number[], classes: readonly number[]): Float64Array {
  return classWeights(classes.map((each) => labels.filter((label) => label === each).length));
}
