// A formula as a short list of steps over numbers: what the reference back end runs for every target.
//
// Value, slope and curvature are one program, so what they share is computed once, and running it allocates nothing.
import type { FormulaGraph, Node } from "./graph.ts";
import { nodesOf } from "./nodes.ts";
import { numbers } from "./numbers.ts";
import { type OperationName, viewNames } from "./operations.ts";

/** How many derivatives a program computes beside the value. */
export type Order = 0 | 1 | 2;

const codes = {
  add: 0,
  sub: 1,
  mul: 2,
  div: 3,
  neg: 4,
  pow: 5,
  exp: 6,
  log: 7,
  log1p: 8,
  expm1: 9,
  ifPositive: 10,
} as const satisfies { readonly [name in OperationName]: number };

/** A formula compiled to steps. It has registers of its own: run it, then read its results. */
export class Program {
  /** The views, the parameters, the constants and one register per step. Fill the first four, the views, then `run`. */
  readonly registers: Float64Array;
  /** Code, target and up to three operands of each step. */
  private readonly steps: Int32Array;
  private readonly results: readonly number[];
  private readonly parameterNames: readonly string[];

  /**
   * @param graph the formula and its derivatives
   * @param parameterNames the parameters, as `setParameters` will give them
   * @param order which of value, slope and curvature to compute
   */
  constructor(graph: FormulaGraph, parameterNames: readonly string[], order: Order) {
    const places = new Map<string, number>();
    const initial: number[] = [];
    const place = (key: string, value: number): number => {
      places.set(key, initial.length);
      return initial.push(value) - 1;
    };
    for (const name of [...viewNames, ...parameterNames]) place(name, 0);
    const steps: number[] = [];
    const roots = [graph.value, graph.slope, graph.curvature].slice(0, order + 1);
    const placeOf = ({ key }: Node): number => places.get(key) as number;
    for (const node of nodesOf(...roots)) {
      if (places.has(node.key)) continue;
      if (node.kind === "constant") place(node.key, node.value);
      else if (node.kind !== "operation")
        throw new Error(`${node.key} is neither a view nor a parameter of the formula`);
      else {
        const [a, b = 0, c = 0] = node.operands.map(placeOf);
        steps.push(codes[node.name], place(node.key, 0), a, b, c);
      }
    }
    this.results = roots.map(placeOf);
    this.registers = Float64Array.from(initial);
    this.steps = Int32Array.from(steps);
    this.parameterNames = parameterNames;
  }

  /** Sets the parameters for the runs that follow. */
  setParameters(values: Readonly<Record<string, number>>): void {
    const { registers, parameterNames } = this;
    for (let k = 0; k < parameterNames.length; k++) registers[viewNames.length + k] = values[parameterNames[k]];
  }

  /** Runs the steps for the target whose views are in the registers. */
  run(): void {
    const { registers: r, steps } = this;
    for (let s = 0; s < steps.length; s += 5) {
      const a = r[steps[s + 2]];
      const b = r[steps[s + 3]];
      r[steps[s + 1]] = step(steps[s] as (typeof codes)[OperationName], a, b, r[steps[s + 4]]);
    }
  }

  /** What the formula gives. */
  get value(): number {
    return this.registers[this.results[0]];
  }

  /** d value / d margin; only of a program of order 1 or 2. */
  get slope(): number {
    return this.registers[this.results[1]];
  }

  /** d^2 value / d margin^2; only of a program of order 2. */
  get curvature(): number {
    return this.registers[this.results[2]];
  }
}

function step(code: (typeof codes)[OperationName], a: number, b: number, c: number): number {
  switch (code) {
    case codes.add:
      return a + b;
    case codes.sub:
      return a - b;
    case codes.mul:
      return numbers.mul(a, b);
    case codes.div:
      return a / b;
    case codes.neg:
      return -a;
    case codes.pow:
      return a ** b;
    case codes.exp:
      return Math.exp(a);
    case codes.log:
      return Math.log(a);
    case codes.log1p:
      return Math.log1p(a);
    case codes.expm1:
      return Math.expm1(a);
    case codes.ifPositive:
      return a > 0 ? b : c;
    default:
      return code satisfies never;
  }
}
