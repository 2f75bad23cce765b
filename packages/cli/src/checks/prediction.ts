// Checks of a table that is predicted, and of what is written beside it.
import type { predictionNotes } from "../notes.ts";
import { type Check, type Example, madeTable } from "./check.ts";

type Cells = Parameters<typeof madeTable>[0];
const colour = (row: number) => ["red", "green", "blue"][row % 3];

/** A model of a table, and the prediction of another. */
const predicted = (trained: Cells, asked: string | Cells, flags = ""): Example => ({
  files: { "table.csv": madeTable(trained), "new.csv": typeof asked === "string" ? asked : newTable(asked) },
  run: ["fit table.csv answer --model linear", `predict table.onnx new.csv${flags}`],
});

/** The same for JSON, whose numbers have types. */
const predictedJson = (trained: Cells, asked: string, flags = "") => ({
  files: { "table.csv": madeTable(trained), "new.jsonl": asked },
  run: ["fit table.csv answer --model linear", `predict table.onnx new.jsonl${flags}`],
});

/** The same table without its answer. */
const newTable = (cells: Cells) => madeTable(cells).replace(/,[^,\n]+$/gm, "");
const asked = (cells: Cells) => ({ "new.csv": newTable(cells) });
const parquet = " --output new.parquet";

/** By the code of the note. */
export const predictionChecks: { readonly [Code in keyof typeof predictionNotes]: Check } = {
  columnMissing: {
    number: "S601",
    title: "A column of the model is not in the table",
    means: "Every row is predicted as if the value were missing, which the model has hardly ever seen.",
    told: predicted({}, "size\n3\n5\n", " --allow-missing-columns"),
    cure: { words: "Add the column; without the flag its lack is an error.", files: asked({}) },
  },
  columnUnseen: {
    number: "S602",
    title: "Categories that the model does not know",
    means: "A text that no training row had counts as a rare one, as none of the known ones, or in trees as missing.",
    told: predicted({ colour }, { colour: (row) => (row === 4 ? "pink" : colour(row)) }),
    cure: {
      words: "Write it as in training, if it is one of those; else train again with such rows.",
      files: asked({ colour }),
    },
  },
  columnCapitals: {
    number: "S603",
    title: "True and false in other capitals",
    means: "The model knows a column of true and false in other capitals; they are the same.",
    told: predicted({ open: (row) => (row % 2 === 0 ? "True" : "False") }, { open: () => "TRUE" }),
    cure: {
      words: "Nothing; or write them as in training.",
      files: asked({ open: (row) => (row % 2 === 0 ? "True" : "False") }),
    },
  },
  columnsExtra: {
    number: "S606",
    title: "Columns that the model does not use",
    means: "They are written again, and change no probability.",
    told: predicted({}, { more: (row) => row }),
    cure: { words: "Nothing, unless you thought that it learnt from them.", files: asked({}) },
  },
  columnsTarget: {
    number: "S607",
    title: "The target is in the table",
    means: "The answer is there already. It is not looked at.",
    told: predicted({}, madeTable({})),
    cure: { words: "Nothing; a table that is really new has no answer.", files: asked({}) },
  },
  renamed: {
    number: "S608",
    title: "Columns that differ in capitals only",
    means: "Parquet cannot keep them apart, so that one is called otherwise in the output.",
    told: predicted({}, "size,weight,Size\n3,1,2\n", parquet),
    cure: {
      words: "Write CSV, or give the columns other names.",
      files: { "new.csv": "size,weight,breadth\n3,1,2\n" },
    },
  },
  writtenAsText: {
    number: "S609",
    title: "Whole numbers that are too long for Parquet",
    means: "A number of more digits than any type of Parquet holds is written as the text that it is.",
    told: predictedJson({}, '{"size":3,"weight":1,"serial":12345678901234567890123}\n', parquet),
    cure: { words: "Write CSV.", run: ["fit table.csv answer --model linear", "predict table.onnx new.jsonl"] },
  },
  formulas: {
    number: "S610",
    title: "Cells that a spreadsheet would run",
    means: "A text that begins with =, +, - or @ is a formula to a spreadsheet, and can do harm there.",
    told: predicted({}, 'size,weight,said\n3,1,"=1+1"\n'),
    cure: {
      words: "`--neutralise-formulas` puts an apostrophe before each.",
      ...predicted({}, 'size,weight,said\n3,1,"=1+1"\n', " --neutralise-formulas"),
    },
  },
  neutralised: {
    number: "S611",
    title: "Cells that a spreadsheet would not run any more",
    means: "They got an apostrophe, as `--neutralise-formulas` asks.",
    told: predicted({}, 'size,weight,said\n3,1,"=1+1"\n', " --neutralise-formulas"),
    cure: {
      words: "Without the flag cells are as they were.",
      run: ["fit table.csv answer --model linear", "predict table.onnx new.csv"],
    },
  },
  renamedKey: {
    number: "S604",
    title: "Columns of one name in JSON",
    means: "The names of an object must differ, and a CSV file may have one twice: the later one gets a number.",
    told: predicted({}, "size,weight,more,more\n3,1,2,4\n", " --output new.jsonl"),
    cure: { words: "Write CSV, or give the columns other names.", files: { "new.csv": "size,weight,more\n3,1,2\n" } },
  },
};
