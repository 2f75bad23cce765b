// The random numbers: those of the published generator, the same from version to version, even and unrelated.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextWord, Random } from "../src/random.ts";

describe("random numbers", () => {
  test("are those of the authors' C program for xoshiro128**", () => {
    const state = Uint32Array.of(1, 2, 3, 4);
    const words = Array.from({ length: 8 }, () => nextWord(state));
    // xoshiro128starstar.c (Blackman & Vigna), compiled with gcc, state 1, 2, 3, 4
    expect(words).toEqual([11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849]);
  });

  test("stay the same from version to version, because results that people have published hang on them", () => {
    const random = new Random("fold 3, loss focal");
    const drawn = [random.next(), random.integer(1000), random.normal(), random.normal()];
    expect(drawn).toEqual([0.9357010917994742, 938, -0.6262236556832051, -1.488123954686916]);
    expect([...random.shuffle(Int32Array.from({ length: 8 }, (_, k) => k))]).toEqual([3, 5, 2, 1, 0, 6, 7, 4]);
  });

  test("are equal for equal seeds, a number and its text being the same seed, and differ for others", () => {
    const first = (seed: number | string) => new Random(seed).next();
    expect(first(7)).toBe(first("7"));
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => (first(a) === first(b)) === (a === b)));
  });

  test("of neighbouring streams are unrelated", () => {
    const draws = (seed: string) => {
      const random = new Random(seed);
      return Array.from({ length: 4000 }, () => random.normal());
    };
    const [a, b] = [draws("fold 3"), draws("fold 4")];
    const correlation = a.reduce((sum, value, k) => sum + value * b[k], 0) / a.length;
    expect(Math.abs(correlation)).toBeLessThan(0.05);
  });

  test("integers are below their bound and each as frequent as the others", () => {
    const random = new Random("dice");
    const counts = new Float64Array(6);
    for (let k = 0; k < 60_000; k++) counts[random.integer(6)]++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(20.5); // passed by 99.9 % of fair dice
    expect(random.integer(1)).toBe(0);
    // The remainder of a word by 3 * 2^30 alone would lie in the first third half of the time.
    const wide = Array.from({ length: 3000 }, () => Number(random.integer(3 * 2 ** 30) < 2 ** 30));
    expect(wide.reduce((a, b) => a + b) / 3000).toBeCloseTo(1 / 3, 1.4);
    expect(() => random.integer(0)).toThrow("a whole number from 1 to 2^32 is expected");
  });

  test("normal deviates have mean 0, variance 1, kurtosis 3 and 4.6 % beyond 2", () => {
    const random = new Random("normal");
    const values = Float64Array.from({ length: 400_000 }, () => random.normal());
    const mean = (of: (value: number) => number) => values.reduce((sum, value) => sum + of(value), 0) / values.length;
    expect(mean((v) => v)).toBeCloseTo(0, 2);
    expect(mean((v) => v * v)).toBeCloseTo(1, 1.7);
    expect(mean((v) => v ** 4)).toBeCloseTo(3, 1);
    expect(mean((v) => Number(Math.abs(v) > 2))).toBeCloseTo(0.0455, 2.3);
  });

  test("shuffling keeps every value, works in place and reaches every order", () => {
    const random = new Random("shuffle");
    const counts = new Map<string, number>();
    for (let k = 0; k < 6000; k++) {
      const a = Int32Array.of(0, 1, 2);
      expect(random.shuffle(a)).toBe(a);
      counts.set(a.join(""), (counts.get(a.join("")) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
    expect(random.shuffle(new Int32Array(0))).toHaveLength(0);
  });
});
