// Which values the parts of a formula can take, so that a kernel guards only what can overflow.
import { logarithmOfView } from "../../../formula/dual.ts";
import type { Node } from "../../../formula/graph.ts";
import { nodesOf } from "../../../formula/nodes.ts";
import { type OperationName, type ViewName, viewNames } from "../../../formula/operations.ts";
import { isMultiplied } from "../mathematics/power.ts";
import { hasView } from "./parts.ts";

type OperationNode = Extract<Node, { kind: "operation" }>;

/** A range of values. */
export interface Range {
  readonly low: number;
  readonly high: number;
}
/** What is known of the parameters that stay symbols, by name: their range, and whether 12 bits hold their value. */
export type Ranges = Readonly<Record<string, Range & { readonly isShort: boolean }>>;

/**
 * Logits of useful size. Where a formula might not bear larger ones, batches that have some go to the reference.
 */
export const largestLogit = 1e9;
const largestFloat32 = 2 ** 128 - 2 ** 104;
const everything: Range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

type ViewRanges = Readonly<Record<ViewName, Range>>;

/** The ranges of views where no logit is larger. */
const viewsUpTo = (largest: number): ViewRanges => ({
  pt: { low: 0, high: 1 },
  oneMinusPt: { low: 0, high: 1 },
  logPt: { low: -largest, high: 0 },
  logOneMinusPt: { low: -largest, high: 0 },
});
const ordinaryViews = viewsUpTo(largestLogit);

/** The views of a target far behind. */
const viewsFarBehind: ViewRanges = {
  pt: { low: 0, high: 1e-20 },
  oneMinusPt: { low: 1, high: 1 },
  logPt: { low: -largestLogit, high: -46 },
  logOneMinusPt: { low: -1e-20, high: 0 },
};

/** Whether a slope may come near 0 where the target is far behind, as that of a bounded loss does. */
export function mayVanish(slope: Node, parameters: Ranges): boolean {
  const range = rangesOf([slope], parameters, viewsFarBehind).at(-1)?.[1] ?? everything;
  return range.low < 1e-3 && range.high > -1e-3;
}

/** The range of a node, from those of what it is made of. */
export function rangeOf(node: Node, of: (node: Node) => Range, parameters: Ranges, views = ordinaryViews): Range {
  switch (node.kind) {
    case "view":
      return views[node.name];
    case "parameter":
      return Object.hasOwn(parameters, node.name) ? parameters[node.name] : everything;
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
      return a.low > 0 ? { low: Math.log(a.low), high: Math.log(a.high) } : everything;
    default:
      return name satisfies never;
  }
}

/** The smallest range with all these values; one that is undefined makes it unbounded. */
function hull(values: readonly number[]): Range {
  return values.some(Number.isNaN) ? everything : { low: Math.min(...values), high: Math.max(...values) };
}

/** Which of its results a kernel must look at, because a formula may have some that are not what they seem. */
export interface Watched {
  /** Whether there are logits up to the largest float32 at which they are not right. */
  readonly logits: boolean;
  /** Whether derivatives may be undefined or infinite where the value is finite. */
  readonly derivatives: boolean;
}

/** What must be watched of these derivatives of a value, and of the value itself, which the sum shows. */
export function watchedOf([value, ...derivatives]: readonly Node[], parameters: Ranges): Watched {
  const bearsEvery =
    derivatives.length === 0
      ? valueBearsEveryLogit(value) && !hidesOverflow([value], parameters)
      : bearsEveryLogit([value, ...derivatives], parameters);
  const views = viewsUpTo(bearsEvery ? largestFloat32 : largestLogit);
  const isBounded = rangesOf(derivatives, parameters, views).every(([, range]) => isWithin(largestFloat32, range));
  return { logits: !bearsEvery, derivatives: !isBounded };
}

/** The nodes of graphs, each with its range; operands before what they are operands of. */
function rangesOf(roots: readonly Node[], parameters: Ranges, views: ViewRanges): readonly (readonly [Node, Range])[] {
  const ranges = new Map<string, Range>();
  return nodesOf(...roots).map((node) => {
    const range = rangeOf(node, ({ key }) => ranges.get(key) as Range, parameters, views);
    ranges.set(node.key, range);
    return [node, range];
  });
}

const isWithin = (limit: number, { low, high }: Range) => low >= -limit && high <= limit;

/**
 * Whether the value of a formula is right at every finite logit, or is seen to be none. Where the logarithm of a view,
 * which grows with the logit, meets the view itself or the other logarithm, which vanish, a last trace of what should
 * be 0 is multiplied by up to 3e38.
 */
function valueBearsEveryLogit(value: Node): boolean {
  const hasBoth = hasView(value, "logPt") && hasView(value, "logOneMinusPt");
  return (
    !hasBoth &&
    !viewNames.some((view) => {
      const logarithm = logarithmOfView[view];
      return logarithm !== null && hasView(value, view) && hasView(value, logarithm);
    })
  );
}

/**
 * Whether something that float32 cannot hold may come to look like a number: divided by infinity all is 0, and so is a
 * negative power of it; and a choice is made by what is no number. Else the sum shows it.
 */
export function hidesOverflow(parts: readonly Node[], parameters: Ranges): boolean {
  // The distance of two logits may be twice as large as either.
  const all = rangesOf(parts, parameters, viewsUpTo(2 * largestFloat32));
  const ranges = new Map(all.map(([{ key }, range]) => [key, range]));
  const of = ({ key }: Node) => ranges.get(key) as Range;
  const overflows = (node: Node) => !isWithin(largestFloat32, of(node));
  return all.some(([node]) => {
    if (node.kind !== "operation") return false;
    const [a, b] = node.operands;
    if (node.name === "div") return overflows(b);
    return (node.name === "ifPositive" || (node.name === "pow" && of(b).low < 0)) && overflows(a);
  });
}

/**
 * Whether parts of a formula are right at every finite logit. Not where a logarithm of a view is multiplied by
 * something that may vanish; and a derivative that overflows is not seen in the sum.
 */
function bearsEveryLogit(parts: readonly Node[], parameters: Ranges): boolean {
  const all = rangesOf(parts, parameters, viewsUpTo(largestFloat32));
  const ranges = new Map(all.map(([{ key }, range]) => [key, range]));
  return all.every(
    ([node, range]) => node.kind !== "operation" || bears(node, ({ key }) => ranges.get(key) as Range, range),
  );
}

function bears({ name, operands }: OperationNode, of: (node: Node) => Range, result: Range): boolean {
  const isLarge = (node: Node) => !isWithin(largestLogit, of(node));
  const isFixed = ({ kind }: Node) => kind === "constant" || kind === "parameter";
  const [a, b] = operands;
  // Beside the largest float32, parameters vanish.
  const hasRoom = isWithin(largestFloat32 * (1 + 1e-6), result);
  switch (name) {
    case "mul":
      return !(isLarge(a) || isLarge(b)) || (hasRoom && (isFixed(a) || isFixed(b)));
    case "div":
      return !isLarge(b) && (!isLarge(a) || (hasRoom && isFixed(b)));
    // As e^(y log p), whose exponent is known to more digits than float32 has: of one that is huge they are huge, too.
    case "pow":
      return !isLarge(a) && !isLarge(b) && (a.kind !== "view" || (b.kind === "constant" && isMultiplied(b.value)));
    case "exp":
      return !isLarge(a);
    case "expm1":
      return !isLarge(a) || of(a).high <= 80;
    case "add":
    case "sub":
      return !(isLarge(a) || isLarge(b)) || hasRoom;
    default:
      return true;
  }
}
