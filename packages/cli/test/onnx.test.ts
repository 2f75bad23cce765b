// The ONNX file says what surprisal says: probabilities and decisions, in onnxruntime, for every loss and problem.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { dual, dualViews, type Formula, graphOf, numbers, trueProbabilities, type ViewName } from "surprisal";
import { describe, expect, it } from "vitest";
import { Random } from "../src/random.ts";
import { modelBytes } from "../src/saved/modelFile.ts";
import { inputNames } from "../src/saved/onnx/features.ts";
import { GraphBuilder } from "../src/saved/onnx/graph.ts";
import { type SignedLogarithm, translate } from "../src/saved/onnx/logarithms.ts";
import { encodeModel } from "../src/saved/onnx/schema.ts";
import { predict } from "../src/saved/predict.ts";
import { plainNumbers } from "./columns.ts";
import {
  columnsOf,
  kinds,
  largestDifference,
  logitModel,
  makeTarget,
  randomModel,
  randomTable,
  runOnnx,
  trainings,
} from "./savedModels.ts";

const cases = kinds.flatMap((kind) => Object.keys(trainings).map((training) => [kind, training] as const));

/** Logits from plain to extreme. */
function logitsOf(outputs: number): Float64Array {
  const random = new Random(outputs);
  const spreads = [0.1, 1, 5, 20, 60, 200, 700, 3000, 1e4];
  const row = (spread: number) => Array.from({ length: outputs }, () => Math.fround(spread * random.normal()));
  const rows = spreads.flatMap((spread) => Array.from({ length: 20 }, () => row(spread)));
  const equal = new Array<number>(outputs).fill(0);
  return Float64Array.from([...rows, equal, equal.map((_, k) => (k === 0 ? 40 : 0)), equal.map(() => 1e4)].flat());
}

describe("the probabilities of the file in onnxruntime", () => {
  it.each(cases)("%s, %s: are the true probabilities at plain and extreme logits", async (kind, name) => {
    for (const outputs of kind === "binary" ? [1] : [2, 3, 6]) {
      const saved = logitModel(kind, outputs, trainings[name]);
      const logits = logitsOf(outputs);
      const rows = logits.length / outputs;
      const columns = Array.from({ length: outputs }, (_, j) => {
        const values = Float64Array.from({ length: rows }, (_, n) => logits[n * outputs + j]);
        return { kind: "number", name: `z${j}`, from: "number", reading: plainNumbers, values } as const;
      });
      const found = await runOnnx(saved, { source: "", rows, columns, notes: [] });
      const { activation } = saved.target;
      const alpha = saved.alpha ?? undefined;
      const expected = trueProbabilities(saved.loss, logits, { activation, classes: outputs, alpha });
      expect(largestDifference(found.probabilities, columnsOf(kind, expected))).toBeLessThan(1e-9);
    }
  });

  it.each(cases)("%s, %s: agree with predict on random models and tables", async (kind, name) => {
    for (let seed = 1; seed <= 3; seed++) {
      const saved = randomModel(kind, trainings[name], seed);
      const table = randomTable(saved, 60, seed + 100);
      const found = await runOnnx(saved, table);
      const { probabilities, decisions } = predict(saved, table);
      expect(largestDifference(found.probabilities, columnsOf(kind, probabilities))).toBeLessThan(1e-6);
      const { outputs, classes } = saved.target;
      expect(found.dims).toEqual([table.rows, kind === "binary" ? 2 : outputs]);
      expect(found.labelDims).toEqual(kind === "multilabel" ? [table.rows, outputs] : [table.rows]);
      const labels = kind === "multilabel" ? Array.from(decisions, BigInt) : Array.from(decisions, (k) => classes[k]);
      expect(Array.from(found.label as ArrayLike<bigint | string>)).toEqual(labels);
    }
  });

  it.each(cases)("%s, %s: are probabilities even at absurd inputs, 1e10 to 1e300", async (kind, name) => {
    const saved = logitModel(kind, kind === "binary" ? 1 : 3, trainings[name]);
    const signs = [1, -1, 0.5];
    const columns = saved.encoder.columns.map(({ name: column }, k) => {
      const values = Float64Array.of(1e30, -1e30, 1e300, -1e300, 1e10).map((value) => value * signs[k]);
      return { kind: "number", name: column, from: "number", reading: plainNumbers, values } as const;
    });
    const table = { source: "", rows: 5, columns, notes: [] };
    const { probabilities } = await runOnnx(saved, table);
    expect(probabilities.every((p) => p >= 0 && p <= 1)).toBe(true);
    // There a float64 logarithm has no digits left for weights; only what saturates is still defined.
    if (!["crossEntropy", "focal", "balanced focal", "asymmetric"].includes(name)) return;
    const expected = columnsOf(kind, predict(saved, table).probabilities);
    expect(largestDifference(probabilities, expected)).toBeLessThan(1e-9);
  });

  it("a small probability keeps its digits: 1e-40 is not 0", async () => {
    const saved = logitModel("binary", 1, trainings.crossEntropy);
    const values = Float64Array.of(-92, 92);
    const columns = [{ kind: "number", name: "z0", from: "number", reading: plainNumbers, values }] as const;
    const { probabilities } = await runOnnx(saved, { source: "", rows: 2, columns, notes: [] });
    expect(probabilities[1] / Math.exp(-92)).toBeCloseTo(1, 12);
    expect(probabilities[2] / Math.exp(-92)).toBeCloseTo(1, 12);
  });
});

