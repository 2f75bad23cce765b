// Laws of the readings of a formula: as a graph and compiled from it, over dual numbers, and as LaTeX.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { graphOperations } from "../src/formula/graph.ts";
import { Program } from "../src/formula/program.ts";
import {
  evaluate,
  type Formula,
  graphOf,
  losses,
  type Node,
  numbers,
  type OperationName,
  type Operations,
  toLatex,
  type Views,
} from "../src/index.ts";
import { between, expectClose, jet, law, lossOf, parametersAt, textbookViews } from "./support.ts";

/** A random formula: the same text for every reading. Its domain is all of the views, x from 0.5 to 2. */
type RandomFormula = <T>(operations: Operations<T>, views: Views<T>, parameters: { readonly x: T | number }) => T;
const { formula: randomFormula } = fc.letrec<{ formula: RandomFormula; leaf: RandomFormula }>((tie) => {
  const one = tie("formula");
  const two = fc.tuple(one, one);
  return {
    leaf: fc.oneof(
      fc.constantFrom<RandomFormula[]>(
        (o, v) => o.mul(1, v.logPt),
        (o, v) => o.add(v.pt, 0),
        (_, v) => v.oneMinusPt,
        (o, v) => o.sub(v.logOneMinusPt, 0),
        (o, _, { x }) => o.mul(x, 1),
        (o, v, { x }) => o.pow(v.oneMinusPt, x),
        (o, v) => o.pow(v.pt, 0.5),
        (o, v) => o.exp(v.logPt),
        (o, v) => o.log(v.pt),
      ),
      between(-2, 2).map(
        (c): RandomFormula =>
          (o, v) =>
            o.mul(v.pt, c),
      ),
    ),
    formula: fc.oneof(
      { maxDepth: 4, depthSize: "large" },
      tie("leaf"),
      two.map(
        ([a, b]): RandomFormula =>
          (o, v, p) =>
            o.add(a(o, v, p), b(o, v, p)),
      ),
      two.map(
        ([a, b]): RandomFormula =>
          (o, v, p) =>
            o.sub(a(o, v, p), b(o, v, p)),
      ),
      two.map(
        ([a, b]): RandomFormula =>
          (o, v, p) =>
            o.mul(a(o, v, p), o.neg(b(o, v, p))),
      ),
      two.map(
        ([a, b]): RandomFormula =>
          (o, v, p) =>
            o.div(a(o, v, p), o.add(1, square(o, b(o, v, p)))),
      ),
      two.map(
        ([a, b]): RandomFormula =>
          (o, v, p) =>
            o.pow(o.add(1, square(o, a(o, v, p))), o.div(b(o, v, p), 8)),
      ),
      one.map(
        (a): RandomFormula =>
          (o, v, p) =>
            o.neg(a(o, v, p)),
      ),
      one.map(
        (a): RandomFormula =>
          (o, v, p) =>
            o.exp(o.neg(square(o, a(o, v, p)))),
      ),
      one.map(
        (a): RandomFormula =>
          (o, v, p) =>
            o.expm1(o.neg(square(o, a(o, v, p)))),
      ),
      one.map(
        (a): RandomFormula =>
          (o, v, p) =>
            o.log1p(square(o, a(o, v, p))),
      ),
      one.map(
        (a): RandomFormula =>
          (o, v, p) =>
            o.log(o.add(square(o, a(o, v, p)), 0.5)),
      ),
      two.map(
        ([a, b]): RandomFormula =>
          (o, v, p) =>
            o.ifPositive(o.sub(v.pt, 0.4), a(o, v, p), b(o, v, p)),
      ),
    ),
  };
});
const square = <T>(o: Operations<T>, a: T): T => o.mul(a, a);

