// Random calls to the WASM back end, good ones and all kinds of bad ones, beside a model of its heap: what fails leaves
// every array as it was, and what is asked for afterwards gives the same bits as where nothing has ever failed.
//
// In one file, though a long one: the model of the heap and all that is done to it belong together.
import { describe, expect, it, vi } from "vitest";
import { asymmetric, crossEntropy, evaluate, focal, InputError, type Loss } from "../src/index.ts";
import { networkKernels } from "../src/network.ts";
import { type WasmBackend, wasm } from "../src/wasm.ts";
import { attack, attackTime, recordCounts } from "./attack/counts.ts";
import type { Random } from "./attack/random.ts";

type HeapArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** An array on the heap, and what it holds by all that has been done. */
interface Owned {
  readonly array: HeapArray;
  model: HeapArray;
}

/** The back end that is attacked, what lies on its heap, and one that nothing bad ever happens to. */
class World {
  readonly own = wasm.create({ relaxed: false });
  readonly owned: Owned[] = [];
  readonly freed: HeapArray[] = [];
  isRefusing = false;

  constructor(
    readonly random: Random,
    readonly sound: WasmBackend,
  ) {
    expect([this.own.name, sound.name]).toEqual(["wasm", "wasm"]); // now there is a heap
  }

  make(kind: "float32" | "float64" | "int32" | "uint8", values: readonly number[] | HeapArray, border = 0): Owned {
    const whole = this.own[kind](values.length + border);
    expect(
      whole.every((each) => each === 0),
      "a new array holds zeros",
    ).toBe(true);
    whole.set(values);
    if (border > 0) whole.fill(guard, values.length);
    const each = { array: whole, model: whole.slice() };
    this.owned.push(each);
    return each;
  }

  free(each: Owned): void {
    this.own.free(each.array);
    this.owned.splice(this.owned.indexOf(each), 1);
    this.freed.push(each.array);
  }

  /** Every array is what it should be, and no two share memory. */
  check(what: string): void {
    for (const { array, model } of this.owned) {
      const at = array.findIndex((value, k) => !Object.is(value, model[k]));
      expect(at, `after ${what}, [${at}] of an array of ${array.length} is ${array[at]}, not ${model[at]}`).toBe(-1);
    }
    const places = this.owned.map(({ array }) => [array.byteOffset, array.byteOffset + array.byteLength]);
    places.sort((a, b) => a[0] - b[0]);
    for (let k = 1; k < places.length; k++) expect(places[k][0]).toBeGreaterThanOrEqual(places[k - 1][1]);
  }
}

const guard = 77;
const border = 8;
const losses: readonly Loss[] = [crossEntropy(), focal(), focal({ gamma: 1.5 }), asymmetric()];

const listOf = (length: number, number: () => number) => Array.from({ length }, number);

/** A batch: on the heap, beside it, or partly; the arrays that it leaves on the heap are the world's. */
function batchOf(world: World, isLarge: boolean) {
  const { random } = world;
  const activation = random.pick(["softmax", "sigmoid"] as const);
  const classes = random.pick(activation === "softmax" ? [2, 3, 10, 130] : [1, 4]);
  const examples = isLarge ? 2000 + random.below(2000) : 1 + random.below(9);
  const count = examples * classes;
  const logits = listOf(count, () => Math.fround(random.between(-9, 9)));
  const labels =
    activation === "softmax" ? listOf(examples, () => random.below(classes)) : listOf(count, () => random.below(2));
  const place = <A extends HeapArray>(
    kind: "float32" | "int32",
    values: readonly number[],
    plain: (v: readonly number[]) => A,
  ) => {
    if (random.below(2) === 0) return { array: plain(values), owned: null };
    const owned = world.make(kind, values, border);
    return { array: owned.array.subarray(0, values.length) as A, owned };
  };
  return {
    activation,
    classes,
    examples,
    logits: place("float32", logits, (v) => Float32Array.from(v)),
    labels: place("int32", labels, (v) => Int32Array.from(v)),
    gradient: place(
      "float32",
      listOf(count, () => 5),
      (v) => Float32Array.from(v),
    ),
    loss: random.pick(losses),
    weights: random.below(3) === 0 ? listOf(examples, () => random.between(0.5, 2)) : undefined,
  };
}

type Batch = ReturnType<typeof batchOf>;

/** Evaluates a batch with some of it replaced. */
function run(
  { activation, classes, logits, labels, gradient, loss, weights }: Batch,
  backend: WasmBackend,
  changed: object = {},
) {
  const options = { activation, gradient: gradient.array, backend, ...(weights && { exampleWeights: weights }) };
  return evaluate(loss, { logits: logits.array, labels: labels.array, classes }, { ...options, ...changed }).loss;
}

/** The loss and the gradient of a batch where nothing has ever failed. */
function soundly(batch: Batch, sound: WasmBackend) {
  const gradient = new Float32Array(batch.gradient.array.length);
  const copy = {
    ...batch,
    logits: { array: batch.logits.array.slice() },
    labels: { array: batch.labels.array.slice() },
  };
  return { loss: run(copy as Batch, sound, { gradient }), gradient };
}

