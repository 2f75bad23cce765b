// Laws of large formulas: parts used many times, and chains of thousands of operations, cost what they have, not what
// the tree would have that they unfold to. SURPRISAL_ATTACK=long takes a hundred times as many.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { graphOperations } from "../src/formula/graph.ts";
import { inParts } from "../src/formula/languages/parts.ts";
import { nodesOf } from "../src/formula/nodes.ts";
import { Program } from "../src/formula/program.ts";
import {
  defineLoss,
  evaluate,
  type Formula,
  graphOf,
  InputError,
  type Node,
  numbers,
  type Operations,
  toLatex,
  type Views,
} from "../src/index.ts";
import { attackTime, isLong, recordCounts } from "./attack/counts.ts";
import { attack, between, expectClose, jet, textbookViews } from "./support.ts";

/** One operation of a random formula: which rule, and how far back its operands lie. */
type Step = readonly [rule: number, back: number, further: number];

/** Rules that keep values between about -2 and 2, so that formulas of any length stay finite. */
const rules: readonly (<T>(o: Operations<T>, a: T, b: T, x: T | number) => T)[] = [
  (o, a, b) => o.mul(0.5, o.add(a, b)),
  (o, a, b) => o.mul(0.5, o.sub(a, b)),
  (o, a, b) => o.mul(o.mul(a, b), 0.25),
  (o, a) => o.neg(a),
  (o, a, b) => o.div(a, o.add(1, o.mul(b, b))),
  (o, a, _, x) => o.div(a, o.add(1, x)),
  (o, a) => o.exp(o.neg(o.mul(a, a))),
  (o, a) => o.expm1(o.neg(o.mul(a, a))),
  (o, a) => o.log1p(o.mul(a, a)),
  (o, a) => o.mul(0.5, o.log(o.add(o.mul(a, a), 0.5))),
  (o, a, b) => o.pow(o.add(0.5, o.mul(0.1, o.mul(a, a))), o.mul(b, b)),
  (o, a, b) => o.ifPositive(o.sub(a, b), a, o.mul(0.9, b)),
];

/** The formula of some steps, each of which takes the results of earlier ones: mostly the last, so that depth grows. */
const formulaOf =
  (steps: readonly Step[]): Formula<"x"> =>
  <T>(o: Operations<T>, { logPt, pt, oneMinusPt, logOneMinusPt }: Views<T>, { x }: { readonly x: T | number }): T => {
    const made: T[] = [o.div(logPt, 9), pt, oneMinusPt, o.div(logOneMinusPt, 9)];
    const at = (back: number) => made[Math.max(0, made.length - 1 - back)];
    for (const [rule, back, further] of steps) made.push(rules[rule](o, at(back), at(further), x));
    return o.add(made[made.length - 1], o.mul(pt, x));
  };

const back = fc.oneof(fc.constant(0), fc.nat(3), fc.nat(40));
const steps = (most: number) =>
  fc.array(fc.tuple(fc.nat(rules.length - 1), back, back), { minLength: 1, maxLength: most, size: "max" });

const programOf = (formula: Formula<"x">) => new Program(graphOf(formula, ["x"]), ["x"], 2);

function run(program: Program, { logPt, pt, oneMinusPt, logOneMinusPt }: Views<number>, parameters: object) {
  program.registers.set([logPt, pt, oneMinusPt, logOneMinusPt]);
  program.setParameters(parameters as Record<string, number>);
  program.run();
  return program;
}

describe("a formula of hundreds of operations that share their parts", () => {
  it(
    "costs in proportion to its operations, and computes what dual numbers compute",
    () => {
      let operations = 0;
      attack(
        fc.record({ each: steps(300), margin: between(-3, 3), x: between(0.5, 2) }),
        ({ each, margin, x }) => {
          const formula = formulaOf(each);
          const views = textbookViews(Math.exp(margin), 1);
          const expected = jet(formula as Formula, views, { x });
          const { value, slope, curvature } = run(programOf(formula), views, { x });
          const scale = 1 + Math.max(...Object.values(expected).map(Math.abs));
          expectClose([value, slope, curvature], Object.values(expected), 1e-9, scale);
          const graph = graphOf(formula, ["x"]);
          const nodes = nodesOf(graph.value, graph.slope, graph.curvature);
          expect(nodes.length).toBeLessThan(100 * (each.length + 6));
          expect(Math.max(...nodes.map(({ key }) => key.length))).toBeLessThanOrEqual(60);
          operations += each.length;
        },
        100,
      );
      recordCounts("formulas", { operations });
    },
    attackTime,
  );

  it(
    "is written in parts, which together are what the formula is",
    () => {
      attack(
        fc.record({ each: steps(300), margin: between(-3, 3), x: between(0.5, 2) }),
        ({ each, margin, x }) => {
          const views = textbookViews(Math.exp(margin), 1);
          const { value, slope, curvature } = graphOf(formulaOf(each), ["x"]);
          const compute = (node: Node, parameters: Record<string, number>) =>
            run(
              new Program({ value: node, slope: node, curvature: node }, Object.keys(parameters), 0),
              views,
              parameters,
            ).value;
          for (const node of [value, slope, curvature]) {
            const { whole, parts } = inParts(node, (number) => `part${number}`);
            const known: Record<string, number> = { x };
            for (const [name, part] of parts) known[name] = compute(part, known);
            expect(compute(whole, known)).toBe(compute(node, { x }));
            expect(toLatex(node).length).toBeLessThan(1000 * (nodesOf(node).length + 10));
          }
        },
        10,
      );
    },
    attackTime,
  );
});

