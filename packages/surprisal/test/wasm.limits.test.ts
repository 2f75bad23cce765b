// Formulas that are too much for a kernel: they go to the reference, and nobody waits for them twice.
import { describe, expect, it } from "vitest";
import { Code } from "../src/backends/wasm/assembler/code.ts";
import { f32x4 } from "../src/backends/wasm/assembler/instructions.ts";
import { productOf } from "../src/backends/wasm/formula/factors.ts";
import { FormulaCode } from "../src/backends/wasm/formula/formulaCode.ts";
import { hasChoice, hasPower, hasView } from "../src/backends/wasm/formula/parts.ts";
import { watchedOf } from "../src/backends/wasm/formula/ranges.ts";
import type { Node } from "../src/formula/graph.ts";
import { defineLoss, evaluate, type Formula, type Operations, type Views } from "../src/index.ts";
import { wasm } from "../src/wasm.ts";
import { expectClose } from "./support.ts";

type Term = <T>(operations: Operations<T>, views: Views<T>, k: number) => T;

/** A sum of so many terms, one added after the other. */
const sumOf =
  (count: number, term: Term): Formula =>
  (operations, views) => {
    let sum = term(operations, views, 0);
    for (let k = 1; k < count; k++) sum = operations.add(sum, term(operations, views, k));
    return operations.mul(1 / count, sum);
  };

/** The same as a tree of little depth. */
const treeOf =
  (count: number, term: Term): Formula =>
  (operations, views) => {
    let sums = Array.from({ length: count }, (_, k) => term(operations, views, k));
    while (sums.length > 1) {
      const pairs = Array.from({ length: Math.ceil(sums.length / 2) }, (_, k) => sums.slice(2 * k, 2 * k + 2));
      sums = pairs.map(([a, b]) => (b === undefined ? a : operations.add(a, b)));
    }
    return sums[0];
  };

const powerOf: Term = ({ pow, add }, { oneMinusPt }, k) => pow(add(oneMinusPt, k / 1000), 1 + k / 1000);
const logarithmOf: Term = ({ log1p, mul }, { oneMinusPt }, k) => log1p(mul(1 + k / 1000, oneMinusPt));

const long: readonly (readonly [string, Formula])[] = [
  ["300 powers, one after the other", sumOf(300, powerOf)],
  ["330 powers in a tree of little depth, which the engine refuses", treeOf(330, powerOf)],
  ["700 logarithms in such a tree", treeOf(700, logarithmOf)],
  ["a chain of 400 logarithms", sumOf(400, logarithmOf)],
];

/** Counts the modules that are made until `end`. */
function countModules() {
  const global = WebAssembly as { Module: typeof WebAssembly.Module };
  const { Module } = global;
  const modules = {
    count: 0,
    end() {
      global.Module = Module;
    },
  };
  global.Module = new Proxy(Module, {
    construct(target, given) {
      modules.count++;
      return Reflect.construct(target, given);
    },
  });
  return modules;
}

describe("a formula that is too long for a kernel", () => {
  const logits = Float32Array.from({ length: 24 }, (_, k) => 3 * Math.sin(k));
  const labels = {
    softmax: Int32Array.from({ length: 8 }, (_, n) => n % 3),
    sigmoid: new Uint8Array(24).map((_, k) => k % 2),
  };

  it.each(long)("of %s gives what the reference gives, and is compiled once at most", (_, formula) => {
    const loss = defineLoss({ name: "long", formula })();
    expect(wasm.features.simd).toBe(true);
    const modules = countModules();
    const backend = wasm.create({ relaxed: false });
    for (const activation of ["softmax", "sigmoid"] as const) {
      const batch = { logits, labels: labels[activation], classes: 3 };
      for (const gradient of [false, true]) {
        const exact = evaluate(loss, batch, { activation, gradient });
        const first = evaluate(loss, batch, { activation, gradient, backend });
        const made = modules.count;
        const second = evaluate(loss, batch, { activation, gradient, backend });
        expect(modules.count).toBe(made);
        for (const found of [first, second]) {
          expect(Math.abs(found.loss / exact.loss - 1)).toBeLessThan(1e-5);
          const { gradient: actual } = found;
          if (exact.gradient && actual) expectClose(actual, exact.gradient, 1e-5);
        }
      }
    }
    modules.end();
  });

  it("leaves a back end as it was for others", () => {
    const backend = wasm.create();
    const loss = defineLoss({ name: "long", formula: long[0][1] })();
    const simple = defineLoss({ name: "simple", formula: ({ neg }, { logPt }) => neg(logPt) })();
    const batch = { logits, labels: labels.softmax, classes: 3 };
    const before = evaluate(simple, batch, { activation: "softmax", backend }).loss;
    evaluate(loss, batch, { activation: "softmax", backend });
    expect(evaluate(simple, batch, { activation: "softmax", backend }).loss).toBe(before);
  });
});

describe("a graph of sixty levels, each of which uses the one below twice", () => {
  // As a tree it has 10^18 leaves.
  const doubled = (name: "add" | "mul") => {
    let node: Node = { kind: "view", name: "pt", key: "pt" };
    for (let k = 0; k < 60; k++) node = { kind: "operation", name, operands: [node, node], key: `${name}${k}` };
    return node;
  };
  it.each(["add", "mul"] as const)("(%s) is walked as a graph", (name) => {
    const node = doubled(name);
    expect(hasView(node, "pt")).toBe(true);
    expect(hasView(node, "logPt")).toBe(false);
    expect(hasChoice(node)).toBe(false);
    expect(hasPower(node)).toBe(false);
    expect(productOf(node).factors.length).toBeLessThan(20);
    expect(watchedOf([node, node], {}).logits).toBe(false);
    const code = new Code("run", { fused: false });
    const view = () => f32x4.splat({ type: "f32", text: "", bytes: [], operands: [] });
    new FormulaCode(code, { pt: view, oneMinusPt: view, minusLogPt: view, minusLogOneMinusPt: view }, {}).value(node);
    expect(code.finish(null).locals.length).toBeLessThan(2000);
  });
});

describe.each(["softmax", "sigmoid"] as const)(
  "what a kernel would not show is the reference's, under %s",
  (activation) => {
    const gradientOf = (formula: Formula, logits: Float32Array) => {
      const labels = activation === "softmax" ? Int32Array.of(0) : Float32Array.of(1, 0);
      const on = (backend: typeof wasm | undefined) =>
        evaluate(defineLoss({ name: "own", formula })(), { logits, labels, classes: 2 }, { activation, backend });
      return [on(wasm).loss, on(undefined).loss];
    };

    it("a logit that is none beside a constant formula", () => {
      const [found, exact] = gradientOf(({ pow }) => pow(1.3, 1.7), Float32Array.of(Number.NaN, 1));
      expect([found, exact]).toEqual([Number.NaN, Number.NaN]);
    });

    it("a number that float32 cannot hold and that vanishes in a division", () => {
      const formula: Formula = ({ neg, div, sub, add }, { logPt }) => neg(div(logPt, sub(1, add(logPt, logPt))));
      const [found, exact] = gradientOf(formula, Float32Array.of(-3.4e38, 1));
      expectClose(found, exact, 1e-6);
    });
  },
);
