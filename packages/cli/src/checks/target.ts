// Checks of the target: rows without a label, classes, labels.
import type { targetNotes } from "../notes.ts";
import { type Check, table } from "./check.ts";

const three = table({ answer: (row) => ["red", "green", "blue"][row % 3] });
const labels = (yes: string) =>
  table({
    warm: (row) => (row % 2 === 0 ? (row % 4 === 0 ? yes : "1") : "0"),
    answer: (row) => (row % 3 === 0 ? 1 : 0),
  });

const weighed = (least: number) => table({ w: (row) => least + (row % 4) });

/** By the code of the note. */
export const targetChecks: { readonly [Code in keyof typeof targetNotes]: Check } = {
  unlabelled: {
    number: "S301",
    title: "Rows without a label",
    means: "A row whose target is missing teaches nothing, and is left out of training, scores and tests.",
    told: { files: table({ answer: (row) => (row < 5 ? "" : row % 3 === 0 ? "yes" : "no") }) },
    cure: { words: "Fill in the labels, or take these rows out.", files: table({}) },
  },
  classLeftOut: {
    number: "S302",
    title: "A class left out as asked",
    means: "The rows of the class that `--drop-classes` names are not used.",
    told: { files: three, run: ["check table.csv answer --drop-classes red"] },
    cure: { words: "Without the flag the class is used.", run: ["check table.csv answer"] },
  },
  positiveClass: {
    number: "S303",
    title: "The positive class",
    means: "Of two classes one is the positive one: thresholds, precision and recall are about it.",
    told: { files: table({}) },
  },
  lookAlikes: {
    number: "S304",
    title: "Classes that look alike",
    means: "Two classes differ in capitals only, or are the same number written in two ways. Most often one is a slip.",
    told: { files: table({ answer: (row) => (row % 3 === 0 ? "yes" : row % 3 === 1 ? "no" : "No") }) },
    cure: { words: "Write them alike, if they are one class.", files: table({}) },
  },
  classes: {
    number: "S305",
    title: "More than two classes",
    means: "Each row has one of several classes; the model gives a probability for each.",
    told: { files: three },
    cure: { words: "`--drop-classes` leaves some out.", run: ["check table.csv answer --drop-classes red"] },
  },
  spelling: {
    number: "S306",
    title: "Two spellings of a label",
    means: "A label is present or absent; spellings of one value, such as `1` and `1.0`, count as the same.",
    told: { files: labels("1.0"), run: ["check table.csv warm answer"] },
    cure: { words: "Write them alike.", files: labels("1") },
  },
  labels: {
    number: "S307",
    title: "Several labels",
    means: "Several targets make a multi-label problem: each is present or absent, whatever the others are.",
    told: { files: labels("1"), run: ["check table.csv warm answer"] },
    cure: { words: "One target is a problem of its own.", run: ["check table.csv answer"] },
  },
  positiveMeant: {
    number: "S308",
    title: "The positive class by its meaning",
    means:
      "One of two classes is 1, true or yes, the other 0, false or no: the first is positive, however frequent it is.",
    told: { files: table({ answer: (row) => Number(row % 3 > 0) }) },
    cure: {
      words: "Nothing, if it is right; else say which is positive.",
      run: ["check table.csv answer --positive 0"],
    },
  },
  labelsFound: {
    number: "S309",
    title: "Labels found by a pattern",
    means: "`--labels` names its columns by a pattern; these are the columns that fit it.",
    told: {
      files: table({ tag_a: (row) => row % 2, tag_b: (row) => Number(row % 5 > 2) }),
      run: ["check table.csv --labels tag_*"],
    },
    cure: { words: "Nothing; or name the columns one by one.", run: ["check table.csv tag_a tag_b"] },
  },
  masked: {
    number: "S310",
    title: "Labels that some rows lack",
    means: "A row counts for the labels that it has; for the others it is neither learnt from nor scored.",
    told: {
      files: table({ tag: (row) => (row < 5 ? "" : row % 2), answer: (row) => (row % 3 === 0 ? 1 : 0) }),
      run: ["check table.csv answer tag"],
    },
    cure: {
      words: "Nothing; or fill in the labels.",
      files: table({ tag: (row) => row % 2, answer: (row) => (row % 3 === 0 ? 1 : 0) }),
    },
  },
  weighted: {
    number: "S311",
    title: "Rows that count by a column",
    means: "Training, scores and tests count each row by its weight; so many rows of equal weight would tell as much.",
    told: { files: weighed(1), run: ["check table.csv answer --weight w"] },
    cure: { words: "Without the flag each row counts once.", run: ["check table.csv answer"] },
  },
  weightedEqually: {
    number: "S312",
    title: "Weights that are all the same",
    means: "Only ratios of weights matter: these change nothing.",
    told: { files: table({ w: () => 2 }), run: ["check table.csv answer --weight w"] },
    cure: { words: "Leave `--weight` out, or name another column.", files: weighed(1) },
  },
  weightZero: {
    number: "S313",
    title: "Rows of weight 0",
    means: "A row that counts for nothing is left out.",
    told: { files: weighed(0), run: ["check table.csv answer --weight w"] },
    cure: { words: "Nothing, if that is meant.", files: weighed(1) },
  },
};
