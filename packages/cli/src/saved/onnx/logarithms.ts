// A formula's graph in ONNX, over signs and logarithms of magnitudes: nothing overflows, nothing underflows.
//
// The slope of focal with gamma 5 at logit 200 is e^-1200, which float64 cannot hold; its logarithm is plain. So no
// margin has to be clamped. Signs that are known while the graph is built cost no node.
import { type Node, numbers, type ViewName } from "surprisal";
import type { GraphBuilder } from "./graph.ts";

/** A tensor as its sign (a number if known, else a tensor) and the logarithm of its size, idle where the sign is 0. */
export interface SignedLogarithm {
  readonly sign: -1 | 0 | 1 | string;
  readonly log: string;
  /** The plain values, where they are at hand. */
  readonly plain?: string;
}

/** A number, or a tensor in logarithms. */
export type Value = number | SignedLogarithm;

/** The views of the targets, each made when a formula asks for it. */
export type ViewTensors = { readonly [name in ViewName]: () => SignedLogarithm };

/** The logarithm that stands for that of 0; -Infinity would breed NaN. */
export const logOfZero = -1e300;

/**
 * Adds the nodes that compute a formula.
 *
 * @param graph where they are added
 * @param root the formula, or its slope
 * @param views of the targets, tensors `[N, outputs]`
 * @param parameters one number, or one per output
 */
export function translate(
  graph: GraphBuilder,
  root: Node,
  views: ViewTensors,
  parameters: Readonly<Record<string, number | readonly number[]>>,
): Value {
  const done = new Map<string, Value>();
  const visit = (node: Node): Value => {
    const known = done.get(node.key);
    if (known !== undefined) return known;
    const value = make(node);
    done.set(node.key, value);
    return value;
  };
  const make = (node: Node): Value => {
    switch (node.kind) {
      case "view":
        return views[node.name]();
      case "constant":
        return node.value;
      case "parameter": {
        const value = parameters[node.name];
        if (typeof value === "number") return value;
        return value.every((each) => each === value[0])
          ? value[0]
          : fromPlain(graph, graph.double(value, [1, value.length]));
      }
      case "operation":
        return operation(graph, node, node.operands.map(visit));
      default:
        return node satisfies never;
    }
  };
  return visit(root);
}

function operation(graph: GraphBuilder, { name }: Node & { kind: "operation" }, operands: readonly Value[]): Value {
  if (operands.every((operand) => typeof operand === "number")) {
    return (numbers[name] as (...operands: readonly number[]) => number)(...operands);
  }
  const [a, b, c] = operands;
  switch (name) {
    case "add":
      return add(graph, a, b);
    case "sub":
      return add(graph, a, neg(graph, b));
    case "mul":
      return mul(graph, a, b);
    case "div":
      return div(graph, a, b);
    case "neg":
      return neg(graph, a);
    case "pow":
      return pow(graph, a, b);
    case "exp":
      return { sign: 1, log: plain(graph, signed(graph, a)) };
    case "log":
      return fromPlain(graph, logOrZero(graph, signed(graph, a)));
    case "log1p":
      return log1p(graph, signed(graph, a));
    case "expm1":
      return expm1(graph, signed(graph, a));
    case "ifPositive":
      return ifPositive(graph, a, b, c);
    default:
      return name satisfies never;
  }
}

/** log(1 + x) of plain values, exact for small x: what is lost in u = 1 + x is divided out again. */
export function plainLog1p(graph: GraphBuilder, x: string): string {
  const one = graph.double(1);
  const u = graph.node("Add", [one, x]);
  const ratio = graph.node("Div", [x, graph.node("Sub", [u, one])]);
  const exact = graph.node("Mul", [graph.node("Log", [u]), ratio]);
  return graph.node("Where", [graph.node("Equal", [u, one]), x, exact]);
}

function signed(graph: GraphBuilder, value: Value): SignedLogarithm {
  if (typeof value !== "number") return value;
  const log = value === 0 ? logOfZero : Math.min(Math.log(Math.abs(value)), -logOfZero);
  return { sign: Math.sign(value) as -1 | 0 | 1, log: graph.double(log), plain: graph.double(value) };
}

function fromPlain(graph: GraphBuilder, values: string): SignedLogarithm {
  return { sign: graph.node("Sign", [values]), log: graph.node("Log", [nonZero(graph, values)]), plain: values };
}

/** The magnitudes of plain values, at least 1e-300, so that a logarithm can be taken. */
function nonZero(graph: GraphBuilder, values: string): string {
  return graph.node("Max", [graph.node("Abs", [values]), graph.double(1e-300)]);
}

function plain(graph: GraphBuilder, value: SignedLogarithm): string {
  if (value.plain !== undefined) return value.plain;
  return withSign(graph, value.sign, graph.node("Exp", [graph.node("Min", [value.log, graph.double(700)])]));
}

function withSign(graph: GraphBuilder, sign: SignedLogarithm["sign"], magnitudes: string): string {
  if (sign === 1) return magnitudes;
  if (sign === -1) return graph.node("Neg", [magnitudes]);
  return graph.node("Mul", [sign === 0 ? graph.double(0) : sign, magnitudes]);
}

const signTensor = (graph: GraphBuilder, sign: SignedLogarithm["sign"]): string =>
  typeof sign === "number" ? graph.double(sign) : sign;

const isZero = (graph: GraphBuilder, tensor: string): string => graph.node("Equal", [tensor, graph.double(0)]);

/** The logarithm, made very small where the value is 0. */
function logOrZero(graph: GraphBuilder, { sign, log }: SignedLogarithm): string {
  if (sign === 0) return graph.double(logOfZero);
  return typeof sign === "number" ? log : graph.node("Where", [isZero(graph, sign), graph.double(logOfZero), log]);
}

