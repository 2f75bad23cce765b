// The operations of which a loss formula is made, and the views of an example that it may ask for.

/** What an operation takes: a value of the reading at hand, or a plain number, which every reading understands. */
export type Operand<T> = T | number;

/**
 * The operations that a formula may use.
 *
 * A **reading** gives each of them a meaning: plain numbers, numbers with a slope, logarithms, nodes of a graph.
 * One formula, written as a function of its operations, has all these readings.
 */
export interface Operations<T> {
  /** a + b */
  add(a: Operand<T>, b: Operand<T>): T;
  /** a - b */
  sub(a: Operand<T>, b: Operand<T>): T;
  /** a b, where 0 times infinity is 0 (as 0 log 0 = 0 asks) */
  mul(a: Operand<T>, b: Operand<T>): T;
  /** a / b */
  div(a: Operand<T>, b: Operand<T>): T;
  /** -a */
  neg(a: Operand<T>): T;
  /** base^exponent for a base that is not negative; 0^0 = 1 */
  pow(base: Operand<T>, exponent: Operand<T>): T;
  /** e^a */
  exp(a: Operand<T>): T;
  /** the natural logarithm; for a probability take the view `logPt` or `logOneMinusPt`, which loses nothing */
  log(a: Operand<T>): T;
  /** log(1 + a), exact for small a */
  log1p(a: Operand<T>): T;
  /** e^a - 1, exact for small a */
  expm1(a: Operand<T>): T;
  /** `then` where test > 0, else `otherwise`: the one way to write a maximum, a clip or a case */
  ifPositive(test: Operand<T>, then: Operand<T>, otherwise: Operand<T>): T;
}

/** Every operation by its name; a table over them is checked by the compiler for completeness. */
export type OperationName = keyof Operations<unknown>;

/**
 * What a formula may know of an example, each computed without cancellation at every magnitude.
 *
 * `pt` is the probability that the model gives to the target: of the labelled class (softmax), of the given label
 * (sigmoid: p for label 1, 1 - p for label 0).
 */
export interface Views<T> {
  /** log pt, at most 0 */
  readonly logPt: T;
  /** pt, from 0 to 1 */
  readonly pt: T;
  /** 1 - pt, exact also where pt rounds to 1 */
  readonly oneMinusPt: T;
  /** log(1 - pt), at most 0 */
  readonly logOneMinusPt: T;
}

/** A name of a view. */
export type ViewName = keyof Views<unknown>;

/** The names of the views, in the order of the documentation. */
export const viewNames: readonly ViewName[] = ["logPt", "pt", "oneMinusPt", "logOneMinusPt"];

/** Whether a parameter may be called so: letters and digits, a letter first, and no name of a view. */
export function isParameterName(name: unknown): name is string {
  return typeof name === "string" && /^[A-Za-z][A-Za-z0-9]*$/.test(name) && !viewNames.some((view) => view === name);
}

/** One line of mathematics: what one target costs, as a function of operations, views and parameters. */
export type Formula<Parameter extends string = string> = <T>(
  operations: Operations<T>,
  views: Views<T>,
  parameters: { readonly [name in Parameter]: Operand<T> },
) => T;
