// Checks of a file: what it is, and the columns that it has.
import type { fileNotes } from "../notes.ts";
import { type Check, madeTable, table } from "./check.ts";

const nested = (tags: string) =>
  Array.from({ length: 60 }, (_, row) => `{"size":${(row * 7) % 31},"tags":${tags},"answer":${row % 3 === 0}}\n`).join(
    "",
  );

const withoutNames = madeTable({}).split("\n").slice(1).join("\n");
const rowsOfJson = Array.from({ length: 60 }, (_, row) => `{"size":${(row * 7) % 31},"answer":${row % 3 === 0}}`).join(
  ",",
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
  skippedLines: {
    number: "S103",
    title: "Lines above the names of the columns",
    means: "A title, a comment or blank lines stand above the line of names; they are no part of the table.",
    told: { files: { "table.csv": `Sales of the first quarter\n\n${madeTable({})}` } },
    cure: { words: "Nothing; `--skip` says how many lines stand above.", files: table({}) },
  },
  valuesAsNames: {
    number: "S104",
    title: "Names that look like values",
    means: "The first line holds numbers or values of the lines below: perhaps the table has no line of names.",
    told: { files: { "table.csv": withoutNames }, run: ["check table.csv yes"] },
    cure: { words: "`--no-header` says that there is none.", run: ['check table.csv "column 3" --no-header'] },
  },
  noHeader: {
    number: "S105",
    title: "Columns without names",
    means: "No line holds names, as asked: columns are called by their places.",
    told: { files: { "table.csv": withoutNames }, run: ['check table.csv "column 3" --no-header'] },
    cure: { words: "Write a line of names.", files: table({}), run: ["check table.csv answer"] },
  },
  rowNames: {
    number: "S106",
    title: "Names of rows, as R writes them",
    means: "Each row begins with a value more than there are names: the name of the row.",
    told: {
      files: {
        "table.csv": madeTable({})
          .split("\n")
          .map((line, k) => (k === 0 || line === "" ? line : `row${k},${line}`))
          .join("\n"),
      },
    },
    cure: { words: "Nothing; or write the table with `row.names = FALSE`.", files: table({}) },
  },
  namesAgain: {
    number: "S107",
    title: "The line of names once more",
    means: "Tables were joined one below the other with their lines of names, which are no rows.",
    told: { files: { "table.csv": `${madeTable({})}${madeTable({})}` } },
    cure: { words: "Nothing; or take these lines out.", files: table({}) },
  },
  commentLines: {
    number: "S108",
    title: "Comments between the rows",
    means: "Lines that begin as a comment does, and are no rows, are left out.",
    told: { files: { "table.csv": `# of the second store\n${madeTable({})}# the end\n` } },
    cure: { words: "Nothing; or take these lines out.", files: table({}) },
  },
  delimiterFound: {
    number: "S109",
    title: "An unusual delimiter",
    means: "Values are parted by something else than a comma, a semicolon, a tab or a bar.",
    told: { files: { "table.csv": madeTable({}).replaceAll(",", "^") } },
    cure: { words: "Nothing; `--delimiter` says what parts them.", files: table({}) },
  },
  encodingFound: {
    number: "S110",
    title: "Another encoding",
    means: "The file begins with the mark of an encoding that is not UTF-8, and is read in that.",
    told: { files: { "table.csv": Buffer.from(`\ufeff${madeTable({})}`, "utf16le") } },
    cure: { words: "Nothing; or write UTF-8.", files: table({}) },
  },
  jsonShape: {
    number: "S111",
    title: "Rows inside of something else",
    means:
      "The JSON is no list of objects: its rows stand under a key, or column by column, as other programs write it.",
    told: { files: { "table.json": `{"data":[${rowsOfJson}]}` }, run: ["check table.json answer"] },
    cure: { words: "Nothing; or write a list of objects.", files: { "table.json": `[${rowsOfJson}]` } },
  },
};
