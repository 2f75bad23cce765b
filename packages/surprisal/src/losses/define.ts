// defineLoss: from one formula to a loss that everything in the library understands.
import { fail, isRecord, property, texts } from "../errors.ts";
import { type FormulaGraph, readGraph } from "../formula/graph.ts";
import { type Formula, isParameterName } from "../formula/operations.ts";
import { type Order, Program } from "../formula/program.ts";

/** What a parameter of a loss is, and which values it takes. */
export interface ParameterDefinition {
  readonly default: number;
  readonly min?: number;
  readonly max?: number;
  /** Whether it may be a list with one value per class (softmax) or per label column (sigmoid). */
  readonly perClass?: boolean;
  /** What it does, in a few words. */
  readonly meaning?: string;
  /** Values worth trying when it is chosen by cross validation, from mild to strong; the default if left out. */
  readonly grid?: readonly number[];
  /** How it is written in a formula, as LaTeX; its name if left out. */
  readonly symbol?: string;
}

/** A relation to another loss that must hold exactly; the tests check every declared one. */
export interface Identity {
  readonly parameters: Readonly<Record<string, number>>;
  readonly equals: () => Loss;
  /** The factor between the two: this loss = factor times the other. */
  readonly factor?: number;
}

/** All that a loss is: a formula, its parameters and, for the documentation, some words. */
export interface LossDefinition<P extends string = string> {
  /** An identifier, used in messages, on the command line and as the name of kernels. */
  readonly name: string;
  /** What one target costs, as a function of operations, views and parameters. */
  readonly formula: Formula<P>;
  /**
   * For sigmoid: what a label 0 costs, where that is another formula than for a label 1.
   * Its views speak of the label 0: its `pt` is 1 - p.
   */
  readonly negativeFormula?: Formula<P>;
  readonly parameters?: { readonly [name in P]: ParameterDefinition };
  /** The loss in the field's words, for example "Focal loss". */
  readonly title?: string;
  /** One sentence that a student understands. */
  readonly summary?: string;
  /** When to take it, and when not. */
  readonly whenToUse?: string;
  /** Who published it, with the number of the equation. */
  readonly source?: string;
  readonly identities?: readonly Identity[];
}

/** A loss with its parameters filled in, ready for `evaluate`. */
export interface Loss {
  readonly name: string;
  /** Each parameter, as one number or as one per class. */
  readonly parameters: Readonly<Record<string, number | readonly number[]>>;
  readonly definition: LossDefinition;
}

/** Values for some of the parameters of a loss; the others keep their defaults. */
export type Parameters<P extends string> = { readonly [name in P]?: number | ArrayLike<number> };

/** A function that makes losses of one kind: `focal({ gamma: 2 })`. */
export interface LossFactory<P extends string = string> {
  (parameters?: Parameters<P>): Loss;
  readonly definition: LossDefinition<P>;
}

/**
 * Defines a loss from one formula; value, gradient, curvature, the undo and all back ends follow from it.
 *
 * @example
 * const quadratic = defineLoss({
 *   name: "quadratic",
 *   formula: ({ mul }, { oneMinusPt }) => mul(oneMinusPt, oneMinusPt),
 * });
 * @returns a function that takes the parameters and gives the loss
 * @throws InputError if the name is no identifier, a default is outside its range, or the formula cannot be read
 */
export function defineLoss<const P extends string = never>(definition: LossDefinition<P>): LossFactory<P> {
  if (!isRecord(definition)) fail("defineLoss", texts.definitionMissing(definition));
  const { name, parameters } = definition;
  if (typeof name !== "string" || !identifier.test(name)) fail("defineLoss", texts.definitionName(name));
  for (const part of Object.keys(definition)) {
    if (!definitionParts.includes(part)) fail(name, texts.definitionUnknown(part, definitionParts));
  }
  const described = (parameters ?? {}) as Readonly<Record<string, ParameterDefinition>>;
  const names = Object.keys(described) as P[];
  for (const [parameter, range] of Object.entries(described)) {
    if (!isParameterName(parameter)) fail(name, texts.definitionParameterName(parameter));
    if (!isRecord(range)) fail(name, texts.definitionParameter(parameter, range));
    const { default: value, min, max } = range;
    const inRange = Number.isFinite(value) && value >= (min ?? value) && value <= (max ?? value);
    if (!inRange) fail(name, texts.definitionDefault(parameter, value));
  }
  for (const which of ["formula", "negativeFormula"] as const) {
    const formula = definition[which];
    if (typeof formula === "function" || (formula === undefined && which === "negativeFormula")) continue;
    fail(name, texts.definitionFormula(which, formula));
  }
  try {
    graphsOf(definition as unknown as LossDefinition);
  } catch (error) {
    fail(name, texts.definitionThrows(error instanceof Error ? error.message : String(error)));
  }

  const factory = (given: Parameters<P> = {}): Loss => {
    if (!isRecord(given)) fail(name, texts.parametersNotObject(given, names));
    // Inherited parameters count, too; what every object inherits is no parameter.
    for (const parameter in given) {
      if (!Object.hasOwn(described, parameter) && property(given, parameter) !== undefined)
        fail(name, texts.parameterUnknown(parameter, names));
    }
    const filled = Object.entries(described).map(([parameter, range]) => {
      const value = property(given, parameter);
      return [parameter, value === undefined ? range.default : checkedParameter(name, parameter, value, range)];
    });
    return { name, parameters: Object.fromEntries(filled), definition: definition as unknown as LossDefinition };
  };
  return Object.assign(Object.defineProperty(factory, "name", { value: name }), { definition });
}

