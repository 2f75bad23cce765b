// A loss as kernels take it: its formulas with whole parameters put in, and what is known of the others.
import { type FormulaGraph, graphOperations, type Node } from "../../../formula/graph.ts";
import { nodesOf } from "../../../formula/nodes.ts";
import { graphsOf, type LossDefinition } from "../../../losses/define.ts";
import { type KernelLoss, largestParameter, putNumbers } from "./parameters.ts";
import type { Ranges } from "./ranges.ts";

/** A loss as kernels take it: its formulas with whole parameters put in, and what is known of the others. */
export interface KernelFormula {
  readonly positive: FormulaGraph;
  /** The formula of a label 0; the same object where it is the same formula. */
  readonly negative: FormulaGraph;
  readonly ranges: Ranges;
  /** Whether it raises something to so high a power that the last bits of a view would show. */
  readonly isCareful: boolean;
}

/** The formulas of a loss with some parameters put in, and the ranges of the others. */
export function formulaOf(
  definition: LossDefinition,
  { whole, short }: Pick<KernelLoss, "whole" | "short">,
): KernelFormula {
  const graphs = graphsOf(definition);
  const operations = graphOperations();
  const put = ({ value, slope, curvature }: FormulaGraph): FormulaGraph => ({
    value: putNumbers(value, whole, operations),
    slope: putNumbers(slope, whole, operations),
    curvature: putNumbers(curvature, whole, operations),
  });
  const positive = put(graphs.positive);
  const ranges: Ranges = Object.fromEntries(
    Object.entries(definition.parameters ?? {}).map(([name, { min, max }]) => [
      name,
      { low: min ?? -largestParameter, high: max ?? largestParameter, isShort: short.includes(name) },
    ]),
  );
  const negative = graphs.negative === graphs.positive ? positive : put(graphs.negative);
  const parts = [positive, negative].flatMap(({ value, slope, curvature }) => [value, slope, curvature]);
  return { positive, negative, ranges, isCareful: parts.some(multipliesErrors) };
}

/** Whether a graph has a whole power of more than 2: x^n has n times the relative error of x. */
function multipliesErrors(graph: Node): boolean {
  return nodesOf(graph).some((node) => {
    if (node.kind !== "operation" || node.name !== "pow") return false;
    const [, exponent] = node.operands;
    return exponent.kind === "constant" && Math.abs(exponent.value) > 2;
  });
}