function add(graph: GraphBuilder, left: Value, right: Value): Value {
  if (left === 0) return right;
  if (right === 0) return left;
  const a = signed(graph, left);
  const b = signed(graph, right);
  const logs = [logOrZero(graph, a), logOrZero(graph, b)];
  const largest = graph.node("Max", logs);
  const [shareA, shareB] = logs.map((log) => graph.node("Exp", [graph.node("Sub", [log, largest])]));
  if (typeof a.sign === "number" && a.sign === b.sign) {
    const sum = graph.node("Add", [shareA, shareB]);
    return { sign: a.sign, log: graph.node("Add", [largest, graph.node("Log", [sum])]) };
  }
  const sum = graph.node("Add", [withSign(graph, a.sign, shareA), withSign(graph, b.sign, shareB)]);
  const log = graph.node("Add", [largest, graph.node("Log", [nonZero(graph, sum)])]);
  return { sign: graph.node("Sign", [sum]), log };
}

function neg(graph: GraphBuilder, operand: Value): Value {
  if (typeof operand === "number") return -operand;
  const sign = typeof operand.sign === "number" ? opposite[operand.sign] : graph.node("Neg", [operand.sign]);
  return { sign, log: operand.log };
}

const opposite = { [-1]: 1, 0: 0, 1: -1 } as const;

function signProduct(graph: GraphBuilder, a: SignedLogarithm["sign"], b: SignedLogarithm["sign"]) {
  if (typeof a === "number" && typeof b === "number") return (a * b) as -1 | 0 | 1;
  if (a === 0 || b === 0) return 0;
  return typeof a === "number" ? withSign(graph, a, b as string) : withSign(graph, b, a);
}

function mul(graph: GraphBuilder, left: Value, right: Value): Value {
  if (left === 0 || right === 0) return 0;
  const a = signed(graph, left);
  const b = signed(graph, right);
  return { sign: signProduct(graph, a.sign, b.sign), log: graph.node("Add", [a.log, b.log]) };
}

function div(graph: GraphBuilder, left: Value, right: Value): Value {
  if (left === 0) return 0;
  const a = signed(graph, left);
  const b = signed(graph, right);
  // What is divided by 0 is infinite with its own sign.
  const divisor =
    typeof b.sign === "number" ? b.sign || 1 : graph.node("Where", [isZero(graph, b.sign), graph.double(1), b.sign]);
  return { sign: signProduct(graph, a.sign, divisor), log: graph.node("Sub", [a.log, logOrZero(graph, b)]) };
}

/** The base is not negative, so its sign is 0 or 1. */
function pow(graph: GraphBuilder, left: Value, right: Value): Value {
  if (right === 0) return 1;
  const base = signed(graph, left);
  const exponent = plain(graph, signed(graph, right));
  const log = graph.node("Mul", [base.log, exponent]);
  if (typeof right === "number") return { sign: base.sign, log };
  const flat = isZero(graph, exponent);
  const sign = base.sign === 1 ? 1 : graph.node("Where", [flat, graph.double(1), signTensor(graph, base.sign)]);
  return { sign, log: graph.node("Where", [flat, graph.double(0), log]) };
}

/** log(1 + a); for a below e^-40 that is a itself. */
function log1p(graph: GraphBuilder, a: SignedLogarithm): Value {
  const large = fromPlain(graph, plainLog1p(graph, plain(graph, a)));
  return below(graph, a, -40, a, large);
}

/** e^a - 1; for magnitudes below e^-40 that is a itself, above 40 it is e^a. */
function expm1(graph: GraphBuilder, a: SignedLogarithm): Value {
  const x = plain(graph, a);
  const one = graph.double(1);
  const u = graph.node("Exp", [graph.node("Max", [graph.node("Min", [x, graph.double(40)]), graph.double(-40)])]);
  const less = graph.node("Sub", [u, one]);
  const ratio = graph.node("Div", [less, graph.node("Log", [u])]);
  const exact = graph.node("Where", [graph.node("Equal", [u, one]), x, graph.node("Mul", [ratio, x])]);
  const far = graph.node("Less", [x, graph.double(-40)]);
  const middle = fromPlain(graph, graph.node("Where", [far, graph.double(-1), exact]));
  const huge = graph.node("Greater", [x, graph.double(40)]);
  const upper = { sign: middle.sign, log: graph.node("Where", [huge, x, middle.log]) };
  return below(graph, a, -40, a, upper);
}

/** `small` where the logarithm of `a` is below a limit, else `large`. */
function below(graph: GraphBuilder, a: SignedLogarithm, limit: number, small: SignedLogarithm, large: SignedLogarithm) {
  return choose(graph, graph.node("Less", [logOrZero(graph, a), graph.double(limit)]), small, large);
}

function ifPositive(graph: GraphBuilder, test: Value, yes: Value, no: Value): Value {
  const sign = typeof test === "number" ? Math.sign(test) : test.sign;
  if (typeof sign === "number") return sign > 0 ? yes : no;
  return choose(graph, graph.node("Greater", [sign, graph.double(0)]), signed(graph, yes), signed(graph, no));
}

function choose(graph: GraphBuilder, condition: string, yes: SignedLogarithm, no: SignedLogarithm): SignedLogarithm {
  const sign =
    yes.sign === no.sign
      ? yes.sign
      : graph.node("Where", [condition, signTensor(graph, yes.sign), signTensor(graph, no.sign)]);
  return { sign, log: graph.node("Where", [condition, yes.log, no.log]) };
}
