// Checks of the columns that are learnt from, and of those that are not.
import type { featureNotes } from "../notes.ts";
import { type Check, table } from "./check.ts";

const dropped = "check table.csv answer --drop";

const day = (row: number) => new Date(Date.UTC(2020, 0, 1 + row)).toISOString().slice(0, 10);

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
      "One column alone tells a class from the rest in a way that measurements seldom do: by single values, or by having one, with an area under the ROC curve (AUC) over .995; by its order with an AUC over .999 between two classes, or with several classes side by side without an exception. If it is known only afterwards, scores are too good to be true.",
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
  strongColumn: {
    number: "S409",
    title: "A column that says nearly everything",
    means:
      "One column alone reaches an area under the ROC curve over .98, in the way that measurements do: by its order, or for one of several classes. That is no leak by itself; whether it is known in time only you know.",
    told: { files: table({ height: (row) => (row % 3 === 0 ? 40 : 10) + ((row * 13) % 32) }) },
    cure: { words: "Nothing, if it is known when the model is asked; else leave it out.", run: [`${dropped} height`] },
  },
  leakByGaps: {
    number: "S410",
    title: "A column that is there for one class only",
    means:
      "All rows that have a value, or all that have none, or all amounts that are not 0, are of one class, and at least half of that class are such rows: the value was probably written down because of the answer.",
    told: { files: table({ refund: (row) => (row % 3 === 0 && row % 4 > 0 ? (row * 7) % 31 : "") }) },
    cure: { words: "Leave out what is not known when the model is asked.", run: [`${dropped} refund`] },
  },
  repeatingId: {
    number: "S411",
    title: "An identifier that repeats",
    means:
      "Several rows belong to one patient, customer or device, by the name of the column or as hashes do. If some are in the training rows, a test on the others has seen them before.",
    told: { files: table({ patient_id: (row) => 1000 + Math.floor(row / 3) }) },
    cure: { words: "Keep the rows of one together.", run: ["check table.csv answer --group patient_id"] },
  },
  timeOrder: {
    number: "S412",
    title: "Rows in the order of time",
    means:
      "The rows stand in the order of a date. Folds at random test earlier rows with what later ones taught, which a forecast cannot do.",
    told: { files: table({ when: (row) => day(row) }) },
    cure: {
      words: "Let later rows test earlier ones, as `compare --time` does; if the order means nothing, ignore it.",
      run: [`${dropped} when`],
    },
  },
  sameGaps: {
    number: "S413",
    title: "Columns with the same gaps",
    means: "They are missing in exactly the same rows: one thing was not measured, or not asked. It does no harm.",
    told: {
      files: table({ low: (row) => (row % 7 === 0 ? "" : row % 9), high: (row) => (row % 7 === 0 ? "" : row % 11) }),
    },
    cure: { words: "Nothing, if that is so; `--drop` leaves columns out.", run: [`${dropped} low`] },
  },
  alikeLevels: {
    number: "S414",
    title: "Texts that differ in capitals or blanks only",
    means: "They are different texts of a category, each with a feature of its own. Most often one is a slip.",
    told: {
      files: table({ city: (row) => ["Oslo", "oslo", "Bergen"][row % 4 === 0 ? 1 : row % 5 === 0 ? 2 : 0] ?? "" }),
    },
    cure: {
      words: "Write them alike, if they are one.",
      files: table({ city: (row) => (row % 5 === 0 ? "Bergen" : "Oslo") }),
    },
  },
  alikeNumbers: {
    number: "S415",
    title: "One number in two spellings",
    means: "A category has texts that are the same number, such as 1.1 and 1.10; each is a text of its own.",
    told: {
      files: table({ version: (row) => ["1.1", "1.10", "alpha", "beta"][row % 4] ?? "" }),
    },
    cure: {
      words: "Nothing, if they differ, as versions do; else write them alike.",
      files: table({ version: (row) => ["1.1", "1.2", "alpha", "beta"][row % 4] ?? "" }),
    },
  },
  scaledAway: {
    number: "S417",
    title: "A number that drowns all others",
    means:
      "A column is scaled by its spread. One value, most often a slip, is so large that all others become the same.",
    told: { files: table({ price: (row) => (row === 7 ? "1e300" : row % 9) }) },
    cure: { words: "Correct it.", files: table({ price: (row) => row % 8 }) },
  },
  noLevelKept: {
    number: "S416",
    title: "A category of which nothing is left",
    means:
      "Texts with fewer than ten rows share one feature. Here all do, so that the column says nothing, or only where it is missing.",
    told: { files: table({ city: (row) => `c${row % 29}` }) },
    cure: { words: "Make fewer groups of it, or leave it out.", files: table({ city: (row) => `c${row % 4}` }) },
  },
  takenAs: {
    number: "S408",
    title: "What was taken as what",
    means: "Which columns are numbers, which are dates, counted in days, and which are categories.",
    told: { files: table({}) },
  },
  time: {
    number: "S418",
    title: "The column that tells the order of the rows",
    means: "A model cannot learn from a time that it will never see again: the column of `--time` is no feature.",
    told: { files: table({ day: (row) => row }), run: ["check table.csv answer --time day"] },
    cure: {
      words: "Nothing, if that is right; `--keep` makes it a feature.",
      run: ["check table.csv answer --time day --keep day"],
    },
  },
};