function release(world: World, batch: Batch): void {
  for (const { owned } of [batch.logits, batch.labels, batch.gradient]) if (owned !== null) world.free(owned);
}

/** What is done to a world, by name. */
const deeds: Readonly<Record<string, (world: World) => void>> = {
  "an array is made": (world) => {
    const { random } = world;
    if (world.owned.length > 60) return;
    const kind = random.pick(["float32", "float64", "int32", "uint8"] as const);
    world.make(
      kind,
      listOf(random.below(random.pick([5, 300, 20_000])), () => random.below(200)),
    );
  },
  "an array is freed": (world) => {
    if (world.owned.length > 0) world.free(world.random.pick(world.owned));
  },
  "an array is freed again": (world) => {
    if (world.freed.length > 0) expect(() => world.own.free(world.random.pick(world.freed))).toThrow("free already");
  },
  "part of an array is freed": (world) => {
    if (world.owned.length === 0) return;
    const part = world.random.pick(world.owned).array.subarray(0);
    expect(() => world.own.free(part)).toThrow(InputError);
  },
  "a good batch": (world) => good(world, false),
  "a large batch": (world) => good(world, world.random.below(4) === 0),
  "a wrong label": (world) =>
    refused(world, (batch) => {
      batch.labels.array[world.random.below(batch.labels.array.length)] =
        batch.activation === "softmax" ? batch.classes : 2;
    }),
  "an infinite logit": (world) =>
    refused(world, (batch) => {
      if (batch.activation === "softmax") batch.logits.array[world.random.below(batch.logits.array.length)] = 1 / 0;
      else batch.labels.array[0] = -3;
    }),
  "a length that does not fit": (world) => refused(world, () => {}, { gradient: new Float32Array(3000) }),
  "a freed array": (world) => {
    if (world.freed.length === 0) return;
    const freed = world.random.pick(world.freed);
    const options = { activation: "sigmoid", backend: world.own } as const;
    const numbers = Float32Array.from(freed, () => 0);
    if (freed.length === 0) return;
    expect(() => evaluate(focal(), { logits: numbers, labels: freed }, options)).toThrow(/labels lies on the heap/);
    if (!(freed instanceof Float32Array)) return;
    expect(() => evaluate(focal(), { logits: freed, labels: numbers }, options)).toThrow(/logits lies on the heap/);
    expect(() => evaluate(focal(), { logits: numbers, labels: numbers }, { ...options, gradient: freed })).toThrow(
      /gradient lies on the heap/,
    );
  },
  "a label that throws": (world) => {
    const batch = batchOf(world, false);
    const labels = new Proxy(Array.from(batch.labels.array), {
      get: (list, key) => {
        if (key === "0") throw new Error("mine");
        return Reflect.get(list, key);
      },
    });
    const { logits, classes, activation, gradient } = batch;
    const call = () =>
      evaluate(
        focal(),
        { logits: logits.array, labels, classes },
        { activation, gradient: gradient.array, backend: world.own },
      );
    expect(call).toThrow("mine");
    world.check("a label that throws");
    release(world, batch);
  },
  "a label that asks for another call": (world) => {
    const batch = batchOf(world, false);
    const { loss, gradient } = soundly(batch, world.sound);
    const inner = batchOf(world, false);
    const labels = new Proxy(Array.from(batch.labels.array), {
      get: (list, key) => {
        if (key === "0") run(inner, world.own);
        return Reflect.get(list, key);
      },
    });
    const { logits, classes, activation, weights } = batch;
    const options = { activation, backend: world.own, ...(weights && { exampleWeights: weights }) };
    const found = evaluate(
      batch.loss,
      { logits: logits.array, labels, classes },
      { ...options, gradient: batch.gradient.array },
    );
    expect(found.loss).toBe(loss);
    expect(batch.gradient.array).toEqual(gradient);
    for (const each of [batch, inner]) {
      if (each.gradient.owned !== null) each.gradient.owned.model = each.gradient.owned.array.slice();
      release(world, each);
    }
  },
  "good products": (world) => {
    const { random, own } = world;
    const [rows, inputs, outputs] = [1 + random.below(6), 1 + random.below(9), 1 + random.below(9)];
    const some = (length: number) =>
      world.make(
        "float32",
        listOf(length, () => Math.fround(random.between(-1, 1))),
        border,
      );
    const [input, weights, bias, output] = [
      some(rows * inputs),
      some(inputs * outputs),
      some(outputs),
      some(rows * outputs),
    ];
    const part = (each: Owned) => each.array.subarray(0, each.array.length - border) as Float32Array;
    const given = { input: part(input), weights: part(weights), bias: part(bias), output: part(output) };
    networkKernels(own).layer({ ...given, rows, relu: true });
    const plain = Object.fromEntries(
      Object.entries(given).map(([name, each]) => {
        const copy = world.sound.float32(each.length);
        copy.set(each);
        return [name, copy];
      }),
    ) as typeof given;
    networkKernels(world.sound).layer({ ...plain, rows, relu: true });
    expect(given.output).toEqual(plain.output.slice());
    for (const each of Object.values(plain)) world.sound.free(each);
    output.model = output.array.slice();
    for (const each of [input, weights, bias, output]) world.free(each);
  },
  "products that do not fit": (world) => {
    const { own } = world;
    const [a, b] = [world.make("float32", [1, 2, 3, 4]), world.make("uint8", [1, 2, 3, 4])];
    const [x, bytes] = [a.array as Float32Array, b.array as never as Float32Array];
    const layer = { input: x, weights: x, bias: x.subarray(0, 2), output: x, rows: 2, relu: false };
    expect(() => networkKernels(own).layer(layer)).toThrow(/output and input share memory/);
    expect(() => networkKernels(own).layer({ ...layer, output: bytes })).toThrow(/output is a Uint8Array/);
    expect(() => networkKernels(own).adam({ values: x, gradient: x, first: x, second: x }, { rate: 1, l2: 0 })).toThrow(
      InputError,
    );
    expect(() => networkKernels(own).gather(x, Int32Array.of(0) as never, x)).toThrow(/not on this heap/);
    world.check("products");
    for (const each of [a, b]) world.free(each);
  },
  "the system gives no more memory": (world) => {
    world.isRefusing = true;
    grow.mockImplementation(() => {
      throw new RangeError("no memory");
    });
    for (let k = 0; k < 3; k++) {
      try {
        deeds[
          world.random.pick(["an array is made", "a good batch", "a large batch", "a wrong label", "good products"])
        ](world);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        expect(error.message).toContain("the heap would need");
      }
      world.check("a call without memory");
    }
    try {
      world.make("float32", { length: 2 ** 24 } as never);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
    }
    grow.mockReset();
    world.isRefusing = false;
  },
  "an array larger than any heap": (world) => {
    for (const length of [2 ** 31, 2 ** 50, 2 ** 53])
      expect(() => world.own.float32(length)).toThrow(/heap would need/);
    for (const length of [-1, 0.5, Number.NaN]) expect(() => world.own.int32(length)).toThrow(/the length is/);
  },
};