const identifier = /^[A-Za-z][A-Za-z0-9]*$/;

const definitionParts: readonly string[] = [
  "name",
  "formula",
  "negativeFormula",
  "parameters",
  "title",
  "summary",
  "whenToUse",
  "source",
  "identities",
] satisfies readonly (keyof LossDefinition)[];

function checkedParameter(where: string, name: string, value: unknown, range: ParameterDefinition) {
  const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
  if (isList && !range.perClass) fail(where, texts.parameterNotPerClass(name));
  const values = isList ? Array.from(value as ArrayLike<unknown>) : [value];
  values.forEach((each, index) => {
    const place = isList ? `${name}[${index}]` : name;
    if (typeof each !== "number" || !Number.isFinite(each)) fail(where, texts.parameterNotNumber(place, each));
    if (range.min !== undefined && each < range.min) fail(where, texts.parameterBelow(place, each, range.min));
    if (range.max !== undefined && each > range.max) fail(where, texts.parameterAbove(place, each, range.max));
  });
  return isList ? (values as number[]) : (value as number);
}

/** The two formulas of a loss as graphs: for a target or label 1, and for a label 0. */
export interface LossGraphs {
  readonly positive: FormulaGraph;
  readonly negative: FormulaGraph;
}

const knownGraphs = new WeakMap<LossDefinition, LossGraphs>();

/** The graphs of a definition, made once. */
export function graphsOf(definition: LossDefinition): LossGraphs {
  const known = knownGraphs.get(definition);
  if (known !== undefined) return known;
  const names = Object.keys(definition.parameters ?? {});
  const positive = readGraph(definition.formula, names);
  const negative = definition.negativeFormula ? readGraph(definition.negativeFormula, names) : positive;
  const graphs = { positive, negative };
  knownGraphs.set(definition, graphs);
  return graphs;
}

/** The two formulas of a loss, ready to run on numbers. */
export interface LossPrograms {
  readonly positive: Program;
  readonly negative: Program;
}

const knownPrograms = new WeakMap<LossGraphs, Map<Order, LossPrograms>>();

/** The programs of a loss, made once per order. */
export function programsOf({ definition }: Loss, order: Order): LossPrograms {
  const graphs = graphsOf(definition);
  const byOrder = knownPrograms.get(graphs) ?? new Map<Order, LossPrograms>();
  const known = byOrder.get(order);
  if (known !== undefined) return known;
  const names = Object.keys(definition.parameters ?? {});
  const positive = new Program(graphs.positive, names, order);
  const negative = graphs.negative === graphs.positive ? positive : new Program(graphs.negative, names, order);
  byOrder.set(order, { positive, negative });
  knownPrograms.set(graphs, byOrder);
  return { positive, negative };
}

/**
 * Checks that the lists among the parameters of a loss have a number for each class.
 *
 * @throws InputError if a parameter is a list whose length is not `classes`
 */
export function checkParameterLengths(loss: Loss, classes: number): void {
  for (const [name, value] of Object.entries(loss.parameters)) {
    if (typeof value !== "number" && value.length !== classes) {
      fail(loss.name, texts.parameterLength(name, value.length, classes));
    }
  }
}

/**
 * The parameters of a loss for each class.
 *
 * @throws InputError if a parameter is a list whose length is not `classes`
 */
export function parametersPerClass(loss: Loss, classes: number): readonly Readonly<Record<string, number>>[] {
  checkParameterLengths(loss, classes);
  const entries = Object.entries(loss.parameters);
  const ofClass = (index: number) =>
    Object.fromEntries(
      entries.map(([name, value]) => [name, typeof value === "number" ? value : value[index]]),
    ) as Record<string, number>;
  const same = entries.every(([, value]) => typeof value === "number");
  const shared = same ? ofClass(0) : null;
  return Array.from({ length: classes }, (_, index) => shared ?? ofClass(index));
}

/**
 * Checks that a value is a loss; a factory that was not called is named as such.
 *
 * @param where what the message begins with
 */
export function checkedLoss(where: string, loss: unknown): Loss {
  if (typeof loss === "function" && "definition" in loss) fail(where, texts.lossIsFactory(loss.name));
  const isLoss = isRecord(loss) && isRecord(loss.definition) && isRecord(loss.parameters);
  return isLoss ? (loss as unknown as Loss) : fail(where, texts.lossMissing(loss));
}