describe("a random formula", () => {
  const point = fc.record({ formula: randomFormula, margin: between(-3, 3), x: between(0.5, 2) });

  it("has the same value, slope and curvature as a graph, compiled, and over dual numbers", () => {
    law(
      point,
      ({ formula, margin, x }) => {
        const views = textbookViews(Math.exp(margin), 1);
        const expected = jet(formula as Formula, views, { x });
        const program = new Program(graphOf(formula as Formula<"x">, ["x"]), ["x"], 2);
        program.registers.set([views.logPt, views.pt, views.oneMinusPt, views.logOneMinusPt]);
        program.setParameters({ x });
        program.run();
        const found = [program.value, program.slope, program.curvature];
        const wanted = [expected.value, expected.slope, expected.curvature];
        for (let k = 0; k < 3; k++) expectClose(found[k], wanted[k], 1e-11, 1 + Math.max(...wanted.map(Math.abs)));
        expectClose(numbers.add(0, formula(numbers, views, { x })), expected.value, 1e-14);
      },
      500,
    );
  });

  it("has the slope and the curvature of its finite differences", () => {
    law(
      point,
      ({ formula, margin, x }) => {
        fc.pre(Math.abs(margin - Math.log(0.4 / 0.6)) > 0.01); // the kink of ifPositive above
        const at = (m: number) => jet(formula as Formula, textbookViews(Math.exp(m), 1), { x });
        const step = 1e-3;
        const slopeOf = (name: "value" | "slope") =>
          (8 * (at(margin + step)[name] - at(margin - step)[name]) -
            (at(margin + 2 * step)[name] - at(margin - 2 * step)[name])) /
          (12 * step);
        const { value, slope, curvature } = at(margin);
        const scale = 1 + Math.max(...[value, slope, curvature].map(Math.abs));
        expectClose(slopeOf("value"), slope, 1e-6, scale);
        expectClose(slopeOf("slope"), curvature, 1e-6, scale);
      },
      300,
    );
  });
});

describe("the graph", () => {
  it("shares equal parts and rewrites only what holds for every float: no 0 times x, no x - x", () => {
    const { add, sub, mul, neg, exp, log } = graphOperations();
    const x: Node = { kind: "parameter", name: "x", key: "x" };
    const y: Node = { kind: "parameter", name: "y", key: "y" };
    const pt: Node = { kind: "view", name: "pt", key: "pt" };
    expect(add(x, y)).toBe(add(x, y));
    expect(mul(0, x).kind).toBe("operation");
    expect(sub(x, x).kind).toBe("operation");
    expect(neg(neg(x))).toBe(x);
    expect(mul(1, x)).toBe(x);
    expect(add(x, neg(y))).toBe(sub(x, y));
    expect(exp(log(pt)).key).toBe("pt");
  });
});

/** What a target (label 1) and a label 0 cost by the publications, from p, the probability of label 1. */
const published: Readonly<
  Record<string, (p: number, parameters: Record<string, number>) => readonly [number, number]>
> = {
  crossEntropy: (p) => [-Math.log(p), -Math.log(1 - p)],
  focal: (p, { gamma }) => [-((1 - p) ** gamma) * Math.log(p), -(p ** gamma) * Math.log(1 - p)],
  poly1: (p, { epsilon }) => [-Math.log(p) + epsilon * (1 - p), -Math.log(1 - p) + epsilon * p],
  generalizedCrossEntropy: (p, { q }) => [(1 - p ** q) / q, (1 - (1 - p) ** q) / q],
  asymmetric: (p, { gammaPositive, gammaNegative, margin }) => {
    const shifted = Math.max(p - margin, 0);
    return [
      -((1 - p) ** gammaPositive) * Math.log(p),
      shifted === 0 ? 0 : -(shifted ** gammaNegative) * Math.log(1 - shifted),
    ];
  },
};

describe("the losses", () => {
  it.each(losses.map((factory) => ({ factory, name: factory.definition.name })))(
    "$name costs what its publication says",
    ({ factory, name }) => {
      law(
        fc.record({ loss: lossOf(factory, 1), p: between(0.01, 0.99) }),
        ({ loss, p }) => {
          const parameters = parametersAt(loss, 0);
          const logits = [Math.log(p / (1 - p)), Math.log(p / (1 - p))];
          const { elements } = evaluate(loss, { logits, labels: [1, 0] }, { activation: "sigmoid", reduction: "none" });
          expectClose(elements, published[name](p, parameters), 1e-12, 1e-2 / Math.min(1, parameters.q ?? 1));
        },
        200,
      );
    },
  );
});

