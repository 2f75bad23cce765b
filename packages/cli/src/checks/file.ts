// Checks of a file: what it is, and the columns that it has.
import type { fileNotes } from "../notes.ts";
import { type Check, table } from "./check.ts";

const nested = (tags: string) =>
  Array.from({ length: 60 }, (_, row) => `{"size":${(row * 7) % 31},"tags":${tags},"answer":${row % 3 === 0}}\n`).join(
    "",
  );

/** By the code of the note. */
export const fileChecks: { readonly [Code in keyof typeof fileNotes]: Check } = {
  unnamedColumn: {
    number: "S101",
    title: "A column without a name",
    means: "A column has no name in the header, and is called by its place. Often it is the index of a data frame.",
    told: { files: table({ "": (row) => row % 7 }) },
    cure: { words: "Give it a name, or write the table without its index.", files: table({ rest: (row) => row % 7 }) },
  },
  nestedColumn: {
    number: "S102",
    title: "A column of lists or objects",
    means: "Cells that hold lists, objects or bytes are no single value, and the column is not learnt from.",
    told: { files: { "table.jsonl": nested('["a","b"]') }, run: ["check table.jsonl answer"] },
    cure: { words: "Write its parts as columns of their own.", files: { "table.jsonl": nested('"a"') } },
  },
};
