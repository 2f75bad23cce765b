// What the law tests share: random batches and losses, the grammar written out by hand, and comparisons.
import fc from "fast-check";
import { expect } from "vitest";
import {
  dual,
  dualViews,
  type EvaluateOptions,
  type Evaluation,
  evaluate,
  type Formula,
  type Loss,
  type LossFactory,
  losses,
  numbers,
  type Views,
} from "../src/index.ts";
import { isLong } from "./attack/counts.ts";

/** Asserts a law for random examples, always the same ones. */
export function law<T>(arbitrary: fc.Arbitrary<T>, check: (example: T) => void, numRuns = 25): void {
  fc.assert(
    fc.property(arbitrary, (example) => check(example)),
    { seed: 1952, numRuns },
  );
}

/**
 * Asserts a law as an attack: for some random examples, and in the long mode for a hundred times as many other ones.
 */
export function attack<T>(arbitrary: fc.Arbitrary<T>, check: (example: T) => void, numRuns: number): void {
  for (let portion = 0; portion < (isLong ? 101 : 1); portion++) {
    fc.assert(
      fc.property(arbitrary, (example) => check(example)),
      { seed: 1952 + portion, numRuns },
    );
  }
}

/** Random numbers of an ordinary size. */
export const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
/** A list of random numbers. */
export const listOf = (length: number, min: number, max: number) =>
  fc.array(between(min, max), { minLength: length, maxLength: length });

/** The kinds of labels, each with the activation that reads it. */
export const labelKinds = [
  { activation: "softmax", labelKind: "class indices" },
  { activation: "softmax", labelKind: "one-hot" },
  { activation: "softmax", labelKind: "soft" },
  { activation: "sigmoid", labelKind: "hard" },
  { activation: "sigmoid", labelKind: "soft" },
] as const;
type LabelKind = (typeof labelKinds)[number];

/** A combination over which the laws run. */
export type Case = LabelKind & { readonly factory: LossFactory; readonly name: string };

/** Every loss with every kind of labels. */
export const everyCase: readonly Case[] = losses.flatMap((factory) =>
  labelKinds.map((kind) => ({
    ...kind,
    factory,
    name: `${factory.definition.name}, ${kind.activation}, ${kind.labelKind} labels`,
  })),
);

/** A random batch, a loss with random parameters, and random weights. */
export interface Sample {
  readonly activation: "softmax" | "sigmoid";
  readonly loss: Loss;
  readonly factory: LossFactory;
  readonly examples: number;
  readonly classes: number;
  readonly logits: Float64Array;
  readonly labels: Int32Array | Float64Array;
  readonly alpha: readonly number[];
  readonly exampleWeights: readonly number[];
}

/** What may be asked of the samples. */
export interface SampleOptions {
  /** The largest magnitude of a logit. Default 8. */
  readonly reach?: number;
  readonly classes?: number;
  readonly minClasses?: number;
}

/** Random losses of one kind, with parameters from the whole of the definition's range (5 wide where it is open). */
export function lossOf(factory: LossFactory, classes: number): fc.Arbitrary<Loss> {
  const parameters = Object.entries(factory.definition.parameters ?? {}).map(([name, range]) => {
    const low = range.min ?? (range.max ?? 0) - 5;
    const one = between(low, range.max ?? low + 5);
    const value: fc.Arbitrary<number | number[]> = range.perClass
      ? fc.oneof(one, fc.array(one, { minLength: classes, maxLength: classes }))
      : one;
    return value.map((given) => [name, given] as const);
  });
  return fc.tuple(...parameters).map((entries) => factory(Object.fromEntries(entries)));
}