function good(world: World, isLarge: boolean): void {
  const batch = batchOf(world, isLarge);
  const expected = soundly(batch, world.sound);
  const loss = run(batch, world.own);
  // Where a batch finds no room, the reference takes it.
  const digits = world.isRefusing ? 4 : 20;
  expect(loss).toBeCloseTo(expected.loss, digits);
  const { array, owned } = batch.gradient;
  array.forEach((value, k) => {
    if (Object.is(value, expected.gradient[k])) return;
    expect(value, `gradient[${k}]`).toBeCloseTo(expected.gradient[k], digits);
  });
  if (owned !== null) owned.model.set(expected.gradient);
  if (owned !== null && world.isRefusing) owned.model.set(array as never);
  world.check("a good batch");
  release(world, batch);
}

/** A batch with a mistake: an error, and nothing has changed, or all of a gradient on the heap is NaN. */
function refused(world: World, spoil: (batch: Batch) => void, changed: object = {}): void {
  const batch = batchOf(world, false);
  spoil(batch);
  for (const { owned } of [batch.logits, batch.labels]) if (owned !== null) owned.model = owned.array.slice();
  expect(() => run(batch, world.own, changed)).toThrow(InputError);
  const { array, owned } = batch.gradient;
  const isVoid = array.every(Number.isNaN);
  if (owned === null)
    expect(
      array.every((value) => value === 5),
      "a plain gradient was written",
    ).toBe(true);
  else if (isVoid) owned.model.fill(Number.NaN, 0, array.length);
  world.check("a refused batch");
  release(world, batch);
}

const memory = Reflect.get(globalThis, "WebAssembly") as { Memory: { prototype: { grow(pages: number): number } } };
const grow = vi.spyOn(memory.Memory.prototype, "grow");

describe("after anything that fails", () => {
  it(
    "every array on the heap is what it was, and good calls give the bits that they always give",
    () => {
      const sound = wasm.create({ relaxed: false });
      const names = Object.keys(deeds);
      const met: Record<string, number> = {};
      attack("heap", 12, (random) => {
        const world = new World(random, sound);
        const done: string[] = [];
        for (let step = 0; step < 60; step++) {
          const name = random.pick(names);
          done.push(name);
          met[name] = (met[name] ?? 0) + 1;
          try {
            deeds[name](world);
            world.check(name);
          } catch (error) {
            grow.mockReset();
            if (error instanceof Error) error.message = `${error.message}\n(${done.slice(-6).join(", ")})`;
            throw error;
          }
        }
        world.own.dispose();
        return "survived";
      });
      expect(Object.keys(met).sort()).toEqual(names.sort());
      recordCounts("what fails on the heap", met);
    },
    attackTime,
  );
});
