// From the graph of a formula to vector instructions: one rule per operation, and the shortcuts that views allow.

import { logarithmOfView } from "../../formula/dual.ts";
import { graphOperations, type Node } from "../../formula/graph.ts";
import type { OperationName, Operations } from "../../formula/operations.ts";
import type { Code } from "./assembler/code.ts";
import { f32x4, type V128, v128 } from "./assembler/instructions.ts";
import { productOf, sharedFactor, without } from "./factors.ts";
import { exponential, exponentialMinusOne } from "./mathematics/exponential.ts";
import { generalLogarithmOfOnePlus, logarithm } from "./mathematics/logarithm.ts";
import {
  guardedProduct,
  isMultiplied,
  type Precise,
  power,
  powerByLogarithm,
  wholePower,
} from "./mathematics/power.ts";
import { type ViewSource, viewOf } from "./views.ts";

type OperationNode = Extract<Node, { kind: "operation" }>;

/** A range of values. */
export interface Range {
  readonly low: number;
  readonly high: number;
}
/** What is known of the parameters that stay symbols, by name: their range, and whether 12 bits hold their value. */
export type Ranges = Readonly<Record<string, Range & { readonly isShort: boolean }>>;

/** Beyond this magnitude a parameter goes to the reference: float32 would overflow where float64 does not. */
export const largestParameter = 1e6;

/** The symbol under which a kernel finds a parameter, and its two parts for products beyond float32. */
export const parameterSymbols = {
  whole: (name: string) => `${name}.whole`,
  high: (name: string) => `${name}.high`,
  low: (name: string) => `${name}.low`,
};

/**
 * Puts numbers in the place of parameters; the operations then simplify themselves: x^1 is x, 1 x is x.
 *
 * @param values the numbers, by name; other parameters stay symbols
 */
export function bound(
  node: Node,
  values: Readonly<Record<string, number>>,
  operations: Operations<Node> = graphOperations(),
): Node {
  const known = new Map<string, Node>();
  const visit = (each: Node): Node => {
    if (each.kind === "parameter" && Object.hasOwn(values, each.name)) {
      const value = values[each.name];
      return { kind: "constant", value, key: String(value) };
    }
    if (each.kind !== "operation") return each;
    const done = known.get(each.key);
    if (done !== undefined) return done;
    const [a, b, c] = each.operands.map((operand) => asOperand(visit(operand)));
    const result = operations[each.name](a as Node, b as Node, c as Node);
    known.set(each.key, result);
    return result;
  };
  return visit(node);
}

/** The operations fold plain numbers, so a constant goes in as one. */
function asOperand(node: Node): Node | number {
  return node.kind === "constant" ? node.value : node;
}

/** Computes nodes of one graph in a function; what they share is computed once. */
export class FormulaCode {
  private readonly known = new Map<string, V128>();
  private readonly ranges = new Map<string, Range>();

  constructor(
    private readonly code: Code,
    private readonly views: ViewSource,
    private readonly parameters: Ranges,
  ) {}

  /** The value of a node for the four targets at hand. */
  value(node: Node): V128 {
    const known = this.known.get(node.key);
    if (known !== undefined) return known;
    const computed = this.compute(node);
    const kept = computed.operands.length === 0 ? computed : this.code.keep(computed, node.kind);
    this.known.set(node.key, kept);
    return kept;
  }

  /** The value of a node to be added up: as it is, or as two factors, so that the product is added as it is made. */
  summand(node: Node): readonly [V128] | readonly [V128, V128] {
    const { isMinus, factors } = productOf(node);
    const last = factors.at(-1);
    if (isMinus || last === undefined || factors.length < 2 || !factors.every((each) => this.isFinite(each))) {
      return [this.value(node)];
    }
    return [this.product(factors.slice(0, -1)), this.value(last)];
  }

