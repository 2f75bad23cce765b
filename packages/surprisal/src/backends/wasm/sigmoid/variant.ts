// For which batches a sigmoid kernel is made, and which parts and arrays it then has.
import type { FormulaGraph, Node } from "../../../formula/graph.ts";
import type { Order } from "../../../formula/program.ts";

/** For which batches a sigmoid kernel is made. */
export interface SigmoidVariant {
  readonly activation: "sigmoid";
  /** Labels that are 0 or 1 and nothing else, for losses with one formula; or any value from 0 to 1. */
  readonly labels: "hard" | "soft";
  readonly labelType: "float32" | "int32" | "uint8";
  /** No weights, one for label 1 and one for label 0, or both for each element. */
  readonly weights: "none" | "byLabel" | "byElement";
  /** Whether each derivative is written, and the loss of each element. What is not written is computed for no-one. */
  readonly gradient: boolean;
  readonly curvature: boolean;
  readonly elements: boolean;
}

/** How many derivatives a kernel goes up to, though it may leave out the first. */
export function orderOf({ gradient, curvature }: SigmoidVariant): Order {
  return curvature ? 2 : gradient ? 1 : 0;
}

/** The parts of a formula that a kernel computes: the value, for the sum, and the derivatives that are written. */
export function partsFor(graph: FormulaGraph, { gradient, curvature }: SigmoidVariant) {
  return {
    value: graph.value,
    slope: gradient ? graph.slope : null,
    curvature: curvature ? graph.curvature : null,
  };
}

/** Those of them that there are. */
export const nodesIn = ({ value, slope, curvature }: ReturnType<typeof partsFor>): readonly Node[] =>
  [value, slope, curvature].filter((each) => each !== null);

/** The arrays that a sigmoid kernel works on, in the order of its parameters. */
export const sigmoidPointers = [
  "logits",
  "labels",
  "gradient",
  "curvature",
  "elements",
  "positive",
  "negative",
] as const;
export type PointerName = (typeof sigmoidPointers)[number];

/** Whether a kernel works on an array. */
export function hasPointer(name: PointerName, variant: SigmoidVariant): boolean {
  switch (name) {
    case "logits":
    case "labels":
      return true;
    case "positive":
    case "negative":
      return variant.weights === "byElement";
    default:
      return variant[name];
  }
}
