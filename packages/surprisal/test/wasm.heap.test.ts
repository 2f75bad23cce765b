// The heap of the WASM back end: arrays that are read and written in place, and stay what they are while it grows.
import { describe, expect, it } from "vitest";
import { crossEntropy, evaluate, focal } from "../src/index.ts";
import { wasm } from "../src/wasm.ts";

describe("arrays on the heap", () => {
  it("are zeros of the length asked for, also where others were before", () => {
    const own = wasm.create();
    for (let round = 0; round < 3; round++) {
      const arrays = [own.float32(100), own.int32(7), own.uint8(33), own.float32(0)] as const;
      expect(arrays.map((array) => array.length)).toEqual([100, 7, 33, 0]);
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

  it("run out with a message that says what to do", () => {
    expect(() => wasm.create().float32(2 ** 31)).toThrow(
      /^wasm: the heap would need \d+ bytes, but has at most 4294967296; free arrays/,
    );
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
