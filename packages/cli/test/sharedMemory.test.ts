// A large table is in memory once: threads see what was read, and features stand where they are learnt from.
import { afterAll, describe, expect, it } from "vitest";
import { TrainingHeap } from "../src/learning/heap.ts";
import { readTable } from "../src/table/read.ts";
import { shared } from "../src/table/shared.ts";
import { scratch } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

describe("a table", () => {
  it("is read into memory that threads see without a copy, however its cells are written", async () => {
    const table = place.write("cells.csv", "a,b,c,d\n1,x,1.2.2020,3 kg\n2,y,3.4.2021,4 kg\n,x,5.6.2022,5 kg\n");
    const { columns } = await readTable(table);
    for (const column of columns) {
      const array = column.kind === "number" ? column.values : column.codes;
      expect(array.buffer, column.name).toBeInstanceOf(SharedArrayBuffer);
      expect(shared(array)).toBe(array);
    }
    expect(columns.map(({ kind }) => kind)).toEqual(["number", "category", "number", "number"]);
  });
});

describe("what is not shared yet", () => {
  it("is copied once, with its type and its numbers", () => {
    const copy = shared(Int32Array.of(3, -1, 2));
    expect([copy.constructor, [...copy]]).toEqual([Int32Array, [3, -1, 2]]);
    expect(shared(copy)).toBe(copy);
  });
});

describe("room for features on the heap of networks", () => {
  it("is lent as it is, not as a copy, and is there until all have given it back", () => {
    const heap = new TrainingHeap();
    const { values, free } = heap.room(6);
    values.set([1, 2, 3, 4, 5, 6]);
    expect(heap.borrow(values)).toBe(values);
    free();
    expect([...heap.borrow(values)]).toEqual([1, 2, 3, 4, 5, 6]); // the first borrower still has it
    heap.giveBack(values);
    heap.giveBack(values);
    expect(() => heap.kernels.gather(values, Int32Array.of(0), new Float32Array(6))).toThrow();
  });
});
