// A product as its sign and its factors, so that sums of products are computed with fewer steps.
import { logarithmOfView } from "../../formula/dual.ts";
import type { Node } from "../../formula/graph.ts";

/** Factors, and whether their product is negated. Logarithms of views come negated, as they arise. */
export interface Product {
  readonly isMinus: boolean;
  readonly factors: readonly Node[];
}

/** Whether a node is a view of at most 0. */
export function isLogarithm(node: Node): boolean {
  return node.kind === "view" && logarithmOfView[node.name] === null;
}

/** The product that a node is; of one factor where it is something else. */
export function productOf(node: Node): Product {
  if (isLogarithm(node)) {
    return { isMinus: true, factors: [{ kind: "operation", name: "neg", operands: [node], key: `neg(${node.key})` }] };
  }
  if (node.kind !== "operation") return { isMinus: false, factors: [node] };
  const [a, b] = node.operands;
  if (node.name === "neg" && !isLogarithm(a)) {
    const { isMinus, factors } = productOf(a);
    return { isMinus: !isMinus, factors };
  }
  if (node.name !== "mul") return { isMinus: false, factors: [node] };
  const left = productOf(a);
  const right = productOf(b);
  return { isMinus: left.isMinus !== right.isMinus, factors: [...left.factors, ...right.factors] };
}

/** A factor that both have, rather an operation, as these cost most; null where there is none. */
export function sharedFactor(a: Product, b: Product): Node | null {
  const shared = a.factors.filter(({ key }) => b.factors.some((each) => each.key === key));
  return shared.find(({ kind }) => kind === "operation") ?? shared[0] ?? null;
}

/** The factors without one of them. */
export function without(factors: readonly Node[], node: Node | null): readonly Node[] {
  const index = factors.findIndex(({ key }) => key === node?.key);
  return factors.filter((_, k) => k !== index);
}
