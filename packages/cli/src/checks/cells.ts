// Checks of how cells are read.
import type { cellNotes } from "../notes.ts";
import { type Check, table } from "./check.ts";

const long = (row: number) => `9007199254740${String(993 + 2 * ((row * 7) % 31)).padStart(3, "0")}`;

/** By the code of the note. */
export const cellChecks: { readonly [Code in keyof typeof cellNotes]: Check } = {
  numberWriting: {
    number: "S201",
    title: "Numbers that are written in another way",
    means:
      "Thousands are separated, the comma is the decimal mark, or a currency or a unit stands beside each number; the note shows one cell and the number that it is read as.",
    told: { files: table({ price: (row) => `${1 + (row % 9)},${500 + row}` }) },
    cure: {
      words: "Nothing, if that is meant; `--decimal` says which mark is the decimal one.",
      files: table({ price: (row) => `${1 + (row % 9)}${500 + row}` }),
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
    title: "Texts among numbers",
    means:
      "Most cells are numbers, but too many are not, so that the column is taken as a category, which is rarely meant.",
    told: { files: table({ price: (row) => (row % 7 === 0 ? ["many", "few"][row % 2] : row % 9) }) },
    cure: {
      words: "Write NA there, or leave the cell empty; `--read price=number` takes them as missing.",
      run: ["check table.csv answer --read price=number"],
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
  cellsUnread: {
    number: "S206",
    title: "Cells that do not fit their column",
    means:
      "The column is numbers, or dates, but these cells are not; they count as missing, with a feature that says so.",
    told: { files: table({ price: (row) => (row === 7 ? "many" : row % 9) }) },
    cure: {
      words: "Correct the cells, or say that they are missing with `--missing`; `--strict` refuses them.",
      run: ["check table.csv answer --missing price=many"],
    },
  },
  leadingZero: {
    number: "S207",
    title: "Whole numbers with a leading zero",
    means: "Who writes 01234 means a name, such as a postcode: the column is a category, each spelling a level.",
    told: { files: table({ postcode: (row) => `0${1000 + (row % 7)}` }) },
    cure: {
      words: "Nothing, if they are names; else `--read postcode=number`.",
      run: ["check table.csv answer --read postcode=number"],
    },
  },
  typedNumbers: {
    number: "S208",
    title: "Texts that look like numbers, in a format that has numbers",
    means: "JSON and Parquet tell texts from numbers; what is written as a text is one: the column is a category.",
    told: {
      files: { "table.json": JSON.stringify(Array.from({ length: 60 }, (_, row) => jsonRow(row, String(row % 5)))) },
      run: ["check table.json answer"],
    },
    cure: {
      words: "Write numbers without quotes, or `--read grade=number`.",
      run: ["check table.json answer --read grade=number"],
    },
  },
  unitsMixed: {
    number: "S209",
    title: "Numbers in different units or writings",
    means: "12 kg and 900 g are not compared, nor are 1.5 and 1,5 in one column: it is a category, each text a level.",
    told: { files: table({ load: (row) => (row % 2 === 0 ? `${row % 9} kg` : `${row % 9}00 g`) }) },
    cure: {
      words: "Write the column in one unit.",
      files: table({ load: (row) => `${row % 9} kg` }),
    },
  },
  wordsAreClasses: {
    number: "S210",
    title: "A word for nothing that is a class",
    means: "A word such as none or - stands in a tenth of the target's rows or more: then it is a class, no gap.",
    told: { files: table({ answer: (row) => ["none", "low", "high"][row % 3] }) },
    cure: {
      words: "Nothing, if it is a class; else say that it is missing.",
      run: ["check table.csv answer --missing answer=none"],
    },
  },
  wordsAreMissing: {
    number: "S211",
    title: "A word for nothing in the target",
    means: "A word such as none or - stands in a few of the target's rows, which are taken to have no label.",
    told: { files: table({ answer: (row) => (row < 3 ? "none" : ["low", "high"][row % 2]) }) },
    cure: {
      words: "Nothing, if they have no label; else leave only empty cells missing.",
      run: ["check table.csv answer --missing answer="],
    },
  },
  madeEqual: {
    number: "S212",
    title: "Two spellings of one number",
    means: "1.1 and 1.10 are the same number; of versions and chapters they are different names.",
    told: { files: table({ version: (row) => ["1.1", "1.10", "1.2"][row % 3] }) },
    cure: {
      words: "Nothing, if they are numbers; names are kept apart as a category.",
      run: ["check table.csv answer --read version=category"],
    },
  },
  dateUnread: {
    number: "S213",
    title: "Dates in a format that is not read",
    means: "Every text looks like a date, but in a writing that is not known, such as months in another language.",
    told: { files: table({ when: (row) => `${1 + (row % 7)} janv. 2020` }) },
    cure: {
      words: "Write dates as year-month-day.",
      files: table({ when: (row) => `2020-01-0${1 + (row % 7)}` }),
    },
  },
};

function jsonRow(row: number, grade: string) {
  return { size: (row * 7) % 31, grade, answer: row % 3 === 0 ? "yes" : "no" };
}
