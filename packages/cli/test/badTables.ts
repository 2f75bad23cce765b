// Files that cannot work, or only in another call: name and content.
import { gzipSync } from "node:zlib";

const colours = ["red", "green", "blue"];
const rows = Array.from({ length: 60 }, (_, i) => [
  (((i * 37) % 60) / 7).toFixed(4),
  colours[i % 3],
  i % 4 === 0 ? "yes" : "no",
]);

/** A table of the usual rows after a change to each. */
function table(change: (row: readonly string[], n: number) => readonly (string | number)[] = (row) => row): string {
  return `a,b,answer\n${rows.map((row, n) => change(row, n).join(",")).join("\n")}\n`;
}

/** A column for each name, its values by row. */
function columns(value: { readonly [name: string]: (n: number) => string | number }, length = 60): string {
  const lines = Array.from({ length }, (_, n) => Object.values(value).map((each) => each(n)));
  return [Object.keys(value), ...lines].map((line) => line.join(",")).join("\n");
}

const good = table();

/** A table with which nothing is wrong: 60 rows, `a` a number, `b` a colour, `answer` yes or no. */
export const goodTable = good;

/** The files of the calls in badCalls.ts. */
export const badTables: { readonly [name: string]: string | Uint8Array } = {
  "good.csv": good,
  "noise.csv": Uint8Array.from({ length: 900 }, (_, i) => (i * 7919) % 256),
  "book.xlsx": Uint8Array.of(0x50, 0x4b, 3, 4, 1, 2, 3),
  "empty.csv": "",
  "blank.csv": "\n\n  \n",
  "header.csv": "a,b,answer\n",
  "latin.csv": Buffer.concat([Buffer.from("a,b,answer\n1,"), Uint8Array.of(0xe9), Buffer.from(",yes\n")]),
  "utf16.csv": Buffer.from(good, "utf16le"),
  "ragged.csv": table((row, n) => (n === 4 ? row.slice(0, 2) : row)),
  "quote.csv": table((row, n) => (n === 4 ? ["1", '"red', "yes"] : row)),
  "twins.csv": good.replace("a,b,answer", "a,a,answer"),
  "infinite.csv": table((row, n) => (n === 4 ? ["inf", "red", "yes"] : row)),
  "wide.csv": `${Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(",")}\n`,
  "one.csv": table(([a, b]) => [a, b, "no"]),
  "lonely.csv": table(([a, b, answer], n) => [a, b, n === 7 ? "maybe" : answer]),
  "gaps.csv": table(([a, b, answer], n) => [a, b, n >= 20 ? "" : answer]),
  "unlabelled.csv": table(([a, b]) => [a, b, ""]),
  "constant.csv": table(([, , answer]) => ["1", "x", answer]),
  "ids.csv": columns({ id: (n) => n + 1, uid: (n) => `k-${n}`, answer: (n) => (n % 4 ? "no" : "yes") }),
  "bare.csv": columns({ answer: (n) => (n % 4 ? "no" : "yes") }),
  "two.csv": "a,answer\n1,yes\n2,no\n",
  "four.csv": "a,answer\n1,yes\n2,no\n3,yes\n4,no\n",
  "few.csv": table(([a, b], n) => [a, b, n < 3 ? "yes" : "no"]),
  "names.csv": columns({ a: (n) => n % 7, answer: (n) => `k${n % 120}` }, 480),
  "quantity.csv": table(([a, b], n) => [a, b, Math.sqrt(n).toFixed(3)]),
  "labels.csv": columns({
    a: (n) => n % 7,
    x: (n) => n % 2,
    three: (n) => n % 3,
    all: () => 1,
    one: (n) => +(n === 3),
  }),
  "pair.csv": columns({ a: (n) => n % 7, x: (n) => n % 2, y: (n) => +(n % 5 < 2) }),
  "groups.csv": columns({ a: (n) => n / 8, who: (n) => (n < 30 ? "p" : "q"), answer: (n) => n % 2 }),
  "folds-short.csv": "r\n1\n2\n3\n",
  "folds-text.csv": `r\n${"x\ny\n".repeat(30)}`,
  "folds-one.csv": `r\n${"1\n".repeat(60)}`,
  "folds-tiny.csv": `r\n${"1\n".repeat(59)}2\n`,
  "folds-gap.csv": `r\n${"1\n2\n".repeat(29)}1\nNA\n`,
  "folds-half.csv": `r\n${"1.5\n2\n".repeat(30)}`,
  "folds-infinite.csv": `r\n${"1\n2\n".repeat(29)}1\ninf\n`,
  "folds-spelled.csv": `r\n${"1\n2\n01\n".repeat(20)}`,
  "folds-class.csv": `r\n${rows.map(([, , answer]) => (answer === "yes" ? 1 : 2)).join("\n")}\n`,
  "broken.json": '[{"a": 1, "answer": "x"}, {"a": ]',
  "numbers.json": "[1, 2, 3]",
  "cut.csv.gz": gzipSync(good).subarray(0, 40),
  "cut.parquet": "PAR1",
  "renamed.csv": good.replace("a,b,answer", "age,b,answer"),
  file: "no folder",
  "other.csv": good,
  "other.journal.jsonl": '{"identity":"that of another comparison"}\n',
  "torn.csv": good,
  "text.onnx": "not a model",
  "empty.onnx": "",
  "torch.onnx": Uint8Array.of(0x08, 0x08, 0x12, 0x07, ...Buffer.from("pytorch"), 0x3a, 0x00),
};
