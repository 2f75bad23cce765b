// A plain table for the tests of files, and what has to be said of it however its file is written.
import { expect } from "vitest";
import type { scratch } from "./world.ts";
import { command } from "./world.ts";

type Place = ReturnType<typeof scratch>;
export type Cells = readonly string[];
export const names: Cells = ["age", "income", "city", "bought"];
export const rows: readonly Cells[] = Array.from({ length: 40 }, (_, n) => [
  `${(n * 7) % 40}.5`,
  `${(n * 11) % 17}`,
  n % 3 === 0 ? "Bonn" : "Paris, TX",
  (n * 7) % 40 > 25 ? "yes" : "no",
]);
export const quotedCell = (cell: string) => (/[",;\n\r]/.test(cell) ? `"${cell}"` : cell);
export const line = (cells: Cells, delimiter = ",") => cells.map(quotedCell).join(delimiter);
export const text = (all: readonly Cells[], delimiter = ",", end = "\n") =>
  all.map((cells) => line(cells, delimiter) + end).join("");
export const plain = text([names, ...rows]);

/** What a quick fit says of a file, and what its model then predicts for the plain table. */
export async function fit(place: Place, name: string, content: string | Uint8Array, ...flags: readonly string[]) {
  const target = flags.length > 0 && !flags[0]!.startsWith("-") ? flags[0]! : "bought";
  const path = place.write(name, content);
  const rest = flags[0] === target ? flags.slice(1) : flags;
  return command(["fit", path, target, "--model", "linear", "--output", place.folder, ...rest]);
}

/** A file that holds the plain table is read as it is: its rows and columns, numbers and categories, nothing lost. */
export async function expectPlain(
  place: Place,
  name: string,
  content: string | Uint8Array,
  ...flags: readonly string[]
) {
  const { code, out, err } = await fit(place, name, content, ...flags);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toContain("40 rows · 3 features (2 numbers, 1 category)");
  expect(out).toContain('bought: "yes" 14');
  return out;
}