/** Random samples of a case. */
export function samples({ factory, activation, labelKind }: Case, options: SampleOptions = {}): fc.Arbitrary<Sample> {
  const { reach = 8, minClasses = activation === "softmax" ? 2 : 1 } = options;
  const shape = fc.record({
    examples: fc.integer({ min: 1, max: 4 }),
    classes: options.classes ? fc.constant(options.classes) : fc.integer({ min: minClasses, max: 5 }),
  });
  return shape.chain(({ examples, classes }) => {
    const size = examples * classes;
    const labels: fc.Arbitrary<Int32Array | Float64Array> =
      activation === "softmax"
        ? labelKind === "soft"
          ? listOf(size, 0.01, 1).map((shares) => distributions(shares, classes))
          : fc
              .array(fc.nat(classes - 1), { minLength: examples, maxLength: examples })
              .map((indices) => (labelKind === "one-hot" ? oneHot(indices, classes) : Int32Array.from(indices)))
        : labelKind === "soft"
          ? listOf(size, 0, 1).map((values) => Float64Array.from(values))
          : fc.array(fc.nat(1), { minLength: size, maxLength: size }).map((values) => Int32Array.from(values));
    return fc.record({
      activation: fc.constant(activation),
      factory: fc.constant(factory),
      examples: fc.constant(examples),
      classes: fc.constant(classes),
      loss: lossOf(factory, classes),
      logits: listOf(size, -reach, reach).map((values) => Float64Array.from(values)),
      labels,
      alpha: listOf(classes, activation === "softmax" ? 0.1 : 0.05, activation === "softmax" ? 3 : 0.95),
      exampleWeights: listOf(examples, 0.1, 3),
    });
  });
}

/** Class indices as rows with a single 1. */
export function oneHot(indices: ArrayLike<number>, classes: number): Float64Array {
  const rows = new Float64Array(indices.length * classes);
  for (let n = 0; n < indices.length; n++) rows[n * classes + indices[n]] = 1;
  return rows;
}

/** Rows divided by their sums. */
export function distributions(shares: readonly number[], classes: number): Float64Array {
  return Float64Array.from(shares, (share, k) => {
    const start = k - (k % classes);
    return share / shares.slice(start, start + classes).reduce((sum, each) => sum + each, 0);
  });
}

/** The labels of a sample with one value per logit. */
export function denseLabels({ activation, labels, examples, classes }: Sample): Float64Array {
  return activation === "softmax" && labels instanceof Int32Array && labels.length === examples
    ? oneHot(labels, classes)
    : Float64Array.from(labels);
}

/** What a sample leaves open, and its own alpha and weights unless others are given. */
export type Step = Omit<EvaluateOptions, "activation">;
/** An evaluation whose every output was asked for. */
export type Full = Evaluation<{ activation: "softmax"; reduction: "none"; gradient: true; curvature: true }>;

/** Evaluates a sample, with its alpha and weights; per example, with gradient and curvature. */
export function run(sample: Sample, step: Step = {}): Full {
  const { activation, loss, logits, labels, classes, alpha, exampleWeights } = sample;
  return evaluate(
    loss,
    { logits, labels, classes },
    { activation, alpha, exampleWeights, reduction: "none", gradient: true, curvature: true, ...step },
  ) as Full;
}

/** The parameters of a loss at a class. */
export function parametersAt({ parameters }: Loss, classIndex: number): Record<string, number> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, typeof value === "number" ? value : value[classIndex]]),
  );
}

/** The views of a target that has this odds ratio pt : (1 - pt), by the textbook. */
export function textbookViews(forIt: number, againstIt: number): Views<number> {
  const pt = forIt / (forIt + againstIt);
  const oneMinusPt = againstIt / (forIt + againstIt);
  return { logPt: Math.log(pt), pt, oneMinusPt, logOneMinusPt: Math.log(oneMinusPt) };
}

/** Value, slope and curvature of a formula, by dual numbers over dual numbers. */
export function jet(formula: Formula, views: Views<number>, parameters: Record<string, number>) {
  const first = dual(numbers);
  const both = formula(dual(first), dualViews(first, dualViews(numbers, views)), parameters);
  const value = both.value;
  const slope = both.slope ?? 0;
  const plain = (operand: typeof value) => (typeof operand === "number" ? operand : Number(operand.value));
  const bend = typeof slope === "number" ? 0 : Number(slope.slope ?? 0);
  return { value: plain(value), slope: plain(slope), curvature: bend };
}

