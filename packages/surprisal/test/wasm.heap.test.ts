// The heap of the WASM back end: arrays that are read and written in place, and stay what they are while it grows.
import { describe, expect, it, vi } from "vitest";
import { crossEntropy, evaluate, focal, InputError } from "../src/index.ts";
import { wasm } from "../src/wasm.ts";

describe("arrays on the heap", () => {
  it("are zeros of the length asked for, also where others were before", () => {
    const own = wasm.create();
    for (let round = 0; round < 3; round++) {
      const arrays = [own.float32(100), own.int32(7), own.uint8(33), own.float64(5), own.float32(0)] as const;
      expect(arrays.map((array) => array.length)).toEqual([100, 7, 33, 5, 0]);
      for (const array of arrays) expect(array.every((value) => value === 0)).toBe(true);
      for (const array of arrays) array.fill(9);
      for (const array of arrays) own.free(array);
    }
  });

  it("never overlap, whatever is freed in between", () => {
    const own = wasm.create();
    const kept: Float32Array[] = [];
    for (let k = 0; k < 300; k++) {
      const array = own.float32(1 + ((k * 37) % 500)).fill(k);
      if (k % 3 === 0) own.free(array);
      else kept.push(array);
    }
    for (const array of kept) expect(array.every((value) => value === array[0])).toBe(true);
    const starts = kept.map((array) => [array.byteOffset, array.byteLength]).sort((a, b) => a[0] - b[0]);
    for (let k = 1; k < starts.length; k++)
      expect(starts[k - 1][0] + starts[k - 1][1]).toBeLessThanOrEqual(starts[k][0]);
  });

  it("leave no holes between the back end's own blocks: a larger array takes the place of one that was freed", () => {
    const own = wasm.create();
    const first = own.float32(1000).fill(1);
    const place = first.byteOffset;
    for (const loss of [crossEntropy(), focal({ gamma: 2 })]) {
      evaluate(loss, { logits: first, labels: new Uint8Array(1000) }, { activation: "sigmoid", backend: own });
    }
    own.free(first);
    expect(own.float32(100_000).byteOffset).toBe(place);
  });

  it("keep their numbers and their place while the heap grows", () => {
    const own = wasm.create();
    const early = own.float32(1000).fill(1.5);
    const late = own.float32(5_000_000).fill(2.5);
    early[0] = 7;
    expect(early.length).toBe(1000);
    expect(early[999]).toBe(1.5);
    expect(late[4_999_999]).toBe(2.5);
    const labels = own.uint8(1000).fill(1);
    const gradient = own.float32(1000);
    const { loss } = evaluate(
      crossEntropy(),
      { logits: early, labels },
      { activation: "sigmoid", gradient, backend: own },
    );
    expect(loss).toBeCloseTo((Math.log1p(Math.exp(-7)) + 999 * Math.log1p(Math.exp(-1.5))) / 1000, 6);
    expect(gradient[999]).toBeCloseTo(-1 / (1 + Math.exp(1.5)) / 1000, 9);
  });

  it("are known also after the heap of another back end has grown", async () => {
    const [own, other] = [wasm.create(), wasm.create()];
    own.float32(1);
    other.float32(30_000_000);
    await new Promise((resolve) => setTimeout(resolve, 20)); // V8 now gives every shared memory a new buffer
    const array = own.float32(1);
    own.free(array);
    expect(() => own.free(array)).toThrow("free already");
  });

  it("are freed once, by the back end that made them", () => {
    const own = wasm.create();
    const array = own.float32(4);
    expect(() => own.free(new Float32Array(4))).toThrow(/^wasm: the array is a Float32Array that is not on this heap/);
    expect(() => own.free(wasm.float32(4))).toThrow("not on this heap");
    own.free(array);
    expect(() => own.free(array)).toThrow("free already");
    expect(() => own.float32(-1)).toThrow("wasm: the length is -1");
  });

  it("are not freed by those that were in their place before", () => {
    const own = wasm.create();
    const stale = own.float32(100);
    own.free(stale);
    const next = own.float32(100).fill(3);
    expect(next.byteOffset).toBe(stale.byteOffset);
    for (const wrong of [stale, next.subarray(0), new Float32Array(next.buffer, next.byteOffset, 100)]) {
      expect(() => own.free(wrong)).toThrow(InputError);
    }
    expect(own.float32(100).byteOffset).not.toBe(next.byteOffset);
    expect(next.every((value) => value === 3)).toBe(true);
  });

  it("are refused once they are freed, also in part, and so is memory between them", () => {
    const own = wasm.create();
    const [logits, labels, gradient] = [own.float32(4), own.int32(4), own.float32(4)];
    const freed = own.float32(4);
    own.free(freed);
    const batch = { logits, labels };
    const options = { activation: "sigmoid", gradient, backend: own } as const;
    const beyond = new Float32Array(gradient.buffer, gradient.byteOffset + 4, 4);
    const end = new Float32Array(gradient.buffer, gradient.buffer.byteLength - 16, 4);
    for (const wrong of [freed, freed.subarray(0), beyond, end, new Float32Array(gradient.buffer, 0, 4)]) {
      expect(() => evaluate(focal(), { ...batch, logits: wrong }, options)).toThrow(/^focal: logits lies on the heap/);
      expect(() => evaluate(focal(), { ...batch, labels: wrong }, options)).toThrow(/^focal: labels lies on the heap/);
      expect(() => evaluate(focal(), batch, { ...options, gradient: wrong })).toThrow(/^focal: gradient lies on the/);
      expect(() => evaluate(focal(), batch, { ...options, gradient: true, curvature: wrong })).toThrow(
        /^focal: curvature lies on the/,
      );
      for (const name of ["exampleWeights", "mask"] as const) {
        expect(() => evaluate(focal(), batch, { ...options, [name]: wrong })).toThrow(
          `focal: ${name} lies on the heap`,
        );
      }
    }
    for (const alpha of [freed.subarray(0, 1), { positive: 1, negative: freed.subarray(0, 1) }]) {
      expect(() => evaluate(focal(), batch, { ...options, alpha })).toThrow(
        /^focal: alpha(.negative)? lies on the heap/,
      );
    }
    expect(evaluate(focal(), { logits: own.float32(6).subarray(1, 5), labels }, options).loss).toBeCloseTo(0.1733, 4);
  });

  it("cost no more the more of them there are", () => {
    const own = wasm.create();
    const seconds = (count: number) => {
      const start = performance.now();
      const arrays = Array.from({ length: count }, (_, k) => own.float32(1 + ((k * 37) % 100)));
      for (let k = 0; k < count; k += 2) own.free(arrays[k]); // holes, which do not join
      for (let k = 1; k < count; k += 2) own.free(arrays[k]);
      return (performance.now() - start) / count;
    };
    seconds(1000);
    const best = (count: number) => Math.min(...Array.from({ length: 3 }, () => seconds(count)));
    // Where each looks at all others it is 64; where it does not, what has no room in the caches of a busy machine
    // shows.
    expect(best(32_000) / best(500)).toBeLessThan(32);
  });

  it("run out with a message that says what to do", () => {
    expect(() => wasm.create().float32(2 ** 31)).toThrow(
      /^wasm: the heap would need \d+ bytes, but has at most 4294967296; free arrays/,
    );
  });
});

