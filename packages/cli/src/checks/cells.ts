// Checks of how cells are read.
import type { cellNotes } from "../notes.ts";
import { type Check, table } from "./check.ts";

const long = (row: number) => `9007199254740${String(993 + 2 * ((row * 7) % 31)).padStart(3, "0")}`;

/** By the code of the note. */
export const cellChecks: { readonly [Code in keyof typeof cellNotes]: Check } = {
  decimalComma: {
    number: "S201",
    title: "A decimal comma",
    means: "Every number of the column has a comma where others have a point; `1,5` is one and a half.",
    told: { files: table({ price: (row) => `${row % 9},5` }) },
    cure: {
      words: "Nothing, if that is meant; else write decimals with a point.",
      files: table({ price: (row) => `${row % 9}.5` }),
    },
  },
  dateOrder: {
    number: "S202",
    title: "The order of day and month",
    means:
      "The cells are dates with the day and the month in numbers; which is which was decided for the whole column.",
    told: { files: table({ when: (row) => `${13 + (row % 15)}/${1 + (row % 12)}/2020` }) },
    cure: {
      words: "Nothing, if it is right; dates as year-month-day can only be read in one way.",
      files: table({ when: (row) => `2020-${String(1 + (row % 12)).padStart(2, "0")}-${13 + (row % 15)}` }),
    },
  },
  textAmongNumbers: {
    number: "S203",
    title: "A text among numbers",
    means: "Most cells are numbers, but not all, so that the column is taken as a category, which is rarely meant.",
    told: { files: table({ price: (row) => (row === 7 ? "many" : row % 9) }) },
    cure: {
      words: "Write NA there, or leave the cell empty.",
      files: table({ price: (row) => (row === 7 ? "NA" : row % 9) }),
    },
  },
  blanksDropped: {
    number: "S204",
    title: "Texts that differ in blanks around them",
    means: "The same text stands with and without blanks around it, and is taken as one value.",
    told: { files: table({ answer: (row) => (row % 3 === 0 ? "yes" : row % 3 === 1 ? "no" : "no ") }) },
    cure: { words: "Nothing, if they are one value; else write the difference in letters.", files: table({}) },
  },
  digitsLost: {
    number: "S205",
    title: "Whole numbers that are too long",
    means: "Beyond 2^53 neighbours become the same number in float64, in which everything is computed.",
    told: { files: table({ serial: long }) },
    cure: {
      words: "Leave the column out, or write it with a letter before it, as the name that it probably is.",
      run: ["check table.csv answer --drop serial"],
    },
  },
};
