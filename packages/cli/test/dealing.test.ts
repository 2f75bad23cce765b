// Which rows stay together: copies do unless asked otherwise or folds become impossible, and it is always said.

import { afterAll, describe, expect, it } from "vitest";
import type { CompareOptions } from "../src/comparison/options.ts";
import { prepareComparison } from "../src/comparison/prepare.ts";
import { quickComparison } from "./asked.ts";
import { textsOf } from "./columns.ts";
import { scratch } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

/** A table of so many different feature rows, each of them several times. */
const table = (different: number, rows: number) =>
  place.write(
    `${different} of ${rows}.csv`,
    `a,who,answer\n${Array.from({ length: rows }, (_, n) => `${(n % different) / 8},w${n % 6},${n % 4 === 0 ? "yes" : "no"}`).join("\n")}\n`,
  );

const deal = async (path: string, more: Partial<CompareOptions> = {}) => {
  const [study] = await prepareComparison(quickComparison(path, { losses: ["ce"], drop: ["who"], ...more }));
  return study;
};

/** How many different feature rows lie in more than one fold. */
function parted({ task, folds }: Awaited<ReturnType<typeof deal>>): number {
  const [column] = task.columns;
  const seen = new Map<number, Set<number>>();
  task.target.rows.forEach((row, position) => {
    const value = column.kind === "number" ? column.values[row] : column.codes[row];
    seen.set(value, (seen.get(value) ?? new Set()).add(folds.repeats[0][position]));
  });
  return [...seen.values()].filter(({ size }) => size > 1).length;
}

describe("rows with the same features", () => {
  it("stay in one fold, and that is said with the flag that parts them", async () => {
    const prepared = await deal(table(40, 120));
    expect(parted(prepared)).toBe(0);
    expect(prepared.copies).toEqual({ rows: 80, together: true });
    expect(textsOf(prepared.notes)).toContain(
      "80 rows have the same features as another and stay in one fold with it (--keep-duplicates parts them)",
    );
  });

  it("fall into different folds with --keep-duplicates, and that is said", async () => {
    const prepared = await deal(table(40, 120), { keepDuplicates: true });
    expect(parted(prepared)).toBeGreaterThan(0);
    expect(prepared.copies).toEqual({ rows: 80, together: false });
    expect(textsOf(prepared.notes).join()).toContain("as asked (--keep-duplicates)");
  });

  it("are dealt one by one where they would leave a class in too few places, and that is said", async () => {
    const prepared = await deal(table(3, 120));
    expect(parted(prepared)).toBe(3);
    expect(prepared.copies).toEqual({ rows: 117, together: false });
    expect(textsOf(prepared.notes).join()).toContain(
      "117 rows have the same features as another; kept together they leave a class in too few places for 5 folds, so they are dealt one by one",
    );
  });

  it("are dealt one by one, too, where the training rows of a fold would be copies of one row", async () => {
    const two = place.write("two rows.csv", `a,answer\n${"1,yes\n1,no\n2,yes\n2,no\n".repeat(20)}`);
    const prepared = await deal(two, { drop: [], foldCount: 2 });
    expect(prepared.copies).toEqual({ rows: 78, together: false });
  });

  it("do not undo a --group: where that makes folds impossible, it is an error", async () => {
    await expect(deal(table(3, 120), { drop: [], group: "who", foldCount: 10 })).rejects.toThrow(/smaller groups/);
  });

  it("are looked for in other people's folds, which are taken as they are", async () => {
    const path = table(40, 120);
    const together = place.write("together.csv", `f\n${Array.from({ length: 120 }, (_, n) => n % 5).join("\n")}\n`);
    const apart = place.write("apart.csv", `f\n${Array.from({ length: 120 }, (_, n) => n % 3).join("\n")}\n`);
    expect(textsOf((await deal(path, { foldsFile: together })).notes).join()).toContain("keep them together");
    const prepared = await deal(path, { foldsFile: apart });
    expect(prepared.copies.together).toBe(false);
    expect(textsOf(prepared.notes).join()).toContain("part them, which flatters every score");
  });

  it("are not mentioned where there are none", async () => {
    const prepared = await deal(table(120, 120));
    expect(prepared.copies).toEqual({ rows: 0, together: false });
    expect(textsOf(prepared.notes).join()).not.toContain("same features");
  });
});