describe("the graph", () => {
  it("takes any name as a column's: of an output, of a tensor, empty, markup, quotes, emoji", async () => {
    const names = [
      "label",
      "probabilities",
      "input_label",
      "surprisal/Gemm_1",
      "",
      "<script>",
      '"; DROP TABLE x',
      "🦊",
    ];
    const base = logitModel("multilabel", 8, trainings.focal);
    const columns = base.encoder.columns.map((column, k) => ({ ...column, name: names[k] }));
    const saved = { ...base, encoder: { ...base.encoder, columns } };
    expect(new Set(inputNames(saved.encoder)).size).toBe(8);
    const table = randomTable(saved, 5, 3);
    const { probabilities } = await runOnnx(saved, table);
    expect(largestDifference(probabilities, predict(saved, table).probabilities)).toBeLessThan(1e-9);
  });

  it("names classes with markup, quotes, line breaks and emoji as they are", async () => {
    const saved = { ...logitModel("multiclass", 5, trainings.crossEntropy), target: makeTarget("multiclass", 5) };
    const columns = saved.encoder.columns.map(({ name, at }) => {
      const values = Float64Array.from({ length: 5 }, (_, n) => Number(n === at));
      return { kind: "number", name, from: "number", reading: plainNumbers, values } as const;
    });
    const { label } = await runOnnx(saved, { source: "", rows: 5, columns, notes: [] });
    expect(label).toEqual(["no", "yes", "<script>alert(1)</script>", 'say "hi"\n', "🦊 fox"]);
  });

  it("has no undo where cross entropy was trained without weights", () => {
    const size = (name: string) => modelBytes(logitModel("binary", 1, trainings[name])).length;
    expect(size("crossEntropy")).toBeLessThan(size("weighted cross entropy"));
    expect(size("weighted cross entropy")).toBeLessThan(size("asymmetric"));
  });

  it("is the same, byte for byte, each time", () => {
    for (const kind of kinds) {
      const saved = randomModel(kind, trainings["balanced focal"], 5);
      expect(modelBytes(saved)).toEqual(modelBytes(structuredCloneOf(saved)));
    }
  });

  const checker =
    "import onnx, sys\nfor path in sys.argv[1:]: onnx.checker.check_model(onnx.load(path), full_check=True)";
  const python = ["python3", "/usr/bin/python3"].find((each) => spawnSync(each, ["-c", "import onnx"]).status === 0);
  it.skipIf(python === undefined)("passes ONNX's own checker (needs the Python package onnx)", () => {
    const folder = mkdtempSync(join(tmpdir(), "surprisal-onnx-"));
    const paths = cases.map(([kind, name], index) => {
      const path = join(folder, `${index}.onnx`);
      writeFileSync(path, modelBytes(randomModel(kind, trainings[name], index + 1)));
      return path;
    });
    const { status, stderr } = spawnSync(python ?? "", ["-c", checker, ...paths], { encoding: "utf8" });
    expect(status, stderr).toBe(0);
    rmSync(folder, { recursive: true });
  });
});

function structuredCloneOf<T extends { readonly loss: unknown }>(saved: T): T {
  const { loss, ...rest } = saved;
  return { ...structuredClone(rest), loss } as unknown as T;
}

