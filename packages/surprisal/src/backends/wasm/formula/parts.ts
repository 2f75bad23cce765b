// What a graph is made of, as far as kernels ask: its parts, views, powers and choices.
import type { FormulaGraph, Node } from "../../../formula/graph.ts";
import { nodesOf } from "../../../formula/nodes.ts";
import type { ViewName } from "../../../formula/operations.ts";
import type { Order } from "../../../formula/program.ts";

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
