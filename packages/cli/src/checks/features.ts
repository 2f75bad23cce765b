// Checks of the columns that are learnt from, and of those that are not.
import type { featureNotes } from "../notes.ts";
import { type Check, table } from "./check.ts";

const dropped = "check table.csv answer --drop";

/** By the code of the note. */
export const featureChecks: { readonly [Code in keyof typeof featureNotes]: Check } = {
  leftOut: {
    number: "S401",
    title: "A column that cannot help",
    means: "It is empty, or the same in every row, or looks like an identifier, which only names the rows.",
    told: { files: table({ id: (row) => row + 1 }) },
    cure: {
      words: "`--keep` learns from it all the same; `--drop` says that it is left out on purpose.",
      run: ["check table.csv answer --keep id"],
    },
  },
  possibleLeak: {
    number: "S402",
    title: "A column that gives the answer away",
    means:
      "One column alone tells a class from the rest. If it is known only afterwards, scores are too good to be true.",
    told: { files: table({ refund: (row) => (row % 3 === 0 ? 50 + row : 0) }) },
    cure: { words: "Leave out what is not known when the model is asked.", run: [`${dropped} refund`] },
  },
  leftOutAsAsked: {
    number: "S403",
    title: "Columns left out as asked",
    means: "The columns that `--drop` names are not learnt from.",
    told: { files: table({}), run: [`${dropped} weight`] },
    cure: { words: "Without the flag they are.", run: ["check table.csv answer"] },
  },
  missingCells: {
    number: "S404",
    title: "Missing cells",
    means: "A gap gets a feature that says so; a number gets the median of the training rows besides.",
    told: { files: table({ price: (row) => (row % 7 === 0 ? "" : row % 9) }) },
    cure: {
      words: "Fill the gaps, if the values are known; they are no fault.",
      files: table({ price: (row) => row % 9 }),
    },
  },
  manyLevels: {
    number: "S405",
    title: "A category with very many texts",
    means: "The 50 most frequent texts have a feature of their own, all others share one.",
    told: { files: table({ city: (row) => `c${row % 1400}` }, 3000) },
    cure: { words: "Leave it out, or make fewer groups of it.", run: [`${dropped} city`] },
  },
  copy: {
    number: "S406",
    title: "A column that is another times a constant",
    means:
      "The two say the same, such as a price in two currencies. It does no harm, but nobody can tell whose the effect is.",
    told: { files: table({ cents: (row) => 100 * ((row * 7) % 31) }) },
    cure: { words: "Leave one of them out.", run: [`${dropped} cents`] },
  },
  group: {
    number: "S407",
    title: "Rows that stay together",
    means: "Rows with equal values of the column that `--group` names are never parted between training and test.",
    told: { files: table({ patient: (row) => `p${row % 20}` }), run: ["check table.csv answer --group patient"] },
    cure: { words: "Without the flag each row is on its own.", run: ["check table.csv answer"] },
  },
  takenAs: {
    number: "S408",
    title: "What was taken as what",
    means: "Which columns are numbers, which are dates, counted in days, and which are categories.",
    told: { files: table({}) },
  },
  time: {
    number: "S409",
    title: "The column that tells the order of the rows",
    means: "A model cannot learn from a time that it will never see again: the column of `--time` is no feature.",
    told: { files: table({ day: (row) => row }), run: ["check table.csv answer --time day"] },
    cure: {
      words: "Nothing, if that is right; `--keep` makes it a feature.",
      run: ["check table.csv answer --time day --keep day"],
    },
  },
};