describe("Newton's method inside a formula", () => {
  /** The w for which w e^w is the surprisal. */
  const lambert =
    (rounds: number): Formula =>
    (o, { logPt }) => {
      let w = o.neg(logPt);
      for (let k = 0; k < rounds; k++) {
        const power = o.exp(w);
        w = o.sub(w, o.div(o.add(o.mul(w, power), logPt), o.mul(power, o.add(w, 1))));
      }
      return w;
    };

  it.each([1, 3, 6, 10, 100, 1000])("of %i steps is a loss with value, slope and curvature", (rounds) => {
    const loss = defineLoss({ name: "lambert", formula: lambert(rounds) })();
    const logits = [0.3, -2];
    const found = evaluate(
      loss,
      { logits, labels: [1, 0] },
      { activation: "sigmoid", reduction: "none", gradient: true, curvature: true },
    );
    [0, 1].forEach((k) => {
      const expected = jet(lambert(rounds), textbookViews(Math.exp([0.3, 2][k]), 1), {});
      expectClose(found.elements[k], expected.value, 1e-13);
      expectClose(found.gradient[k], [1, -1][k] * expected.slope, 1e-12);
      expectClose(found.curvature[k], expected.curvature, 1e-11);
      const w = found.elements[k];
      if (rounds > 3) expectClose(w * Math.exp(w), Math.log1p(Math.exp([-0.3, -2][k])), 1e-13);
    });
  });
});

describe("a chain of thousands of operations", () => {
  /** Links that keep the value between 0.1 and 1. */
  const links: Readonly<Record<string, <T>(o: Operations<T>, a: T) => T>> = {
    add: (o, a) => o.add(o.mul(a, 0.5), 0.25),
    sub: (o, a) => o.sub(1, o.mul(a, 0.999)),
    neg: (o, a) => o.sub(1, o.neg(o.neg(o.mul(0.9, a)))),
    mul: (o, a) => o.add(0.2, o.mul(o.mul(a, a), 0.7)),
    div: (o, a) => o.div(a, o.add(a, 0.3)),
    pow: (o, a) => o.pow(o.add(o.mul(0.5, a), 0.2), 0.5),
    powOfItself: (o, a) => o.pow(o.add(o.mul(0.5, a), 0.3), a),
    exp: (o, a) => o.exp(o.neg(a)),
    log: (o, a) => o.neg(o.log(o.add(0.2, o.mul(0.5, a)))),
    log1p: (o, a) => o.log1p(o.add(a, 0.1)),
    expm1: (o, a) => o.mul(0.5, o.expm1(o.mul(0.9, a))),
    ifPositive: (o, a) => o.ifPositive(o.sub(a, 0.5), o.mul(a, 0.7), o.add(a, 0.3)),
  };
  const quick = ["add", "mul", "exp"];
  it.each(Object.keys(links))("of %s is read, compiled, written, and computed as plain numbers do", (name) => {
    const chainOf =
      (length: number): Formula =>
      (o, { pt }) => {
        let a = o.add(pt, 0);
        for (let k = 0; k < length; k += 2) a = links[name](o, a);
        return a;
      };
    // Differences of the last bit may choose the other branch, so with a choice the chain is short.
    for (const formula of name === "ifPositive"
      ? [chainOf(5)]
      : [chainOf(5), chainOf(isLong || quick.includes(name) ? 10_000 : 3000)]) {
      const views = textbookViews(1.5, 1);
      const { value, slope, curvature } = run(programOf(formula), views, { x: 1 });
      const expected = jet(formula, views, {});
      expectClose([value, slope, curvature], Object.values(expected), 1e-9, 1);
      expectClose(formula(numbers, views, {}), value, 1e-13);
      expect(toLatex(graphOf(formula, []).value).length).toBeLessThan(3e6);
    }
  });
});

describe("a formula that is too large", () => {
  const endless: Formula = (o, { pt }) => {
    let a = pt;
    for (;;) a = o.add(a, 1);
  };
  it("is refused, also one that never ends", () => {
    expect(() => graphOf(endless, [])).toThrow(InputError);
    expect(() => defineLoss({ name: "endless", formula: endless })).toThrow("it has more than 30000 operations");
  });
});

describe("the keys of nodes", () => {
  it("are equal where nodes of one graph are equal, and differ where they are not, also across graphs", () => {
    const deep = (o: Operations<Node>, leaf: number) => {
      let node = o.add(leaf, { kind: "parameter", name: "x", key: "x" });
      for (let k = 0; k < 50; k++) node = o.mul(node, node);
      return node;
    };
    const [one, other] = [graphOperations(), graphOperations()];
    expect(deep(one, 2)).toBe(deep(one, 2));
    expect(deep(one, 2).key).not.toBe(deep(one, 3).key);
    expect(deep(one, 2).key).not.toBe(deep(other, 3).key);
    expect(deep(one, 2).key.length).toBeLessThanOrEqual(60);
  });

  it("tell 0 from -0", () => {
    const { div } = graphOperations();
    const x: Node = { kind: "parameter", name: "x", key: "x" };
    expect(div(x, 0)).not.toBe(div(x, -0));
  });

  it("leave out what changes nothing, a product with 1 or a division by it, and nothing else", () => {
    const { mul, div } = graphOperations();
    const x: Node = { kind: "parameter", name: "x", key: "x" };
    expect([mul(x, 1), mul(1, x), div(x, 1)]).toEqual([x, x, x]);
    for (const node of [mul(x, 2), mul(2, x), mul(x, 0), div(x, 2), div(x, 0), div(1, x)]) expect(node).not.toEqual(x);
  });
});
