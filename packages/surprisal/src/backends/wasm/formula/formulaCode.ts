// From the graph of a formula to vector instructions: one rule per operation, and the shortcuts that views allow.
import { logarithmOfView } from "../../../formula/dual.ts";
import type { Node } from "../../../formula/graph.ts";
import type { OperationName } from "../../../formula/operations.ts";
import type { Code } from "../assembler/code.ts";
import { f32x4, type V128, v128 } from "../assembler/instructions.ts";
import { exponential, exponentialMinusOne } from "../mathematics/exponential.ts";
import { generalLogarithmOfOnePlus, logarithm } from "../mathematics/logarithm.ts";
import {
  type Exponent,
  guardedProduct,
  isMultiplied,
  power,
  powerByLogarithm,
  wholePower,
} from "../mathematics/power.ts";
import { isLogarithm, productOf, sharedFactor, without } from "./factors.ts";
import { parameterSymbols } from "./parameters.ts";
import { type Range, type Ranges, rangeOf } from "./ranges.ts";
import { type ViewSource, viewOf } from "./views.ts";

type OperationNode = Extract<Node, { kind: "operation" }>;

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
    return [this.product(factors.slice(0, -1)), this.factor(last)];
  }

  /** Ones where one of these logarithms of views is larger than a number. */
  isBeyond(limit: number, names: readonly ("logPt" | "logOneMinusPt")[]): V128 {
    const { code, views } = this;
    const beyond = names.map((name) => {
      const size = name === "logPt" ? views.minusLogPt() : views.minusLogOneMinusPt();
      return f32x4.gt(size, code.number(limit));
    });
    return beyond.reduce((all, each) => v128.or(all, each));
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
    exp: ({ operands: [a] }) => this.exponentialOf(a),
    log: ({ operands: [a] }) => logarithm(this.code, this.value(a)),
    log1p: ({ operands: [a] }) => generalLogarithmOfOnePlus(this.code, this.value(a)),
    expm1: ({ operands: [a] }) => exponentialMinusOne(this.code, this.value(a)),
    ifPositive: ({ operands: [test, yes, no] }) =>
      v128.select(this.value(yes), this.value(no), f32x4.gt(this.value(test), this.code.number(0))),
  };

  /**
   * a + b or a - b. What both have as a factor is taken out, b c + b d = b (c + d); a product is added as it is made.
   */
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
        : code[isMinus ? "multiplySubtract" : "multiplyAdd"](second, this.factor(multiplier), first);
    const sum = shared === null ? inner : f32x4.mul(this.factor(shared), code.keep(inner, "sum"));
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

  /** A factor of a product; a logarithm stands for its negative. */
  private factor(node: Node): V128 {
    if (node.kind !== "view" || !isLogarithm(node)) return this.value(node);
    return node.name === "logPt" ? this.views.minusLogPt() : this.views.minusLogOneMinusPt();
  }

  private product(factors: readonly Node[]): V128 {
    const { code } = this;
    const [first, ...others] = factors.filter((each) => !isTwo(each)).map((each) => this.factor(each));
    const doublings = factors.filter(isTwo);
    if (first === undefined) return code.number(2 ** doublings.length);
    const product = others.reduce((product, each) => code.keep(f32x4.mul(product, each), "product"), first);
    // Of additions a processor can do more at once.
    return doublings.reduce((product) => code.keep(f32x4.add(product, product), "product"), product);
  }

  /** The logarithms of views come negated, so that one minus sign is saved here. */
  private negated(node: OperationNode): V128 {
    const [a] = node.operands;
    if (isLogarithm(a)) return this.factor(a);
    const isProduct = a.kind === "operation" && a.name === "mul";
    return isProduct ? this.signedProduct(node) : f32x4.neg(this.value(a));
  }

  private power(base: Node, exponent: Node): V128 {
    if (exponent.kind === "constant" && isMultiplied(exponent.value)) {
      return wholePower(this.code, this.value(base), exponent.value);
    }
    const logarithmName = base.kind === "view" ? logarithmOfView[base.name] : null;
    if (logarithmName === null) return power(this.code, this.value(base), this.value(exponent));
    const y = this.exponent(exponent);
    const { minusLogPt, minusLogOneMinusPt } = this.views;
    const minusLogarithm = logarithmName === "logPt" ? minusLogPt() : minusLogOneMinusPt();
    return powerByLogarithm(this.code, y, minusLogarithm);
  }

  /** e^(y log p) is a power of the view p. */
  private exponentialOf(exponent: Node): V128 {
    const { isMinus, factors } = productOf(exponent);
    const [first, second] = factors;
    const isPower = isMinus && factors.length === 2 && isLogarithm(first) !== isLogarithm(second);
    if (!isPower) return exponential(this.code, this.value(exponent));
    const [logarithmOfBase, y] = isLogarithm(first) ? [first, second] : [second, first];
    return powerByLogarithm(this.code, this.exponent(y), this.factor(logarithmOfBase));
  }

  private exponent(exponent: Node): Exponent {
    const { code } = this;
    const isPositive = this.rangeOf(exponent).low >= 0;
    if (exponent.kind === "parameter") {
      const { high, low } = parameterSymbols;
      const isShort = this.parameters[exponent.name]?.isShort ?? false;
      return {
        high: code.symbol(high(exponent.name)),
        low: isShort ? null : code.symbol(low(exponent.name)),
        isPositive,
      };
    }
    const whole = this.value(exponent);
    const high = code.keep(v128.and(whole, code.bits(0xfffff000)), "high");
    return { high, low: code.keep(f32x4.sub(whole, high), "low"), isPositive };
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