  private compute(node: Node): V128 {
    switch (node.kind) {
      case "view":
        return viewOf(this.views, node.name);
      case "parameter":
        return this.code.symbol(parameterSymbols.whole(node.name));
      case "constant":
        return this.code.number(node.value);
      case "operation":
        return this.rules[node.name](node);
      default:
        return node satisfies never;
    }
  }

  private readonly rules: { readonly [name in OperationName]: (node: OperationNode) => V128 } = {
    add: (node) => this.sum(node),
    sub: (node) => this.sum(node),
    mul: (node) => this.signedProduct(node),
    div: ({ operands: [a, b] }) => f32x4.div(this.value(a), this.value(b)),
    neg: (node) => this.negated(node),
    pow: ({ operands: [base, exponent] }) => this.power(base, exponent),
    exp: ({ operands: [a] }) => exponential(this.code, this.value(a)),
    log: ({ operands: [a] }) => logarithm(this.code, this.value(a)),
    log1p: ({ operands: [a] }) => generalLogarithmOfOnePlus(this.code, this.value(a)),
    expm1: ({ operands: [a] }) => exponentialMinusOne(this.code, this.value(a)),
    ifPositive: ({ operands: [test, yes, no] }) =>
      v128.select(this.value(yes), this.value(no), f32x4.gt(this.value(test), this.code.number(0))),
  };

  /** a + b or a - b. What both have as a factor is taken out, b c + b d = b (c + d); a product is added as it is made. */
  private sum({ name, operands: [a, b] }: OperationNode): V128 {
    const { code } = this;
    const left = productOf(a);
    const right = productOf(b);
    if (![...left.factors, ...right.factors].every((each) => this.isFinite(each))) {
      return f32x4[name === "add" ? "add" : "sub"](this.value(a), this.value(b));
    }
    const shared = sharedFactor(left, right);
    const first = this.product(without(left.factors, shared));
    const [multiplier, ...others] = [...without(right.factors, shared)].reverse();
    const isMinus = (left.isMinus !== right.isMinus) !== (name === "sub");
    const second = this.product(others.length === 0 && multiplier !== undefined ? [multiplier] : others.reverse());
    const inner =
      others.length === 0
        ? f32x4[isMinus ? "sub" : "add"](first, second)
        : code[isMinus ? "multiplySubtract" : "multiplyAdd"](second, this.value(multiplier), first);
    const sum = shared === null ? inner : f32x4.mul(this.value(shared), code.keep(inner, "sum"));
    return left.isMinus ? f32x4.neg(sum) : sum;
  }

  /** A product, or its negative; signs are gathered, so that most vanish. */
  private signedProduct(node: OperationNode): V128 {
    const { isMinus, factors } = productOf(node);
    if (factors.every((each) => this.isFinite(each))) {
      const product = this.product(factors);
      return isMinus ? f32x4.neg(product) : product;
    }
    const [a, b] = node.operands;
    return node.name === "mul" ? guardedProduct(this.code, this.value(a), this.value(b)) : f32x4.neg(this.value(a));
  }

  private product(factors: readonly Node[]): V128 {
    const { code } = this;
    const [first, ...others] = factors.filter((each) => !isTwo(each)).map((each) => this.value(each));
    const doublings = factors.filter(isTwo);
    if (first === undefined) return code.number(2 ** doublings.length);
    const product = others.reduce((product, each) => code.keep(f32x4.mul(product, each), "product"), first);
    // Of additions a processor can do more at once.
    return doublings.reduce((product) => code.keep(f32x4.add(product, product), "product"), product);
  }

  /** The logarithms of views come negated, so that one minus sign is saved here. */
  private negated(node: OperationNode): V128 {
    const [a] = node.operands;
    if (a.kind === "view" && a.name === "logPt") return this.views.minusLogPt();
    if (a.kind === "view" && a.name === "logOneMinusPt") return this.views.minusLogOneMinusPt();
    const isProduct = a.kind === "operation" && a.name === "mul";
    return isProduct ? this.signedProduct(node) : f32x4.neg(this.value(a));
  }

