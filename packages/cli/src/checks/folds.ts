// Checks of rows with the same features: whether they stay together.
import type { foldNotes } from "../notes.ts";
import { type Check, madeTable, table } from "./check.ts";

const compare = "compare table.csv answer --fast --fold-count 2 --losses ce --model linear --no-save";
const fit = "fit table.csv answer --model linear";
/** Rows 20 to 59 are rows 0 to 19 again. */
const copied = table({
  size: (row) => (row % 20) * 3,
  weight: (row) => (row % 20) ** 2,
  answer: (row) => (row % 20 < 6 ? "yes" : "no"),
});
/** A row a day. */
const timed = table({ day: (row) => row, answer: (row) => (row % 2 === 0 ? "yes" : "no") });
/** Rows of the days after. */
const later = (cells: Parameters<typeof madeTable>[0]) =>
  madeTable({
    size: (row) => 100 + row,
    day: (row) => 100 + row,
    answer: (row) => (row % 2 === 0 ? "yes" : "no"),
    ...cells,
  });
/** Three rows, again and again. */
const three = table({
  size: (row) => row % 3,
  weight: (row) => (row % 3) ** 2,
  answer: (row) => (row % 2 === 0 ? "yes" : "no"),
});
const means =
  "Rows with the same features as another are most often copies. If a copy is in the training rows, the test has been seen before, and every score flatters.";
const once = "Take the copies out, if they are a mistake.";

/** By the code of the note. */
export const foldChecks: { readonly [Code in keyof typeof foldNotes]: Check } = {
  copiesTogether: {
    number: "S501",
    title: "Copies stay in one fold",
    means,
    told: { files: copied, run: [compare] },
    cure: { words: once, files: table({}) },
  },
  copiesAsAsked: {
    number: "S502",
    title: "Copies may be in different folds, as asked",
    means,
    told: { files: copied, run: [`${compare} --keep-duplicates`] },
    cure: { words: "Without the flag they stay together.", run: [compare] },
  },
  copiesHeldTogether: {
    number: "S503",
    title: "Copies stay together where settings are chosen",
    means: "`fit` holds rows out to choose its settings; copies are held out together, or not at all.",
    told: { files: copied, run: [fit] },
    cure: { words: once, files: table({}) },
  },
  copiesHeldAsAsked: {
    number: "S504",
    title: "Copies may be held out apart, as asked",
    means: "`fit` holds rows out to choose its settings; their copies may be among the others.",
    told: { files: copied, run: [`${fit} --keep-duplicates`] },
    cure: { words: "Without the flag they stay together.", run: [fit] },
  },
  copiesHeldApart: {
    number: "S505",
    title: "Copies are held out apart",
    means: "All rows have the same features. Kept together, none could be held out to choose settings.",
    told: {
      files: table({ size: () => 1, weight: () => 2 }),
      run: [`${fit} --keep size --drop weight`],
    },
    cure: { words: "A model needs features that differ.", files: table({ size: (row) => row * 1.5 }) },
  },
  copiesTogetherInFile: {
    number: "S506",
    title: "Copies stay together in other people's folds",
    means,
    told: {
      files: { ...copied, "folds.csv": madeFolds((row) => Math.floor((row % 20) / 3) % 2) },
      run: [`${compare} --folds folds.csv`],
    },
    cure: { words: once, files: { ...table({}), "folds.csv": madeFolds((row) => row % 2) } },
  },
  copiesPartedInFile: {
    number: "S507",
    title: "Copies are parted by other people's folds",
    means,
    told: {
      files: { ...copied, "folds.csv": madeFolds((row) => Math.floor(row / 20) % 2) },
      run: [`${compare} --folds folds.csv`],
    },
    cure: { words: "Deal the folds with the copies together, or let the tool do it.", run: [compare] },
  },
  copiesParted: {
    number: "S508",
    title: "Copies are dealt one by one",
    means: `${means} Here there are too few different rows to keep copies together.`,
    told: { files: three, run: [compare.replace("--fold-count 2", "--fold-count 5")] },
    cure: { words: once, files: table({}) },
  },
  timeBlocks: {
    number: "S509",
    title: "Folds in time",
    means: "Each block of rows is tested by what all blocks before it teach, as a model is used.",
    told: { files: timed, run: [`${compare} --time day`] },
    cure: { words: "Without the flag folds are dealt by chance.", run: [compare] },
  },
  timeOfSettings: {
    number: "S510",
    title: "Settings chosen in time",
    means: "The strength of a penalty is chosen on later rows than it is learnt from.",
    told: { files: timed, run: [`${fit} --time day`] },
    cure: { words: "Without the flag they are chosen on any rows.", run: [fit] },
  },
  timeMissing: {
    number: "S511",
    title: "Rows without a time",
    means: "Where a row belongs in time nobody can say: it is left out.",
    told: {
      files: table({ day: (row) => (row === 7 ? "" : row), answer: (row) => (row % 2 === 0 ? "yes" : "no") }),
      run: [`${compare} --time day`],
    },
    cure: { words: "Fill in the time.", files: timed },
  },
  groupsSeen: {
    number: "S512",
    title: "Rows of a group that was learnt from before",
    means: "With `--group` and `--time` a row is tested only if no row of its group comes before its block.",
    told: {
      files: table({
        day: (row) => row,
        who: (row) => `p${row < 40 ? row : row % 7 === 0 ? 3 : row}`,
        answer: (row) => (row % 2 === 0 ? "yes" : "no"),
      }),
      run: [`${compare} --time day --group who`],
    },
    cure: {
      words: "Nothing; or leave `--group` out, if groups are seen again in use, too.",
      run: [`${compare} --time day`],
    },
  },
  copiesInTime: {
    number: "S513",
    title: "Copies at other times",
    means: "Rows with the same features stand at different times; each is tested as it comes.",
    told: {
      files: table({
        size: (row) => (row % 20) * 3,
        weight: (row) => (row % 20) ** 2,
        day: (row) => row,
        answer: (row) => (row % 2 === 0 ? "yes" : "no"),
      }),
      run: [`${compare} --time day`],
    },
    cure: { words: once, files: timed },
  },
  testUnlabelled: {
    number: "S514",
    title: "Rows of the hold-out without a label",
    means: "A row of the `--test` table whose target is missing tells nothing, and is left out.",
    told: {
      files: { ...timed, "later.csv": later({ answer: (row) => (row < 3 ? "" : row % 2 === 0 ? "yes" : "no") }) },
      run: [`${compare} --test later.csv`],
    },
    cure: { words: "Fill in the labels, or take these rows out.", files: { "later.csv": later({}) } },
  },
  testEarly: {
    number: "S515",
    title: "A hold-out that is not later",
    means: "With `--time` the rows of the `--test` table have to come after those that are learnt from.",
    told: {
      files: { ...timed, "later.csv": later({ day: (row) => 40 + row }) },
      run: [`${compare} --time day --test later.csv`],
    },
    cure: { words: "Take later rows.", files: { "later.csv": later({}) } },
  },
  testKnown: {
    number: "S516",
    title: "Rows of the hold-out that were learnt from",
    means:
      "A row of the `--test` table stands in the training table, too; whoever has learnt it by heart is right there.",
    told: {
      files: { ...timed, "later.csv": timed["table.csv"] },
      run: [`${compare} --test later.csv`],
    },
    cure: { words: "Take rows that are not in the training table.", files: { "later.csv": later({}) } },
  },
};

function madeFolds(fold: (row: number) => number): string {
  return `fold\n${Array.from({ length: 60 }, (_, row) => fold(row)).join("\n")}\n`;
}
