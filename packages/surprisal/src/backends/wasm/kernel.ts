// What a kernel is made from, and what comes out: a function together with the constants that it expects.

import type { FormulaGraph, Node } from "../../formula/graph.ts";
import { nodesOf } from "../../formula/nodes.ts";
import type { ViewName } from "../../formula/operations.ts";
import type { Order } from "../../formula/program.ts";
import type { Code, ConstantValue, WasmFunction } from "./assembler/code.ts";
import type { Ranges } from "./ranges.ts";
import type { ViewNeeds } from "./views.ts";

/** A loss as kernels take it: its formulas with whole parameters put in, and what is known of the others. */
export interface KernelFormula extends Pick<ViewNeeds, "isCareful"> {
  readonly positive: FormulaGraph;
  /** The formula of a label 0; the same object where it is the same formula. */
  readonly negative: FormulaGraph;
  readonly ranges: Ranges;
}

/** A function with its constants. */
export interface Kernel {
  readonly function: WasmFunction;
  readonly constants: readonly ConstantValue[];
}

/** The parts of a formula up to an order. */
export function partsOf({ value, slope, curvature }: FormulaGraph, order: Order): readonly Node[] {
  return [value, slope, curvature].slice(0, order + 1);
}

/** Whether a graph asks for a view. */
export function hasView(node: Node, name: ViewName): boolean {
  return nodesOf(node).some((each) => isView(each, name));
}

const isView = (node: Node, name: ViewName) => node.kind === "view" && node.name === name;

/** Whether a graph has a value that depends on the sign of another. */
export function hasChoice(node: Node): boolean {
  return nodesOf(node).some((each) => each.kind === "operation" && each.name === "ifPositive");
}

/** Whether a graph has a power whose exponent is no whole number that is known beforehand. */
export function hasPower(node: Node): boolean {
  return nodesOf(node).some(
    (each) => each.kind === "operation" && each.name === "pow" && each.operands[1].kind !== "constant",
  );
}

/** Whether the loss is cross entropy, -log pt, for which sums of many have a shortcut. */
export function isSurprisal({ value }: FormulaGraph): boolean {
  return value.kind === "operation" && value.name === "neg" && isView(value.operands[0], "logPt");
}

/** A part of a formula, and two opposite symbols that it is multiplied by; where it is negated, they change places. */
export function signedBy(part: Node, plus: string, minus: string): readonly [part: Node, plus: string, minus: string] {
  const isNegated = part.kind === "operation" && part.name === "neg";
  return isNegated ? [part.operands[0], minus, plus] : [part, plus, minus];
}

/**
 * The parameters with which every kernel begins; the pointers of its arrays follow. It gives the sum of the weighted
 * losses, and NaN where a number is none that it was made for; then its outputs are void.
 */
export function kernelParameters(code: Code) {
  return {
    /** Memory that belongs to the call. */
    scratch: code.parameter("scratch", "i32"),
    classes: code.parameter("classes", "i32"),
    /** How many rows, or elements, there are. */
    count: code.parameter("count", "i32"),
  };
}

/** The symbols under which kernels find what changes from call to call. */
export const callSymbols = {
  scale: "scale",
  minusScale: "minusScale",
  weightOfOne: "weightOfOne",
  weightOfZero: "weightOfZero",
} as const;