  private power(base: Node, exponent: Node): V128 {
    if (exponent.kind === "constant" && isMultiplied(exponent.value)) {
      return wholePower(this.code, this.value(base), exponent.value);
    }
    const logarithmName = base.kind === "view" ? logarithmOfView[base.name] : null;
    if (logarithmName === null) return power(this.code, this.value(base), this.value(exponent));
    const { high, low } = this.precise(exponent);
    const { minusLogPt, minusLogOneMinusPt } = this.views;
    const minusLogarithm = logarithmName === "logPt" ? minusLogPt() : minusLogOneMinusPt();
    return powerByLogarithm(this.code, { high, low }, minusLogarithm, this.rangeOf(exponent).low >= 0);
  }

  private precise(exponent: Node): Precise {
    const { code } = this;
    if (exponent.kind === "parameter") {
      const { high, low } = parameterSymbols;
      const isShort = this.parameters[exponent.name]?.isShort ?? false;
      return { high: code.symbol(high(exponent.name)), low: isShort ? null : code.symbol(low(exponent.name)) };
    }
    const whole = this.value(exponent);
    const high = code.keep(v128.and(whole, code.bits(0xfffff000)), "high");
    return { high, low: code.keep(f32x4.sub(whole, high), "low") };
  }

  /** Whether a product with this node cannot be 0 times infinity. */
  private isFinite(node: Node): boolean {
    const { low, high } = this.rangeOf(node);
    return low > -largestFinite && high < largestFinite;
  }

  /** Bounds of a node's values, from those of views and parameters. */
  private rangeOf(node: Node): Range {
    const known = this.ranges.get(node.key);
    if (known !== undefined) return known;
    const range = rangeOf(node, (each) => this.rangeOf(each), this.parameters);
    this.ranges.set(node.key, range);
    return range;
  }
}

const isTwo = (node: Node) => node.kind === "constant" && node.value === 2;

/** Half-way to float32's end, as a logarithm: products of what is below are finite. */
const largestFinite = 1e18;
/** Logits of useful size; of larger ones a kernel may give infinity, which sends the batch to the reference. */
const largestLogit = 1e9;
const everything: Range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

function rangeOf(node: Node, of: (node: Node) => Range, parameters: Ranges): Range {
  switch (node.kind) {
    case "view":
      return logarithmOfView[node.name] === null ? { low: -largestLogit, high: 0 } : { low: 0, high: 1 };
    case "parameter":
      return parameters[node.name] ?? everything;
    case "constant":
      return { low: node.value, high: node.value };
    case "operation":
      return rangeOfOperation(node.name, node.operands.map(of));
    default:
      return node satisfies never;
  }
}

function rangeOfOperation(name: OperationName, [a, b, c]: readonly Range[]): Range {
  switch (name) {
    case "add":
      return { low: a.low + b.low, high: a.high + b.high };
    case "sub":
      return { low: a.low - b.high, high: a.high - b.low };
    case "mul":
      return hull([a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]);
    case "neg":
      return { low: -a.high, high: -a.low };
    case "pow":
      if (a.low < 0 || b.low < 0) return everything;
      return hull([a.low ** b.low, a.low ** b.high, a.high ** b.low, a.high ** b.high]);
    case "exp":
      return { low: 0, high: Math.exp(a.high) };
    case "expm1":
      return { low: -1, high: Math.expm1(a.high) };
    case "log1p":
      return a.low >= 0 ? { low: 0, high: Math.log1p(a.high) } : everything;
    case "ifPositive":
      return hull([b.low, b.high, c.low, c.high]);
    case "div":
      // Near 0 a quotient has no bound, nor has a logarithm.
      if (b.low <= 0 && b.high >= 0) return everything;
      return hull([a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high]);
    case "log":
      return everything;
    default:
      return name satisfies never;
  }
}

/** The smallest range with all these values; one that is undefined makes it unbounded. */
function hull(values: readonly number[]): Range {
  return values.some(Number.isNaN) ? everything : { low: Math.min(...values), high: Math.max(...values) };
}
