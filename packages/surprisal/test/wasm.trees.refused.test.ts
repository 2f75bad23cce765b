// What the kernels of boosted trees refuse, and that nothing is written then.
import { describe, expect, it } from "vitest";
import { InputError } from "../src/index.ts";
import { treeKernels } from "../src/trees.ts";
import { wasm } from "../src/wasm.ts";
import { own } from "./treeTables.ts";

const kernels = treeKernels(own);
type Arrays = Readonly<Record<string, Float32Array | Float64Array | Int32Array | Uint8Array>>;

/** Right calls of each kernel: their arrays, which of these are written, and the numbers beside them. */
const calls: Readonly<
  Record<string, { arrays: () => Arrays; written: readonly string[]; run: (arrays: Arrays) => unknown }>
> = {
  histogram: {
    arrays: () => ({
      bins: own.uint8(40),
      starts: integers(0, 8, 16),
      gradient: own.float32(20),
      curvature: own.float32(20),
      rows: integers(3, 1, 2),
      into: own.float64(32).fill(5),
    }),
    written: ["into"],
    run: (arrays) => kernels.histogram({ ...(arrays as never as object), outputs: 1, output: 0 } as never),
  },
  subtract: {
    arrays: () => ({ from: own.float64(9).fill(5), other: own.float64(9).fill(3) }),
    written: ["from"],
    run: (arrays) => kernels.subtract(arrays as never),
  },
  bestCuts: {
    arrays: () => ({
      histogram: own.float64(32).fill(1),
      starts: integers(0, 8, 16),
      features: integers(1, 0),
      into: own.float64(6).fill(5),
      cuts: integers(5, 5),
    }),
    written: ["into", "cuts"],
    run: (arrays) =>
      kernels.bestCuts({ ...(arrays as never as object), gradient: 1, curvature: 8, l2: 1, least: 0 } as never),
  },
  partition: {
    arrays: () => ({ bins: own.uint8(40), goesLeft: own.uint8(256), rows: integers(3, 1, 2) }),
    written: ["rows"],
    run: (arrays) => kernels.partition({ ...(arrays as never as object), width: 2, feature: 1 } as never),
  },
  addToRows: {
    arrays: () => ({ logits: own.float32(20).fill(5), rows: integers(3, 1, 2) }),
    written: ["logits"],
    run: (arrays) => kernels.addToRows({ ...(arrays as never as object), outputs: 1, output: 0, value: 1 } as never),
  },
};

function integers(...values: readonly number[]): Int32Array {
  const array = own.int32(values.length);
  array.set(values);
  return array;
}

describe.each(Object.entries(calls))("%s", (kernel, { arrays, written, run }) => {
  it("takes what is right", () => {
    expect(() => run(arrays())).not.toThrow();
  });

  it("refuses each array that is of another type, freed, elsewhere or none, by its name", () => {
    for (const name of Object.keys(arrays())) {
      const here = arrays();
      const freed = here[name].slice();
      const elsewhere = wasm.float32(4);
      const gone = own.float64(40);
      own.free(gone);
      for (const wrong of [freed, elsewhere, gone, [1, 2], null, undefined, "bins", new DataView(freed.buffer)]) {
        const call = () => run({ ...here, [name]: wrong as never });
        expect(call).toThrow(InputError);
        expect(call).toThrow(new RegExp(`^treeKernels\\.${kernel}: ${name} (is|lies)`));
      }
    }
  });

  it("refuses arrays of which one is written and lies in another, and writes nothing", () => {
    for (const output of written) {
      for (const other of Object.keys(arrays()).filter((name) => name !== output)) {
        const here = arrays();
        const given = here[other];
        const Type = here[output].constructor as Float64ArrayConstructor;
        const whole = own.uint8(4096);
        // The numbers of one begin in the midst of those of the other.
        const place = (array: Arrays[string], at: number) => {
          const Same = array.constructor as Uint8ArrayConstructor;
          const view = new Same(whole.buffer as ArrayBuffer, whole.byteOffset + at, array.length);
          view.set(array as Uint8Array);
          return view;
        };
        const shared = place(given, 8);
        const overlapping = new Type(whole.buffer as ArrayBuffer, whole.byteOffset + 8, here[output].length);
        const before = whole.slice();
        const call = () => run({ ...here, [other]: shared, [output]: overlapping });
        expect(call, `${output} in ${other}`).toThrow(/share memory|starts\[|rows\[|features\[/);
        expect(whole).toEqual(before);
        own.free(whole);
      }
    }
  });
});

describe("what lies beyond a table", () => {
  it("is not written where a late bin is none, and the sums so far are void", () => {
    const rows = 5000;
    const [bins, starts, into] = [own.uint8(3 * rows), own.int32(4), own.float64(30).fill(7)];
    const [gradient, curvature, order] = [own.float32(rows).fill(1), own.float32(rows).fill(1), own.int32(rows)];
    starts.set([0, 2, 4, 6]);
    order.forEach((_, n) => {
      order[n] = n;
    });
    bins[3 * 4321 + 2] = 255;
    expect(() =>
      kernels.histogram({ bins, starts, gradient, curvature, outputs: 1, output: 0, rows: order, into }),
    ).toThrow("treeKernels.histogram: bins[12965] is 255, but feature 2 has 2 bins (0 to 1)");
    expect(Array.from(into)).toEqual([...Array(12).fill(Number.NaN), ...Array(18).fill(7)]);
  });

  it("is not read or written where a row is none", () => {
    for (const row of [20, -1, 2 ** 31 - 1, -(2 ** 31)]) {
      for (const name of ["histogram", "partition", "addToRows"]) {
        const here = calls[name].arrays();
        const rows = integers(0, 1, 2, 3, 4, row);
        expect(() => calls[name].run({ ...here, rows })).toThrow(`${name}: rows[5] is ${row}, but there are 20 rows`);
        for (const output of calls[name].written.filter((each) => each !== "rows")) {
          expect(here[output].every((value) => value === 5)).toBe(true);
        }
        expect(Array.from(rows)).toEqual([0, 1, 2, 3, 4, row]);
      }
    }
  });
});
