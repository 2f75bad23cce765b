// From columns to features: finite numbers, learnt from the training rows only, whatever the table.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encode, fitEncoder } from "../src/learning/encode.ts";
import { quantile, scaleOf } from "../src/learning/scale.ts";
import { Random } from "../src/random.ts";
import type { Column } from "../src/table/table.ts";
import { allRows, column, plainNumbers, repeat, rowsOf } from "./columns.ts";

const cell = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null, freq: 5 });
const word = fc.option(fc.constantFrom("a", "b", "c", "rare", "<script>alert(1)</script>"), { nil: null, freq: 5 });
const table = fc
  .array(fc.tuple(cell, word, fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 80 })
  .map((rows): Column[] => [
    column(
      "x",
      rows.map(([x]) => x),
    ),
    column("w", [...rows.map(([, w]) => w), "a"]),
    column(
      "k",
      rows.map(([, , k]) => k),
    ),
  ])
  .map(([x, w, k]) => [x!, { ...w!, codes: (w as Column & { kind: "category" }).codes.subarray(0, -1) } as Column, k!]);
const lengthOf = (columns: readonly Column[]): number => (columns[0] as Column & { kind: "number" }).values.length;

function feature(features: Float32Array, width: number, at: number): number[] {
  return repeat(features.length / width, (row) => features[row * width + at]!);
}

function momentsOf(values: readonly number[]): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, sd: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
}

describe("laws of every table", () => {
  test("features are finite float32, also for the largest numbers and for rows that were not seen", () => {
    fc.assert(
      fc.property(table, fc.nat(), (columns, part) => {
        const n = lengthOf(columns);
        const encoder = fitEncoder(columns, allRows(1 + (part % n)));
        expect(encode(encoder, columns, allRows(n)).every(Number.isFinite)).toBe(true);
        expect(encoder.names).toHaveLength(encoder.width);
        expect(JSON.parse(JSON.stringify(encoder))).toEqual(encoder);
      }),
    );
  });

  test("what is learnt goes through JSON unharmed, also from -0", () => {
    const encoder = fitEncoder([column("x", [-0, null, -0])], allRows(3));
    expect(encoder.columns[0]).toMatchObject({ fill: 0, center: 0 });
    expect(JSON.parse(JSON.stringify(encoder))).toEqual(encoder);
  });

  test("permuting the rows permutes the features and leaves what was learnt", () => {
    fc.assert(
      fc.property(table, fc.nat(), (columns, seed) => {
        const rows = allRows(lengthOf(columns));
        const shuffled = rowsOf(new Random(seed).shuffle(Int32Array.from(rows)));
        const encoder = fitEncoder(columns, rows);
        const again = fitEncoder(columns, shuffled);
        expect(again.names).toEqual(encoder.names);
        const straight = encode(encoder, columns, rows);
        const mixed = encode(encoder, columns, shuffled);
        shuffled.forEach((row, i) => {
          const from = straight.subarray(row * encoder.width, (row + 1) * encoder.width);
          expect(mixed.subarray(i * encoder.width, (i + 1) * encoder.width)).toEqual(from);
        });
      }),
    );
  });

  test("in the training rows each category lights exactly one feature", () => {
    fc.assert(
      fc.property(table, (columns) => {
        const rows = allRows(lengthOf(columns));
        const encoder = fitEncoder(columns, rows);
        const features = encode(encoder, columns, rows);
        const own = encoder.names.flatMap((name, at) => (name.startsWith("w ") ? [at] : []));
        for (const row of rows) {
          expect(own.reduce((sum, at) => sum + features[row * encoder.width + at]!, 0)).toBe(1);
        }
      }),
    );
  });

  test("rows outside of the training rows change nothing that is learnt", () => {
    fc.assert(
      fc.property(table, fc.double({ noNaN: true, noDefaultInfinity: true }), (columns, wild) => {
        const n = lengthOf(columns);
        const x = columns[0] as Column & { kind: "number" };
        const changed = { ...x, values: x.values.map((value, row) => (row === n - 1 ? wild : value)) };
        const rows = allRows(n - 1);
        expect(fitEncoder([changed], rows)).toEqual(fitEncoder([x], rows));
      }),
    );
  });
});

