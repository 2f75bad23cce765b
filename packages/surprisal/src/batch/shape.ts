// The shape of a batch: how many examples and classes, from the lengths of its arrays.
import { fail, isRecord, texts } from "../errors.ts";
import { type FloatArray, isArray, isFloatArray, type NumberArray } from "./arrays.ts";

/** The activations: one of C classes (softmax), or any of C labels (sigmoid). */
export const activations = ["softmax", "sigmoid"] as const;

/** Softmax for classes that exclude each other, sigmoid for a binary answer or for labels that do not. */
export type Activation = (typeof activations)[number];

/** The shape of the logits: row-major `[examples, classes]`. */
export interface Shape {
  readonly activation: Activation;
  readonly examples: number;
  readonly classes: number;
}

/** Checks that a value is one of a list of words. */
export function checkedChoice<const C extends string>(
  where: string,
  name: string,
  value: unknown,
  choices: readonly C[],
): C {
  const found = choices.find((choice) => choice === value);
  return found ?? fail(where, texts.choice(name, value, choices));
}

/** Checks that options are an object without unknown names. */
export function checkedOptions<O extends object>(
  where: string,
  options: O,
  known: readonly string[],
  example: string,
): O {
  if (!isRecord(options)) fail(where, texts.optionsMissing(options, example));
  for (const name of Object.keys(options)) if (!known.includes(name)) fail(where, texts.optionUnknown(name, known));
  return options;
}

/** Checks that logits, or what stands in their place, are floats; a plain array is read as float64. */
export function checkedLogits(where: string, logits: unknown, name = "logits"): FloatArray {
  if (isFloatArray(logits)) return logits;
  if (!Array.isArray(logits)) fail(where, texts.notAnArray(name, logits, "a Float32Array or Float64Array"));
  return Float64Array.from(checkedNumbers(where, name, logits));
}

/** Checks that a value is a list of numbers, NaN among them; which numbers are meant is not checked. */
export function checkedNumbers(where: string, name: string, values: unknown): NumberArray {
  if (!isArray(values)) fail(where, texts.notAnArray(name, values, "an array of numbers"));
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (typeof value === "number") continue;
    const expected = isArray(value) ? "a number (one flat list, row after row)" : "a number";
    fail(where, texts.notAnArray(`${name}[${index}]`, value, expected));
  }
  return values as NumberArray;
}

/** The shape of logits without labels, as `activate` needs it. Sigmoid has one class unless another number is given. */
export function shapeOf(
  where: string,
  logits: FloatArray,
  activation: Activation,
  classes: unknown,
  name = "logits",
): Shape {
  const columns = checkedClasses(where, activation, classes ?? (activation === "sigmoid" ? 1 : undefined));
  const examples = logits.length / columns;
  if (!Number.isInteger(examples)) fail(where, texts.notRows(name, logits.length, columns));
  return { activation, examples, classes: columns };
}

/** Checks a number of classes: at least 2 for softmax, at least 1 for sigmoid. */
export function checkedClasses(where: string, activation: Activation, classes: unknown): number {
  const atLeast = activation === "softmax" ? 2 : 1;
  if (typeof classes !== "number" || !Number.isInteger(classes) || classes < atLeast) {
    fail(where, texts.classesNotCount(classes, atLeast));
  }
  return classes;
}

/**
 * Checks one non-negative weight per entry of an array.
 *
 * @param expected says which length is right, for the message
 */
export function checkedWeights(
  where: string,
  name: string,
  weights: unknown,
  lengths: readonly number[],
  expected: string,
): ArrayLike<number> {
  if (!isArray(weights)) fail(where, texts.notAnArray(name, weights, "an array of numbers"));
  if (!lengths.includes(weights.length)) fail(where, texts.lengthOf(name, weights.length, expected));
  for (let index = 0; index < weights.length; index++) {
    if (!isWeight(weights[index])) fail(where, texts.weightNotValid(`${name}[${index}]`, weights[index]));
  }
  return weights as ArrayLike<number>;
}

/** Checks one weight: finite and not negative. */
export function checkedWeight(where: string, name: string, weight: unknown): number {
  return isWeight(weight) ? weight : fail(where, texts.weightNotValid(name, weight));
}

function isWeight(weight: unknown): weight is number {
  return typeof weight === "number" && weight >= 0 && weight < Number.POSITIVE_INFINITY;
}

/** Checks a number from 0 to 1. */
export function checkedFraction(where: string, value: unknown, text: (shownValue: unknown) => string): number {
  if (typeof value !== "number" || !(value >= 0 && value <= 1)) fail(where, text(value));
  return value;
}