describe("every operation of a formula", () => {
  const m = [-30, -5, -1, -0.2, 0, 0.3, 1, 4, 20];
  const formulas: Readonly<Record<string, Formula<"a" | "b">>> = {
    add: ({ add }, { logPt, pt }, { a }) => add(add(logPt, pt), a),
    sub: ({ sub }, { pt, oneMinusPt }, { b }) => sub(sub(pt, oneMinusPt), b),
    mul: ({ mul }, { logPt, logOneMinusPt }, { a }) => mul(mul(logPt, logOneMinusPt), a),
    div: ({ div, add }, { logPt, pt }, { b }) => div(add(logPt, b), add(pt, b)),
    neg: ({ neg, sub }, { pt }, { a }) => neg(sub(pt, a)),
    pow: ({ pow }, { pt, oneMinusPt }, { a }) => pow(pow(pt, oneMinusPt), a),
    exp: ({ exp, sub }, { pt }, { b }) => exp(sub(pt, b)),
    log: ({ log, add }, { pt }, { a }) => log(add(pt, a)),
    log1p: ({ log1p, mul }, { pt }, { a }) => log1p(mul(a, pt)),
    expm1: ({ expm1, mul, sub }, { pt, logPt }, { a }) => sub(expm1(mul(a, pt)), expm1(logPt)),
    ifPositive: ({ ifPositive, sub, mul }, { pt, logPt }, { b }) => ifPositive(sub(pt, b), mul(pt, logPt), sub(b, pt)),
  };
  const values = { a: [0.4, 2], b: [0.3, 0.3] };

  it.each(Object.keys(formulas))("%s: value and slope are those of plain numbers", async (name) => {
    const builder = new GraphBuilder();
    const inputs: Readonly<Record<ViewName, string>> = {
      logPt: builder.input("logPt", "double", ""),
      pt: builder.input("pt", "double", ""),
      oneMinusPt: builder.input("oneMinusPt", "double", ""),
      logOneMinusPt: builder.input("logOneMinusPt", "double", ""),
    };
    const logged = (view: ViewName) => (): SignedLogarithm => {
      const minus = view.startsWith("log");
      const magnitude = minus ? builder.node("Neg", [inputs[view]]) : inputs[view];
      return { sign: minus ? -1 : 1, log: builder.node("Log", [magnitude]) };
    };
    const views = {
      logPt: logged("logPt"),
      pt: logged("pt"),
      oneMinusPt: logged("oneMinusPt"),
      logOneMinusPt: logged("logOneMinusPt"),
    };
    const graph = graphOf(formulas[name], ["a", "b"]);
    for (const which of ["value", "slope"] as const) {
      const value = translate(builder, graph[which], views, values);
      const { sign, log } =
        typeof value === "number" ? { sign: Math.sign(value), log: Math.log(Math.abs(value)) } : value;
      const ones = builder.double([1, 1], [1, 2]);
      const tensor = (each: number | string) => (typeof each === "number" ? builder.double(each) : each);
      const magnitude = builder.node("Exp", [tensor(log)]);
      builder.output(which, builder.node("Mul", [ones, builder.node("Mul", [tensor(sign), magnitude])]), "double", 2);
    }
    const opsetImport = [{ domain: "", version: 13 }];
    const rest = { irVersion: 7, producerName: "", producerVersion: "", docString: "", metadataProps: [], opsetImport };
    const session = await InferenceSession.create(encodeModel({ ...rest, graph: builder.finish("formula") }), {
      logSeverityLevel: 4,
    });
    const viewsAt = m.map((margin) => {
      const [pt, oneMinusPt] = [1 / (1 + Math.exp(-margin)), 1 / (1 + Math.exp(margin))];
      return { pt, oneMinusPt, logPt: -Math.log1p(Math.exp(-margin)), logOneMinusPt: -Math.log1p(Math.exp(margin)) };
    });
    const feeds = (Object.keys(inputs) as ViewName[]).map((view) => {
      return [
        view,
        new Tensor(
          "float64",
          Float64Array.from(viewsAt, (each) => each[view]),
          [m.length, 1],
        ),
      ] as const;
    });
    const found = await session.run(Object.fromEntries(feeds));
    const close = (a: number, b: number) => Math.abs(a - b) <= 1e-11 * (1 + Math.abs(b));
    viewsAt.forEach((each, n) => {
      for (const column of [0, 1]) {
        const parameters = { a: values.a[column], b: values.b[column] };
        const constant = (value: number) => ({ value, slope: null, relativeSlope: null });
        const jet = formulas[name](dual(numbers), dualViews(numbers, each), {
          a: constant(parameters.a),
          b: constant(parameters.b),
        });
        const at = 2 * n + column;
        expect(close(Number(found.value.data[at]), jet.value), `value at ${m[n]}`).toBe(true);
        expect(close(Number(found.slope.data[at]), jet.slope ?? 0), `slope at ${m[n]}`).toBe(true);
      }
    });
  });
});
