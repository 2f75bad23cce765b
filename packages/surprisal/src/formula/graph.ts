// The reading that remembers: a formula as a graph of operations, from which other languages are written.
import { fail, texts } from "../errors.ts";
import { assertResult, checkedOperations } from "./checked.ts";
import { constant, type Dual, dual, dualViews, logarithmOfView } from "./dual.ts";
import {
  type Formula,
  isParameterName,
  type Operand,
  type OperationName,
  type Operations,
  type ViewName,
  type Views,
  viewNames,
} from "./operations.ts";

/**
 * A node of the graph; equal nodes are one object, so a shared part is written once.
 *
 * Nodes with the same `key` are equal. A short key is what the node looks like, a long one would grow as the tree that
 * the graph unfolds to, which doubles with every part that is used twice; it is a number instead.
 */
export type Node =
  | { readonly kind: "view"; readonly name: ViewName; readonly key: string }
  | { readonly kind: "parameter"; readonly name: string; readonly key: string }
  | { readonly kind: "constant"; readonly value: number; readonly key: string }
  | {
      readonly kind: "operation";
      readonly name: OperationName;
      readonly operands: readonly Node[];
      readonly key: string;
    };

/** A formula as graphs: what it computes, and its slopes with respect to the margin. */
export interface FormulaGraph {
  readonly value: Node;
  readonly slope: Node;
  readonly curvature: Node;
}

/**
 * Reads a formula as a graph, with its first and second derivative.
 *
 * @param formula what one target costs
 * @param parameterNames the names of its parameters, which stay symbols
 * @throws InputError if the formula cannot be read: it has more than 30,000 operations, or gives a number that is not
 *   finite
 */
export function graphOf<P extends string>(formula: Formula<P>, parameterNames: readonly P[]): FormulaGraph {
  const wrong = parameterNames.find((name) => !isParameterName(name));
  if (wrong !== undefined) fail("graphOf", texts.definitionParameterName(wrong));
  try {
    return readGraph(formula, parameterNames);
  } catch (error) {
    fail("graphOf", texts.definitionThrows(error instanceof Error ? error.message : String(error)));
  }
}

/** The same; throws what the formula throws, or an error that says what it gives. */
export function readGraph<P extends string>(formula: Formula<P>, parameterNames: readonly P[]): FormulaGraph {
  const operations = graphOperations();
  const first = dual(operations);
  const views = dualViews(first, dualViews(operations, viewLeaves));
  const symbols = parameterNames.map((name) => [name, constant(constant(leaf("parameter", name)))]);
  const jet = formula(
    checkedOperations(dual(first)),
    views,
    Object.fromEntries(symbols) as Record<P, Dual<Dual<Node>>>,
  );
  assertResult(jet);
  const value = dualOf(jet.value);
  const slope = dualOf(jet.slope ?? 0);
  return { value: toNode(value.value), slope: toNode(slope.value), curvature: toNode(slope.slope ?? 0) };
}

function dualOf(operand: Operand<Dual<Node>>): Dual<Node> {
  return typeof operand === "number" ? constant<Node>(operand) : operand;
}

function leaf(kind: "view" | "parameter", name: string): Node {
  return { kind, name, key: name } as Node;
}

const viewLeaves: Views<Node> = {
  logPt: leaf("view", "logPt"),
  pt: leaf("view", "pt"),
  oneMinusPt: leaf("view", "oneMinusPt"),
  logOneMinusPt: leaf("view", "logOneMinusPt"),
};

function toNode(operand: Operand<Node>): Node {
  if (typeof operand !== "number") return operand;
  return { kind: "constant", value: operand, key: Object.is(operand, -0) ? "-0" : String(operand) };
}

/** Longer keys are replaced by a number. */
const longestKey = 60;
/** How many keys have been, in all graphs: nodes of two graphs may meet, so no number comes twice. */
let numbered = 0;

/** The operations on nodes; only rewritings that hold for every float are made (never 0 x = 0). */
export function graphOperations(): Operations<Node> {
  const nodes = new Map<string, Node>();
  const make = (name: OperationName, ...operands: readonly Node[]): Node => {
    const text = `${name}(${operands.map(({ key }) => key).join(",")})`;
    const known = nodes.get(text);
    if (known !== undefined) return known;
    const key = text.length <= longestKey ? text : `#${++numbered}`;
    const node: Node = { kind: "operation", name, operands, key };
    nodes.set(text, node);
    return node;
  };
  const isConstant = (node: Node, value: number) => node.kind === "constant" && node.value === value;
  /** The operand of a negation, or null. */
  const negated = (node: Node): Node | null =>
    node.kind === "operation" && node.name === "neg" ? (node.operands[0] as Node) : null;

  function add(left: Operand<Node>, right: Operand<Node>): Node {
    const a = toNode(left);
    const b = toNode(right);
    if (isConstant(a, 0)) return b;
    if (isConstant(b, 0)) return a;
    if (a.kind === "constant" && b.kind === "constant") return toNode(a.value + b.value);
    const minusB = negated(b);
    if (minusB !== null) return sub(a, minusB);
    const minusA = negated(a);
    return minusA === null ? make("add", a, b) : sub(b, minusA);
  }
  function sub(left: Operand<Node>, right: Operand<Node>): Node {
    const a = toNode(left);
    const b = toNode(right);
    if (isConstant(b, 0)) return a;
    if (a.kind === "constant" && b.kind === "constant") return toNode(a.value - b.value);
    const minusB = negated(b);
    if (minusB !== null) return add(a, minusB);
    const minusA = negated(a);
    return minusA === null ? make("sub", a, b) : neg(add(minusA, b));
  }
  function mul(left: Operand<Node>, right: Operand<Node>): Node {
    const a = toNode(left);
    const b = toNode(right);
    if (isConstant(a, 1)) return b;
    if (isConstant(b, 1)) return a;
    if (a.kind === "constant" && b.kind === "constant") return toNode(a.value * b.value);
    const minusA = negated(a);
    if (minusA !== null) return neg(mul(minusA, b));
    const minusB = negated(b);
    return minusB === null ? make("mul", a, b) : neg(mul(a, minusB));
  }
  function neg(operand: Operand<Node>): Node {
    const a = toNode(operand);
    return a.kind === "constant" ? toNode(-a.value) : (negated(a) ?? make("neg", a));
  }
  const unary = (name: OperationName) => (operand: Operand<Node>) => make(name, toNode(operand));

  return {
    add,
    sub,
    mul,
    neg,
    div(left, right) {
      const a = toNode(left);
      const b = toNode(right);
      if (isConstant(b, 1)) return a;
      const minusA = negated(a);
      return minusA === null ? make("div", a, b) : neg(make("div", minusA, b));
    },
    pow(left, right) {
      const exponent = toNode(right);
      if (isConstant(exponent, 0)) return toNode(1); // of NaN, too
      return isConstant(exponent, 1) ? toNode(left) : make("pow", toNode(left), exponent);
    },
    exp(operand) {
      const a = toNode(operand);
      const probability = viewNames.find((name) => a.kind === "view" && logarithmOfView[name] === a.name);
      return probability ? viewLeaves[probability] : make("exp", a);
    },
    log(operand) {
      const a = toNode(operand);
      const logarithm = a.kind === "view" ? logarithmOfView[a.name] : null;
      return logarithm ? viewLeaves[logarithm] : make("log", a);
    },
    log1p: unary("log1p"),
    expm1: unary("expm1"),
    ifPositive: (test, yes, no) => make("ifPositive", toNode(test), toNode(yes), toNode(no)),
  };
}