/** Loss, gradient and curvature by the grammar written out: views, dual numbers, scatter, weights. For small logits. */
export function byHand(sample: Sample) {
  const { activation, loss, logits, classes, examples, alpha, exampleWeights } = sample;
  const labels = denseLabels(sample);
  const gradient = new Float64Array(logits.length);
  const curvature = new Float64Array(logits.length);
  const perExample = new Float64Array(examples);
  const { formula, negativeFormula = formula } = loss.definition;
  for (let n = 0; n < examples; n++) {
    const powers = logits.slice(n * classes, (n + 1) * classes).map(Math.exp);
    for (let i = 0; i < classes; i++) {
      const at = n * classes + i;
      if (activation === "sigmoid") {
        for (const label of [1, 0]) {
          const sign = label === 1 ? 1 : -1;
          const weight = exampleWeights[n] * (label === 1 ? alpha[i] * labels[at] : (1 - alpha[i]) * (1 - labels[at]));
          const views = textbookViews(label === 1 ? powers[i] : 1, label === 1 ? 1 : powers[i]);
          const {
            value,
            slope,
            curvature: bend,
          } = jet(label === 1 ? formula : negativeFormula, views, parametersAt(loss, i));
          perExample[n] += weight * value;
          gradient[at] += weight * sign * slope;
          curvature[at] += weight * bend;
        }
        continue;
      }
      const weight = exampleWeights[n] * alpha[i] * labels[at];
      const others = powers.reduce((sum, power, j) => (j === i ? sum : sum + power), 0);
      const { value, slope, curvature: bend } = jet(formula, textbookViews(powers[i], others), parametersAt(loss, i));
      perExample[n] += weight * value;
      for (let j = 0; j < classes; j++) {
        const share = powers[j] / others;
        gradient[n * classes + j] += weight * (j === i ? slope : -slope * share);
        curvature[n * classes + j] += weight * (j === i ? bend : bend * share * share - slope * share * (1 - share));
      }
    }
  }
  return { perExample, gradient, curvature };
}

/** A sum with the digits that matter here. */
export const total = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0);

/**
 * Expects numbers to agree to a tolerance relative to the largest expected one; NaN and infinities must agree exactly.
 * Below 1e-307, where float64 itself loses digits, everything agrees.
 *
 * @param scale the magnitude to which the tolerance is relative, if larger than that of the expected numbers
 */
export function expectClose(
  actual: ArrayLike<number> | number,
  expected: ArrayLike<number> | number,
  tolerance = 1e-12,
  scale = 0,
): void {
  const found = typeof actual === "number" ? [actual] : Array.from(actual);
  const wanted = typeof expected === "number" ? [expected] : Array.from(expected);
  const largest = Math.max(scale, ...wanted.filter(Number.isFinite).map(Math.abs));
  const agree = (a: number, b: number) => Object.is(a, b) || Math.abs(a - b) <= Math.max(tolerance * largest, 1e-307);
  if (found.length === wanted.length && found.every((value, k) => agree(value, wanted[k]))) return;
  expect(found, `to a relative ${tolerance} (largest ${largest})`).toEqual(wanted);
}

/** Expects each number to agree to its own tolerance: every digit counts, however small the number. */
export function expectDigits(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (let k = 0; k < expected.length; k++) expectClose(actual[k], expected[k], tolerance);
}

/** Expects numbers to agree to an absolute tolerance, as probabilities do. */
export function expectAbsolute(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(expected.length);
  expectClose(found, expected, tolerance, 1);
}

/** The rows of a sample at these places, which may repeat. */
export function rowsOf(sample: Sample, places: readonly number[]): Sample {
  const { logits, labels, classes, examples } = sample;
  const rows = (values: ArrayLike<number>, width: number) =>
    places.flatMap((n) => Array.from({ length: width }, (_, j) => values[n * width + j]));
  const width = labels.length / examples;
  return {
    ...sample,
    examples: places.length,
    logits: Float64Array.from(rows(logits, classes)),
    labels:
      labels instanceof Int32Array ? Int32Array.from(rows(labels, width)) : Float64Array.from(rows(labels, width)),
    exampleWeights: rows(sample.exampleWeights, 1),
  };
}
