// Memory that two arrays of a call share: the result is that of separate arrays, or an error names both.
import { describe, expect, it } from "vitest";
import { crossEntropy, type EvaluateOptions, evaluate, focal, InputError } from "../src/index.ts";
import { type WasmBackend, wasm } from "../src/wasm.ts";
import { attack, attackTime } from "./attack/counts.ts";
import type { Random } from "./attack/random.ts";

type View = Float32Array | Float64Array | Int32Array | Uint8Array;
const viewTypes = { Float32Array, Float64Array, Int32Array, Uint8Array } as const;
type ViewName = keyof typeof viewTypes;

/** Memory in which arrays are laid over each other; the first byte that they may use, and how to give it back. */
interface Area {
  readonly buffer: ArrayBufferLike;
  readonly start: number;
  end(): void;
}
const areaBytes = 4096;
const areas: Readonly<Record<string, (backend: WasmBackend) => Area>> = {
  "plain memory": () => ({ buffer: new ArrayBuffer(areaBytes), start: 0, end() {} }),
  "shared memory": () => ({ buffer: new SharedArrayBuffer(areaBytes), start: 0, end() {} }),
  "the heap": (backend) => {
    const block = backend.uint8(areaBytes);
    return { buffer: block.buffer, start: block.byteOffset, end: () => backend.free(block) };
  },
};

/** The arrays that a call reads, with the numbers in them and the types that they may have. */
function inputsOf(random: Random, kind: "indices" | "shares" | "sigmoid", examples: number, classes: number) {
  const size = examples * classes;
  const floats = ["Float32Array", "Float64Array"] as const;
  const list = <T>(length: number, each: () => T): T[] => Array.from({ length }, each);
  const labels = {
    indices: { types: ["Int32Array", "Uint8Array"] as const, values: list(examples, () => random.below(classes)) },
    shares: { types: floats, values: list(examples, () => oneHot(random.below(classes), classes)).flat() },
    sigmoid: { types: [...floats, "Int32Array", "Uint8Array"] as const, values: list(size, () => random.below(2)) },
  }[kind];
  return {
    logits: { types: floats, values: list(size, () => random.between(-6, 6)) },
    labels,
    exampleWeights: { types: floats, values: list(examples, () => random.between(0.1, 3)) },
    mask: { types: [...floats, "Int32Array", "Uint8Array"] as const, values: list(examples, () => random.below(2)) },
    logitAdjustment: { types: floats, values: list(classes, () => random.between(-1, 1)) },
    alpha: { types: floats, values: list(classes, () => random.between(0.1, 0.9)) },
    gamma: { types: floats, values: list(classes, () => random.between(0, 3)) },
  } as const;
}
const oneHot = (index: number, classes: number) => Array.from({ length: classes }, (_, j) => Number(j === index));

/** Calls evaluate with these arrays, of which those that a caller need not give may be missing. */
function call(
  arrays: Readonly<Partial<Record<string, View | number[]>>>,
  classes: number,
  activation: "softmax" | "sigmoid",
  backend: WasmBackend | undefined,
): number {
  const { logits, labels, gamma = 2, alpha, exampleWeights, mask, logitAdjustment, gradient, curvature } = arrays;
  const given = { alpha, exampleWeights, mask, logitAdjustment, gradient, curvature, backend };
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const batch = { logits: logits as Float32Array, labels: labels as Float32Array, classes };
  const loss = focal({ gamma: gamma as number });
  return evaluate(loss, batch, { ...options, activation } as EvaluateOptions).loss;
}

