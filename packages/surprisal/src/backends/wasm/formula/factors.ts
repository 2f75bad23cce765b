// A product as its sign and its factors, so that sums of products are computed with fewer steps.
import { logarithmOfView } from "../../../formula/dual.ts";
import type { Node } from "../../../formula/graph.ts";

/** Factors, and whether their product is negated. A logarithm of a view stands for its negative, as which it arises. */
export interface Product {
  readonly isMinus: boolean;
  readonly factors: readonly Node[];
}

/** Whether a node is a view of at most 0. */
export function isLogarithm(node: Node): boolean {
  return node.kind === "view" && logarithmOfView[node.name] === null;
}

/** A product of products of products has as many factors as a tree has leaves; one of more than this is one factor. */
const mostFactors = 8;
const known = new WeakMap<Node, Product>();

/** The product that a node is; of one factor where it is something else. */
export function productOf(node: Node): Product {
  const product = known.get(node) ?? newProduct(node);
  known.set(node, product);
  return product;
}

function newProduct(node: Node): Product {
  if (isLogarithm(node)) return { isMinus: true, factors: [node] };
  const single = { isMinus: false, factors: [node] };
  if (node.kind !== "operation") return single;
  const [a, b] = node.operands;
  if (node.name === "neg") {
    const { isMinus, factors } = productOf(a);
    return { isMinus: !isMinus, factors };
  }
  if (node.name !== "mul") return single;
  const [left, right] = [a, b].map((each) => {
    const product = productOf(each);
    return product.factors.length > mostFactors ? { isMinus: false, factors: [each] } : product;
  });
  return { isMinus: left.isMinus !== right.isMinus, factors: [...left.factors, ...right.factors] };
}

/** A factor that both have, rather an operation or a logarithm, as these cost most; null where there is none. */
export function sharedFactor(a: Product, b: Product): Node | null {
  const shared = a.factors.filter(({ key }) => b.factors.some((each) => each.key === key));
  return shared.find((each) => each.kind === "operation" || isLogarithm(each)) ?? shared[0] ?? null;
}

/** The factors without one of them. */
export function without(factors: readonly Node[], node: Node | null): readonly Node[] {
  const index = factors.findIndex(({ key }) => key === node?.key);
  return factors.filter((_, k) => k !== index);
}
