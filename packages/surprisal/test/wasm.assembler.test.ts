// The assembler: numbers as bytes, modules that validate, and the listing of a kernel as it was when last read.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { signed, unsigned } from "../src/backends/wasm/assembler/bytes.ts";
import { Code } from "../src/backends/wasm/assembler/code.ts";
import { encodeModule } from "../src/backends/wasm/assembler/encoder.ts";
import { f32, f32x4, f64, i32, type V128, v128 } from "../src/backends/wasm/assembler/instructions.ts";
import { listing } from "../src/backends/wasm/assembler/listing.ts";
import { formulaOf } from "../src/backends/wasm/formula/kernelFormula.ts";
import { kernelLossOf } from "../src/backends/wasm/formula/parameters.ts";
import { makeKernel, type Variant } from "../src/backends/wasm/kernels.ts";
import { exponential, exponentialMinusOne } from "../src/backends/wasm/mathematics/exponential.ts";
import { generalLogarithmOfOnePlus, logarithm } from "../src/backends/wasm/mathematics/logarithm.ts";
import { power } from "../src/backends/wasm/mathematics/power.ts";
import { detectFeatures } from "../src/backends/wasm/memory/features.ts";
import { focal, type Loss, losses } from "../src/index.ts";
import { expectClose, law } from "./support.ts";

const memory = { shared: true, maximum: 65536 };
const kernelOf = (loss: Loss, variant: Variant, fused: boolean) =>
  makeKernel(formulaOf(loss.definition, kernelLossOf(loss) ?? { whole: {}, short: [] }), variant, { fused });

const derivatives = [
  { gradient: false, curvature: false },
  { gradient: true, curvature: false },
  { gradient: false, curvature: true },
  { gradient: true, curvature: true },
];
const sigmoidVariants = (["hard", "soft"] as const).flatMap((labels) =>
  derivatives.flatMap(({ gradient, curvature }) =>
    (["none", "byLabel", "byElement"] as const).map(
      (weights): Variant => ({
        activation: "sigmoid",
        labels,
        labelType: curvature ? "uint8" : "float32",
        weights,
        gradient,
        curvature,
        elements: gradient && !curvature,
      }),
    ),
  ),
);
const softmaxVariants = [2, 10, 128, null].flatMap((classes) =>
  ([0, 1] as const).map(
    (order): Variant => ({ activation: "softmax", order, classes, weights: order === 1, losses: order === 0 }),
  ),
);

describe("modules", () => {
  it.each(losses.map((factory) => [factory.definition.name, factory] as const))("of %s validate", (_, factory) => {
    const relaxed = detectFeatures().relaxedSimd;
    for (const variant of [...sigmoidVariants, ...softmaxVariants]) {
      for (const fused of relaxed ? [true, false] : [false]) {
        const bytes = encodeModule([kernelOf(factory(), variant, fused).function], memory);
        expect(WebAssembly.validate(bytes)).toBe(true);
        expect(bytes.length).toBeLessThan(20_000);
      }
    }
  });

  it("read as they did: forward focal loss on the sigmoid", () => {
    const variant: Variant = {
      activation: "sigmoid",
      labels: "hard",
      labelType: "float32",
      weights: "none",
      gradient: false,
      curvature: false,
      elements: false,
    };
    expect(`${listing(kernelOf(focal(), variant, false).function)}\n`).toMatchSnapshot();
  });
});

describe("numbers in LEB128", () => {
  const decode = (bytes: readonly number[], isSigned: boolean) => {
    let value = 0n;
    bytes.forEach((byte, k) => {
      value |= BigInt(byte & 0x7f) << BigInt(7 * k);
    });
    const isNegative = isSigned && ((bytes.at(-1) as number) & 0x40) !== 0;
    return Number(isNegative ? value - (1n << BigInt(7 * bytes.length)) : value);
  };
  it("come back", () => {
    law(
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      (value) => void expect(decode(unsigned(value), false)).toBe(value),
      200,
    );
    law(fc.integer(), (value) => void expect(decode(signed(value), true)).toBe(value), 200);
  });
});

describe("mathematics in float32", () => {
  /** Runs a function of vectors on many numbers; the first lane counts. */
  const table = (make: (code: Code, x: V128) => V128, fused: boolean) => {
    const code = new Code("run", { fused });
    const x = code.keep(v128.loadSplat(code.constants, 4096), "x");
    const y = make(code, x);
    code.return(f64.fromF32(f32x4.lane(0, y)));
    const bytes = encodeModule([code.finish("f64")], memory);
    const shared = new WebAssembly.Memory({ initial: 1, ...memory });
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>), {
      heap: { memory: shared },
    });
    const run = instance.exports.run as (constants: number) => number;
    const view = new DataView(shared.buffer);
    code.constantValues.forEach((constant, k) => {
      if ("bits" in constant) view.setInt32(4 * k, constant.bits, true);
    });
    return (value: number) => {
      view.setFloat32(4096, value, true);
      return run(0);
    };
  };
  const ulp = (value: number) => 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(value)))) - 23);
  const sweep = (low: number, high: number) =>
    Array.from({ length: 4001 }, (_, k) => Math.fround(low + ((high - low) * k) / 4000));
  const functions = [
    ["exp", exponential, Math.exp, sweep(-86, 88), 1],
    ["expm1", exponentialMinusOne, Math.expm1, [...sweep(-20, 20), ...sweep(-1e-3, 1e-3)], 3],
    ["log", logarithm, Math.log, [...sweep(1e-3, 10), ...sweep(0.9, 1.1), ...sweep(1e5, 1e30)], 3],
    ["log1p", generalLogarithmOfOnePlus, Math.log1p, [...sweep(-0.9, 10), ...sweep(-1e-4, 1e-4)], 3],
    [
      "pow, exponent 1.7",
      (code: Code, x: V128) => power(code, x, code.number(1.7)),
      (x: number) => x ** Math.fround(1.7),
      sweep(0.1, 3),
      10,
    ],
  ] as const;
  it.each(functions)("%s is exact to a few units in the last place", (name, make, exact, values, most) => {
    for (const fused of detectFeatures().relaxedSimd ? [true, false] : [false]) {
      const run = table(make, fused);
      let worst = 0;
      for (const x of values) {
        const error = Math.abs(run(x) - exact(x));
        if (error > 1e-37) worst = Math.max(worst, error / ulp(exact(x)));
      }
      if (process.env.SHOW) console.log(name, fused, worst);
      expect(worst).toBeLessThan(most);
    }
  });

  it("has the values at the edges that float64 has", () => {
    const edges = [0, -0, 1, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const [make, exact] of [
      [exponential, Math.exp],
      [logarithm, Math.log],
      [generalLogarithmOfOnePlus, Math.log1p],
    ] as const) {
      const run = table(make, false);
      for (const x of edges) expectClose(run(x) + 0, exact(x) + 0, 1e-6);
    }
  });
});

describe("features", () => {
  it("name relaxed SIMD only where its multiply-add rounds once", () => {
    const { relaxedSimd } = detectFeatures();
    const code = new Code("run", { fused: true });
    code.return(f64.fromF32(f32.add(f32.constant(1), f32.constant(2))));
    expect(WebAssembly.validate(encodeModule([code.finish("f64")], null) as Uint8Array<ArrayBuffer>)).toBe(true);
    const major = Number(process.versions.node.split(".")[0]);
    if (major < 22) expect(relaxedSimd).toBe(false);
    expect(i32.constant(3).text).toBe("i32.const 3");
  });
});
