// The parameters of a loss: whole ones are put into its formula, the others are filled in with each call.
import { graphOperations, type Node } from "../../../formula/graph.ts";
import { nodesOf } from "../../../formula/nodes.ts";
import type { Operations } from "../../../formula/operations.ts";
import type { Loss } from "../../../losses/define.ts";
import { isMultiplied } from "../mathematics/power.ts";

/** Beyond this magnitude a parameter goes to the reference: float32 would overflow where float64 does not. */
export const largestParameter = 1e6;

/** The symbol under which a kernel finds a parameter, and its two parts for products beyond float32. */
export const parameterSymbols = {
  whole: (name: string) => `${name}.whole`,
  high: (name: string) => `${name}.high`,
  low: (name: string) => `${name}.low`,
};

/** A loss as its kernels see it. */
export interface KernelLoss {
  /** Whole parameters, put into the formula. */
  readonly whole: Readonly<Record<string, number>>;
  /** The others, by the symbols under which kernels know them. */
  readonly symbols: Readonly<Record<string, number>>;
  /** Those of them that 12 bits hold, for which a power takes fewer steps. */
  readonly short: readonly string[];
  /** Tells apart the formulas of one definition. */
  readonly key: string;
}

/**
 * Divides the parameters of a loss into those that are put into the formula and those that are filled in; null where a
 * list of them, or a very large one, is a case for the reference.
 */
export function kernelLossOf(loss: Loss): KernelLoss | null {
  const whole: Record<string, number> = {};
  const symbols: Record<string, number> = {};
  const short: string[] = [];
  for (const [name, value] of Object.entries(loss.parameters)) {
    if (typeof value !== "number" || Math.abs(value) > largestParameter) return null;
    if (isMultiplied(value)) {
      whole[name] = value;
      continue;
    }
    const high = toTwelveBits(value);
    if (high === value) short.push(name);
    symbols[parameterSymbols.whole(name)] = value;
    symbols[parameterSymbols.high(name)] = high;
    symbols[parameterSymbols.low(name)] = value - high;
  }
  return { whole, symbols, short, key: JSON.stringify([whole, short]) };
}

/** The number rounded to 12 bits. */
function toTwelveBits(value: number): number {
  if (value === 0) return 0;
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 11);
  return Math.round(value / unit) * unit;
}

/**
 * Puts numbers in the place of parameters; the operations then simplify themselves: x^1 is x, 1 x is x.
 *
 * @param values the numbers, by name; other parameters stay symbols
 */
export function putNumbers(
  node: Node,
  values: Readonly<Record<string, number>>,
  operations: Operations<Node> = graphOperations(),
): Node {
  const done = new Map<string, Node>();
  const put = (each: Node): Node => {
    if (each.kind === "parameter" && Object.hasOwn(values, each.name)) {
      const value = values[each.name];
      return { kind: "constant", value, key: Object.is(value, -0) ? "-0" : String(value) };
    }
    if (each.kind !== "operation") return each;
    const [a, b, c] = each.operands.map(({ key }) => asOperand(done.get(key) as Node));
    return operations[each.name](a as Node, b as Node, c as Node);
  };
  for (const each of nodesOf(node)) done.set(each.key, put(each));
  return done.get(node.key) as Node;
}

/** The operations fold plain numbers, so a constant goes in as one. */
function asOperand(node: Node): Node | number {
  return node.kind === "constant" ? node.value : node;
}