describe("a heap that can grow no more", () => {
  const { prototype } = (
    Reflect.get(globalThis, "WebAssembly") as { Memory: { prototype: { grow(pages: number): number } } }
  ).Memory;
  const logits = Float32Array.from({ length: 60_000 }, (_, k) => Math.sin(k) * 5);
  const labels = Int32Array.from({ length: 6000 }, (_, n) => n % 10);
  const lossOf = (backend: typeof wasm, gradient: Float32Array) =>
    evaluate(focal(), { logits, labels, classes: 10 }, { activation: "softmax", gradient, backend }).loss;

  it("sends a batch that has no room to the reference, says so, and is as good as new afterwards", () => {
    const [own, fresh] = [wasm.create(), wasm.create()];
    const kept = own.float32(200_000).fill(4);
    const expected = new Float32Array(60_000);
    const loss = lossOf(fresh, expected);
    const grow = vi.spyOn(prototype, "grow").mockImplementation(() => {
      throw new RangeError("no memory");
    });
    const gradient = new Float32Array(60_000);
    for (let k = 0; k < 3; k++) expect(lossOf(own, gradient)).toBeCloseTo(loss, 6);
    expect(own.status).toContain("had no room ran on the reference");
    expect(() => own.float32(10_000_000)).toThrow(
      /^wasm: the heap would need \d+ bytes, but the system gives it no more/,
    );
    grow.mockRestore();
    const arrays = Array.from({ length: 5 }, (_, k) => own.float32(50_000).fill(k));
    expect(lossOf(own, gradient)).toBe(loss);
    expect(gradient).toEqual(expected);
    arrays.forEach((array, k) => {
      expect(array.every((value) => value === k)).toBe(true);
    });
    expect(kept.every((value) => value === 4)).toBe(true);
  });

  it("still has room for small batches where arrays have filled it, and for arrays where a large batch was", () => {
    const own = wasm.create();
    const blocks: Float32Array[] = [];
    for (let length = 2 ** 28; length >= 2 ** 10; length /= 2) {
      try {
        for (;;) blocks.push(own.float32(length));
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }
    expect(blocks.reduce((sum, { byteLength }) => sum + byteLength, 0)).toBeGreaterThan(2 ** 32 - 2 ** 21);
    const small = { logits: logits.slice(0, 3000), labels: labels.slice(0, 300), classes: 10 };
    const options = { activation: "softmax", gradient: true } as const;
    const found = evaluate(focal(), small, { ...options, backend: own });
    expect(found).toEqual(evaluate(focal(), small, { ...options, backend: wasm }));
    own.free(blocks[3]);
    blocks[3] = own.float32(2 ** 20);
    lossOf(own, new Float32Array(60_000));
    expect(own.float32(2 ** 26).length).toBe(2 ** 26);
    own.dispose();
  });
});

describe("a gradient on the heap", () => {
  it("is NaN after a batch is refused that a kernel had begun, and a plain one is what it was", () => {
    const classes = 3;
    for (const spoil of [
      (labels: Int32Array) => labels.fill(9, 900),
      (_: Int32Array, logits: Float32Array) => logits.fill(1 / 0, 2900),
    ]) {
      const labels = new Int32Array(1000);
      const logits = wasm.float32(3000);
      spoil(labels, logits);
      for (const gradient of [wasm.float32(3000).fill(5), new Float32Array(3000).fill(5), logits]) {
        const before = gradient.slice();
        const call = () =>
          evaluate(crossEntropy(), { logits, labels, classes }, { activation: "softmax", gradient, backend: wasm });
        expect(call).toThrow(InputError);
        const isInPlace = gradient !== logits && gradient.buffer === logits.buffer;
        expect(gradient).toEqual(isInPlace ? before.fill(Number.NaN) : before);
      }
    }
  });
});

describe("a gradient", () => {
  const numbers = (length: number) => Float32Array.from({ length }, (_, k) => Math.sin(k) * 5);
  const labels = Int32Array.from({ length: 30 }, (_, n) => n % 7);
  const expected = (classes: number) =>
    evaluate(focal(), { logits: numbers(30 * classes), labels, classes }, { activation: "softmax", gradient: true })
      .gradient;

  it.each([7, 70])("may take the place of the logits, or overlap them (%d classes)", (classes) => {
    const length = 30 * classes;
    const exact = expected(classes);
    for (const shift of [0, 1, 5, classes]) {
      const both = wasm.float32(length + shift);
      const logits = both.subarray(0, length);
      const gradient = both.subarray(shift);
      logits.set(numbers(length));
      evaluate(focal(), { logits, labels, classes }, { activation: "softmax", gradient, backend: wasm });
      for (let k = 0; k < length; k++) expect(gradient[k]).toBeCloseTo(exact[k], 6);
    }
  });

  it("in the place of the logits leaves them as they are where the batch is refused", () => {
    const logits = wasm.float32(21);
    logits.set(numbers(21));
    const wrong = Int32Array.of(1, 2, 7);
    const run = () =>
      evaluate(
        focal(),
        { logits, labels: wrong, classes: 7 },
        { activation: "softmax", gradient: logits, backend: wasm },
      );
    expect(run).toThrow("focal: labels[2] is 7");
    expect(Array.from(logits)).toEqual(Array.from(numbers(21)));
  });

  it("writes nothing beside itself", () => {
    for (const classes of [1, 3, 7, 45]) {
      const activation = classes === 1 ? "sigmoid" : "softmax";
      const rows = 5;
      const area = wasm.float32(rows * classes + 20).fill(77);
      const gradient = area.subarray(10, 10 + rows * classes);
      const logits = wasm.float32(rows * classes);
      evaluate(
        crossEntropy(),
        { logits, labels: new Int32Array(rows), classes },
        { activation, gradient, backend: wasm },
      );
      expect([...area.subarray(0, 10), ...area.subarray(10 + rows * classes)]).toEqual(new Array(20).fill(77));
      expect(gradient.includes(77)).toBe(false);
    }
  });
});