/** Value and slope of every loss, as a reader will see them; the formulas for label 0 where they differ. */
const inLatex = {
  crossEntropy: ["-\\log p_t", "-(1 - p_t)"],
  focal: [
    "-(1 - p_t)^{\\gamma} \\, \\log p_t",
    "(1 - p_t)^{\\gamma} \\left(\\gamma \\, p_t \\, \\log p_t - (1 - p_t)\\right)",
  ],
  poly1: ["\\varepsilon \\, (1 - p_t) - \\log p_t", "-(1 - p_t) \\left(\\varepsilon \\, p_t + 1\\right)"],
  generalizedCrossEntropy: ["-\\frac{p_t^{\\mathrm{q}} - 1}{\\mathrm{q}}", "-(1 - p_t) \\, p_t^{\\mathrm{q}}"],
  asymmetric: [
    "-(1 - p_t)^{\\gamma_+} \\, \\log p_t",
    "(1 - p_t)^{\\gamma_+} \\left(\\gamma_+ \\, p_t \\, \\log p_t - (1 - p_t)\\right)",
    "\\begin{cases} \\begin{cases} -\\left((1 - p_t) - m\\right)^{\\gamma_-} \\, \\log\\left(p_t + m\\right) & (1 - p_t) - m > 0 \\\\ 0 & \\text{otherwise} \\end{cases} & m > 0 \\\\ -(1 - p_t)^{\\gamma_-} \\, \\log p_t & \\text{otherwise} \\end{cases}",
    "\\begin{cases} \\begin{cases} \\gamma_- \\, \\left((1 - p_t) - m\\right)^{\\gamma_- - 1} \\, p_t \\, (1 - p_t) \\, \\log\\left(p_t + m\\right) - \\left((1 - p_t) - m\\right)^{\\gamma_-} \\, \\frac{p_t \\, (1 - p_t)}{p_t + m} & (1 - p_t) - m > 0 \\\\ 0 & \\text{otherwise} \\end{cases} & m > 0 \\\\ (1 - p_t)^{\\gamma_-} \\left(\\gamma_- \\, p_t \\, \\log p_t - (1 - p_t)\\right) & \\text{otherwise} \\end{cases}",
  ],
} satisfies Record<string, readonly string[]>;

describe("LaTeX", () => {
  it.each(losses.map(({ definition }) => definition))("shows $name and its slope as a textbook does", (definition) => {
    const { name, formula, negativeFormula, parameters = {} } = definition;
    const symbols = Object.fromEntries(
      Object.entries(parameters).map(([each, { symbol }]) => [each, symbol ?? `\\mathrm{${each}}`]),
    );
    const found = [formula, ...(negativeFormula ? [negativeFormula] : [])].flatMap((each) => {
      const { value, slope } = graphOf(each, Object.keys(parameters));
      return [toLatex(value, symbols), toLatex(slope, symbols)];
    });
    expect(found).toEqual(Object.entries(inLatex).find(([known]) => known === name)?.[1]);
  });

  const x: Node = { kind: "parameter", name: "x", key: "x" };
  const y: Node = { kind: "parameter", name: "y", key: "y" };
  const logPt: Node = { kind: "view", name: "logPt", key: "logPt" };
  const symbols = { x: "x", y: "y" };
  const o = graphOperations();

  it("has a form for every operation", () => {
    const forms: { readonly [name in OperationName]: readonly [Node, string] } = {
      add: [o.add(x, y), "x + y"],
      sub: [o.sub(x, y), "x - y"],
      mul: [o.mul(x, y), "x \\, y"],
      div: [o.div(x, y), "\\frac{x}{y}"],
      neg: [o.neg(x), "-x"],
      pow: [o.pow(x, y), "x^{y}"],
      exp: [o.exp(x), "e^{x}"],
      log: [o.log(x), "\\log\\left(x\\right)"],
      log1p: [o.log1p(x), "\\log\\left(1 + x\\right)"],
      expm1: [o.expm1(x), "e^{x} - 1"],
      ifPositive: [o.ifPositive(x, y, 0), "\\begin{cases} y & x > 0 \\\\ 0 & \\text{otherwise} \\end{cases}"],
    };
    expect(Object.keys(forms).sort()).toEqual(Object.keys(numbers).sort());
    for (const [node, text] of Object.values(forms)) expect(toLatex(node, symbols)).toBe(text);
  });

  it("brackets sums inside products and powers", () => {
    expect(toLatex(o.mul(2, o.sub(x, 1)), symbols)).toBe("2 \\, \\left(x - 1\\right)");
    expect(toLatex(o.pow(o.add(x, y), 2), symbols)).toBe("\\left(x + y\\right)^{2}");
    expect(toLatex(o.neg(o.add(x, y)), symbols)).toBe("-x - y");
    expect(toLatex(o.sub(x, o.sub(x, y)), symbols)).toBe("x + y - x");
  });

  it("does not write the square of log pt so that it reads as the logarithm of a square", () => {
    expect(toLatex(o.mul(logPt, logPt), symbols)).not.toBe("\\log p_t^{2}");
  });

  it("writes a small constant as a power of ten, which LaTeX reads, not as 1e-7", () => {
    expect(toLatex(o.add(x, 1e-7), symbols)).not.toMatch(/\de[-+]?\d/);
  });
});

describe("the graph", () => {
  const o = graphOperations();
  it("computes with constants at once, and exactly", () => {
    const value = (node: Node) => (node.kind === "constant" ? node.value : Number.NaN);
    expect(value(o.add(2, 3))).toBe(5);
    expect(value(o.sub(2, 3))).toBe(-1);
    expect(value(o.mul(2, 3))).toBe(6);
    expect(value(o.neg(2))).toBe(-2);
  });
});