/** One random call in which an output shares memory with another array; says which two, and how it ended. */
function overlay(random: Random): string {
  const kind = random.pick(["indices", "shares", "sigmoid"] as const);
  const activation = kind === "sigmoid" ? "sigmoid" : "softmax";
  const backend = random.pick([undefined, wasm]);
  const [examples, classes] = [1 + random.below(7), 2 + random.below(5)];
  const inputs = inputsOf(random, kind, examples, classes);
  const names = Object.keys(inputs) as (keyof typeof inputs)[];
  const isThere = (name: string) => name === "logits" || name === "labels" || random.below(3) === 0;
  const outputs = random.pick([["gradient"], ["curvature"], ["gradient", "curvature"]]);
  const output = random.pick(outputs);
  const other = random.pick([...names, ...outputs.filter((name) => name !== output)]);

  const area = areas[random.pick(Object.keys(areas))](wasm);
  const outputType = random.pick(["Float32Array", "Float64Array"] as const);
  const place = <N extends ViewName>(type: N, offset: number, length: number) =>
    new viewTypes[type](area.buffer as ArrayBuffer, area.start + offset, length);
  const make = (name: string): View | undefined => {
    const input = inputs[name as keyof typeof inputs];
    if (input === undefined)
      return new viewTypes[random.pick(["Float32Array", "Float64Array"] as const)](examples * classes);
    const Type = viewTypes[random.pick(input.types as readonly ViewName[])];
    return name === other || isThere(name) ? Type.from(input.values) : undefined;
  };
  const separate = Object.fromEntries([...names, ...outputs].map((name) => [name, make(name)]));
  separate[output] = new viewTypes[outputType](examples * classes);

  // The other array in the middle of the area, and the output over it, wholly or in part.
  const otherArray = separate[other] as View;
  const middle = areaBytes / 2;
  const over = place(otherArray.constructor.name as ViewName, middle, otherArray.length);
  const step = Math.max(outputType === "Float64Array" ? 8 : 4, 1);
  const outputBytes = examples * classes * step;
  const first = Math.ceil((middle - outputBytes + 1) / step) * step;
  const places = Math.floor((middle + over.byteLength - 1 - first) / step) + 1;
  const offset = random.below(4) === 0 ? middle : first + step * random.below(places);
  const written = place(outputType, offset, examples * classes);
  over.set(otherArray);
  const shared = { ...separate, [output]: written, [other]: over };
  for (const name of outputs) if (name !== output && name !== other) shared[name] = separate[name]?.slice();

  const what = `${output} over ${other} (${backend?.name ?? "reference"}, ${kind}, ${examples}x${classes})`;
  // What is read after another number was written over it would differ.
  const expected = call(separate, classes, activation, backend);
  try {
    const loss = call(shared, classes, activation, backend);
    expect(Object.is(loss, expected), `loss of ${what}: ${loss}, not ${expected}`).toBe(true);
    for (const name of outputs) {
      const [found, exact] = [shared[name] as View, separate[name] as View];
      const at = found.findIndex((value, k) => !Object.is(value, exact[k]));
      expect(at, `${name}[${at}] is ${found[at]}, not ${exact[at]}: ${what}`).toBe(-1);
    }
    return `${output} over ${other}: right`;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message, what).toContain(output);
    expect(error.message, what).toContain(other);
    return `${output} over ${other}: refused`;
  } finally {
    area.end();
  }
}

describe("an output that overlaps another array of its call", () => {
  it(
    "is as if it did not, or both are named in an error, for every pair of arrays",
    () => {
      const seen = attack("overlaid arrays", 3000, overlay);
      const pairs = ["logits", "labels", "exampleWeights", "mask", "logitAdjustment", "alpha", "gamma"].flatMap(
        (name) => [`gradient over ${name}: right`, `curvature over ${name}: right`],
      );
      const refused = ["gradient over curvature: refused", "curvature over gradient: refused"];
      expect(Object.keys(seen).sort()).toEqual([...pairs, ...refused].sort());
    },
    attackTime,
  );

  it("is told from one at the same place of another shared memory", () => {
    const batch = { logits: [1, 2, 3, 4], labels: [1, 0, 1, 0] };
    const make = () => new Float32Array(new SharedArrayBuffer(16));
    const { gradient, curvature } = evaluate(crossEntropy(), batch, {
      ...{ activation: "sigmoid", gradient: make(), curvature: make() },
    });
    const apart = evaluate(crossEntropy(), batch, { activation: "sigmoid", gradient: true, curvature: true });
    expect([gradient, curvature]).toEqual([Float32Array.from(apart.gradient), Float32Array.from(apart.curvature)]);
    // A heap that grows has another buffer, but the same memory.
    const backend = wasm.create();
    const before = backend.float32(4);
    backend.float32(50_000_000);
    const after = new Float32Array(backend.float32(1).buffer, before.byteOffset, 4);
    const call = () =>
      evaluate(crossEntropy(), batch, { activation: "sigmoid", gradient: before, curvature: after, backend });
    expect(after.buffer).not.toBe(before.buffer);
    expect(call).toThrow("gradient and curvature share memory");
  });
});