describe("numbers", () => {
  const random = new Random(3);

  test("have mean 0 and deviation 1 in the training rows, gaps included", () => {
    const values = repeat(500, (i) => (i % 11 === 0 ? null : 1e6 + 3 * random.normal()));
    const encoder = fitEncoder([column("x", values)], allRows(500));
    const { mean, sd } = momentsOf(feature(encode(encoder, [column("x", values)], allRows(500)), encoder.width, 0));
    expect(mean).toBeCloseTo(0, 5);
    expect(sd).toBeCloseTo(1, 5);
  });

  test("that are skewed are scaled by their middle half, without clipping", () => {
    const values = repeat(1000, () => Math.exp(1.5 * random.normal()));
    const sorted = [...values].sort((a, b) => a - b);
    const { center, scale } = scaleOf(
      { kind: "number", name: "x", from: "number", reading: plainNumbers, values: Float64Array.from(values) },
      allRows(1000),
    );
    expect(center).toBeCloseTo((sorted[499]! + sorted[500]!) / 2, 12);
    expect(scale).toBeCloseTo(
      (sorted[749]! + 0.25 * (sorted[750]! - sorted[749]!) - sorted[249]! - 0.75 * (sorted[250]! - sorted[249]!)) /
        1.349,
      12,
    );
    const encoder = fitEncoder([column("x", values)], allRows(1000));
    expect(Math.max(...encode(encoder, [column("x", values)], allRows(1000)))).toBeCloseTo(
      (sorted[999]! - center) / scale,
      3,
    );
  });

  test("that are nearly all zero are standardised, because their middle half has no width", () => {
    const values = repeat(1000, (i) => (i % 50 === 0 ? i : 0));
    const encoder = fitEncoder([column("x", values)], allRows(1000));
    expect(momentsOf([...encode(encoder, [column("x", values)], allRows(1000))]).sd).toBeCloseTo(1, 5);
  });

  test("that are constant in the training rows get scale 1", () => {
    const x = column("x", [0.1, 0.1, 0.1, 2.1]);
    const encoder = fitEncoder([x], allRows(3));
    expect(encoder.columns[0]).toMatchObject({ center: 0.1, scale: 1, missingAt: null });
    expect([...encode(encoder, [x], allRows(4))]).toEqual([0, 0, 0, 2]);
  });

  test("that are missing are filled with the median and flagged, where the training rows have gaps", () => {
    const x = column("x", [1, null, 2, 9, 4]);
    const encoder = fitEncoder([x], allRows(4));
    expect(encoder.names).toEqual(["x", "x missing"]);
    expect(encoder.columns[0]).toMatchObject({ fill: 2, at: 0, missingAt: 1 });
    expect(feature(encode(encoder, [x], allRows(5)), 2, 1)).toEqual([0, 1, 0, 0, 0]);
  });

  test("that are missing later only are filled without a flag, and all missing is 0", () => {
    const x = column("x", [1, 2, 30, null]);
    const encoder = fitEncoder([x], allRows(3));
    expect(encoder.columns[0]).toMatchObject({ fill: 2, missingAt: null });
    expect(encode(encoder, [x], allRows(4))[3]).toBe(encode(encoder, [x], allRows(4))[1]);
    const none = column("x", [null, null]);
    expect([...encode(fitEncoder([none], allRows(2)), [none], allRows(2))]).toEqual([0, 1, 0, 1]);
  });

  test("the quantile is that of sorting", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const sorted = [...values].sort((a, b) => a - b);
          const at = share * (values.length - 1);
          const low = Math.floor(at);
          const expected = sorted[low]! * (1 - (at - low)) + (sorted[low + 1] ?? 0) * (at - low);
          expect(quantile(Float64Array.from(values), share)).toBeCloseTo(expected, 9);
        },
      ),
    );
  });
});

describe("categories", () => {
  const cells = [
    ...repeat(500, (i) => (i % 2 === 0 ? "b" : "a")),
    ...repeat(20, () => "c"),
    ...repeat(9, () => "few"),
    null,
  ];

  test("give each frequent level a feature, share one among the rare, and have one for missing", () => {
    const w = column("w", cells);
    const encoder = fitEncoder([w], allRows(cells.length));
    expect(encoder.names).toEqual(["w = a", "w = b", "w = c", "w other", "w missing"]);
    const features = encode(encoder, [w], allRows(cells.length));
    expect([...features.subarray(0, 5)]).toEqual([0, 1, 0, 0, 0]);
    expect([...features.subarray(520 * 5, 521 * 5)]).toEqual([0, 0, 0, 1, 0]);
    expect([...features.subarray(-5)]).toEqual([0, 0, 0, 0, 1]);
  });

  test("an unseen level counts as other if there is one, else as nothing; a column with other codes fits by name", () => {
    const encoder = fitEncoder([column("w", cells)], allRows(cells.length));
    const later = column("w", ["new", "c", "b"]);
    expect([...encode(encoder, [later], allRows(3))]).toEqual([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
    const plain = fitEncoder([column("w", cells)], allRows(500));
    expect(plain.names).toEqual(["w = a", "w = b"]);
    expect([...encode(plain, [column("w", ["new", null, "a"])], allRows(3))]).toEqual([0, 0, 0, 0, 1, 0]);
  });

  test("a level under .2 % is rare, and at most 50 have their own feature", () => {
    const small = column(
      "w",
      repeat(6000, (i) => (i < 11 ? "small" : i % 2 === 0 ? "a" : "b")),
    );
    expect(fitEncoder([small], allRows(6000)).names).toEqual(["w = a", "w = b", "w other"]);
    const many = column(
      "w",
      repeat(3000, (i) => `c${i % 100 < 60 ? i % 60 : i % 40}`),
    );
    const encoder = fitEncoder([many], allRows(3000));
    expect(encoder.width).toBe(51);
    expect(encoder.names).toContain("w = c39");
    expect(encoder.names.at(-1)).toBe("w other");
  });
});

test("a column that is not there counts as missing, one of the other kind is refused", () => {
  const encoder = fitEncoder([column("x", [1, 2, null]), column("w", ["a", "a", null])], allRows(3));
  const features = encode(encoder, [], allRows(1));
  expect([...features]).toEqual([0, 1, 0, 1]);
  expect(() => encode(encoder, [column("x", ["a"])], allRows(1))).toThrow(/column x is a category, expected a number/);
});
