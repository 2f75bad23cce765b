// A mistake far down in a large table is the error that a small table with it gets: no row is ever lost in silence.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { CliError } from "../src/errors.ts";
import { readTable } from "../src/table/read.ts";
import type { Table } from "../src/table/table.ts";
import { command, scratch } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

/** Wide enough that the rows do not fit the buffers between DuckDB and its reader. */
const columns = 200;
const large = 20_000;
/** JSON is slow to read. */
const largeJson = 8000;
/** The mistake stands in this row from the end. */
const fromEnd = 2500;

type Row = readonly string[];
type Rows = readonly Row[];
type Change = (row: Row) => Row;

const names = Array.from({ length: columns }, (_, k) => `c${k}`);
const rowsOf = (count: number): Rows =>
  Array.from({ length: count }, (_, n) => names.map((_, k) => (k === 1 ? `w${n % 7}` : `${n + k}`)));
const smallRows = rowsOf(9);
const largeRows = rowsOf(large);

/** A way to write rows, and its name's ending. */
interface Format {
  readonly ending: string;
  write(rows: Rows): Buffer;
}
const isJson = ({ ending }: Format): boolean => ending.startsWith(".json");
const largeRowsOf = (format: Format): Rows => (isJson(format) ? largeRows.slice(0, largeJson) : largeRows);

/** The text of a row; a row that many files share is written once. */
function remembered(text: (row: Row) => string): (row: Row) => string {
  const known = new WeakMap<Row, string>();
  return (row) => {
    const line = known.get(row) ?? text(row);
    known.set(row, line);
    return line;
  };
}
const delimited = (ending: string, delimiter: string, end: string): Format => {
  const line = remembered((row) => row.join(delimiter));
  return { ending, write: (rows) => Buffer.from([names, ...rows].map(line).join(end) + end, "latin1") };
};
const csv = delimited(".csv", ",", "\n");
const object = remembered(
  (row) => `{${row.map((cell, k) => `"${names[k] ?? "surplus"}":${/^\d/.test(cell) ? cell : `"${cell}"`}`)}}`,
);
const jsonl: Format = { ending: ".jsonl", write: (rows) => Buffer.from(rows.map(object).join("\n"), "latin1") };
const json: Format = { ending: ".json", write: (rows) => Buffer.from(`[${rows.map(object).join(",\n")}]`, "latin1") };
const zipped = (format: Format): Format => ({
  ending: `${format.ending}.gz`,
  write: (rows) => gzipSync(format.write(rows), { level: 1 }),
});

const texts: readonly Format[] = [csv, delimited(".tsv", "\t", "\n"), delimited(".csv", ";", "\r\n"), zipped(csv)];
const jsons: readonly Format[] = [jsonl, json, zipped(jsonl)];

const changeCell =
  (change: (cell: string) => string): Change =>
  (row) =>
    row.with(1, change(row[1]!));

const mistakes: readonly (readonly [name: string, formats: readonly Format[], change: Change, message: RegExp])[] = [
  ["a row too short", texts, (row) => row.slice(1), /has 199 values, the first line has 200/],
  ["a row too long", texts, (row) => [...row, "1"], /has 201 values, the first line has 200/],
  ["a quote never closed", texts, changeCell((cell) => `"${cell}`), /a quote that is not closed/],
  ["letters behind a closing quote", texts, changeCell((cell) => `"${cell}"x`), /a quote that is not closed/],
  ["a quote inside a quoted value", texts, changeCell((cell) => `"a"${cell}"`), /a quote that is not closed/],
  ["bytes that are no UTF-8", [...texts, ...jsons], changeCell(() => "K\xf6ln"), /is not valid UTF-8/],
  ["a NUL", [...texts, ...jsons], changeCell(() => "a\0b"), /binary content/],
  ["a carriage return alone", texts, changeCell(() => "a\rb"), /a carriage return alone and a line feed/],
  ["a line of 3 MB", texts, changeCell(() => "x".repeat(3_000_000)), /is longer than a line can be/],
  ["a line of 34 MB", [csv], changeCell(() => "x".repeat(34_000_000)), /is longer than a line can be/],
  ["a key twice", jsons, (row) => [...row, ...["1", "2"]], / \d+ the key "surplus" twice in one object/],
  ["an object that does not end", jsons, changeCell(() => '","c3":{'), /not valid JSON/],
  ["a nesting of 50,000", jsons, changeCell(() => `","c":${"[".repeat(50_000)}${"]".repeat(50_000)},"d":"`), /nested/],
];
const cases = mistakes.flatMap(([name, formats, change, message]) =>
  formats.map((format) => [name, format.ending, { format, change, message }] as const),
);

async function messageOf(path: string): Promise<string> {
  const read = await readTable(path).catch((error: unknown) => error);
  if (read instanceof CliError) return read.message;
  if (read instanceof Error) throw read;
  // A table of this size would take minutes to be shown by a failing test.
  throw new Error(`${(read as Table).rows} rows were read`);
}

/** Without what may differ: the path and the places. */
const plain = (message: string): string =>
  message
    .replace(/^[^:]*: /, "")
    .replaceAll(/(line|byte|record\/value) \d+/g, "$1 N")
    // DuckDB names the place in a list by the record, that on lines by the line.
    .replace(/\(.*\)/, "()");

describe("a mistake far down", () => {
  it.each(cases)("%s in %s is told as near the top, with its line", async (_, ending, { format, change, message }) => {
    const said = [smallRows, largeRowsOf(format)].map(async (rows) => {
      const at = rows === smallRows ? 5 : rows.length - fromEnd;
      const path = place.write(`${rows.length}${ending}`, format.write(rows.with(at, change(rows[at]!))));
      const text = await messageOf(path);
      expect(text).toMatch(message);
      const line = /line (\d+)/.exec(text);
      if (line !== null && ending !== ".json") {
        expect(Number(line[1])).toBe(at + (isJson(format) ? 1 : 2));
      }
      return plain(text);
    });
    const [small, big] = await Promise.all(said);
    expect(big).toBe(small);
  });

  it("a last line of 34 MB is told, too, with and without its line end", async () => {
    for (const end of ["", "\n"]) {
      const path = place.write("last.csv", `a,b\n${"1,x\n".repeat(1000)}2,${"y".repeat(34_000_000)}${end}`);
      expect(await messageOf(path)).toMatch(/line 1002 is longer than a line can be/);
    }
  });

  it("a gzip file that is cut, damaged, or followed by something is refused, wherever", async () => {
    const whole = zipped(csv).write(largeRows);
    const two = Buffer.concat([whole, zipped(csv).write(smallRows)]);
    const flip = (bytes: Buffer, at: number): Buffer => {
      const copy = Buffer.from(bytes);
      copy[at < 0 ? copy.length + at : at]! ^= 4;
      return copy;
    };
    const damaged: Buffer[] = [
      ...[0.3, 0.9].map((share) => whole.subarray(0, share * whole.length)),
      ...[1, 8, 9].map((bytes) => whole.subarray(0, whole.length - bytes)),
      ...[1, 3, 10, 30].map((bytes) => two.subarray(0, whole.length + bytes)),
      ...[-1, -6, whole.length >> 1].map((at) => flip(whole, at)),
      Buffer.concat([whole, Buffer.from("and more")]),
    ];
    for (const bytes of damaged) {
      expect(await messageOf(place.write("damaged.csv.gz", bytes))).toMatch(/damaged gzip data/);
    }
  });

  it("several gzip files after one another are read as one", async () => {
    const parts = [csv.write(largeRows), Buffer.from(`${largeRows[0]!.join(",")}\n`)].map((part) => gzipSync(part));
    const table = await readTable(place.write("parts.csv.gz", Buffer.concat(parts)));
    expect(table.rows).toBe(large + 1);
  });

  it("a good large table keeps every row in every format", async () => {
    for (const format of [...texts, ...jsons]) {
      const rows = largeRowsOf(format);
      const table = await readTable(place.write(`good${format.ending}`, format.write(rows)));
      expect([format.ending, table.rows]).toEqual([format.ending, rows.length]);
      table.columns.forEach((column, k) => {
        if (column.kind === "number") expect(column.values.every((value, n) => value === n + k)).toBe(true);
        else expect(column.codes.every((code, n) => column.levels[code] === `w${n % 7}`)).toBe(true);
      });
    }
  });
});

describe("a mistake far down in a command", () => {
  it("ends fit, compare, predict and --folds with exit code 2, its line, and nothing written", async () => {
    const cut = csv.write(largeRows.with(large - fromEnd, largeRows[0]!.slice(1)));
    const table = place.write("cut.csv", cut);
    const good = place.write("good.csv", `a,b\n${"1,x\n2,y\n3,x\n".repeat(20)}`);
    const folder = place.path("results");
    const quick = ["--model", "linear", "--output", folder];
    expect((await command(["fit", good, "b", "--model", "linear", "--output", place.folder])).code).toBe(0);
    for (const argv of [
      ["fit", table, "c1", ...quick],
      ["compare", table, "c1", "--fast", ...quick],
      ["compare", good, "b", "--fast", "--folds", table, ...quick],
      ["predict", place.path("good.onnx"), table, "--allow-missing-columns", "--output", place.path("predicted.csv")],
    ]) {
      const { code, out, err } = await command(argv);
      expect([code, out]).toEqual([2, ""]);
      expect(err).toContain(`cut.csv: line ${large - fromEnd + 2} has 199 values, the first line has 200`);
      expect(existsSync(place.path("predicted.csv"))).toBe(false);
    }
  });
});

describe("line ends of several kinds in one file", () => {
  const mixed = (rows: readonly string[]): string => rows.map((row, n) => row + ["\n", "\r\n"][n % 2]).join("");

  it("lose nothing, and mistakes are told", async () => {
    const rows = Array.from({ length: 3000 }, (_, n) => `${n},w${n % 3}`);
    const table = await readTable(place.write("mixed.csv", mixed(["a,b", ...rows])));
    expect(table.rows).toBe(3000);
    for (const [wrong, message] of [
      ["1,2,3", /line 2002 has 3 values/],
      ["1", /line 2002 has 1 value,/],
      ['"x"y,1', /line 2002 has a quote/],
      ['1,"x', /line 2002 has a quote/],
    ] as const) {
      const path = join(place.folder, "mixed.csv");
      writeFileSync(path, mixed(["a,b", ...rows.with(2000, wrong)]));
      expect(await messageOf(path)).toMatch(message);
    }
  });

  it("may stand inside of quoted values, near the top or far down", async () => {
    for (const [outside, inside] of [
      ["\n", "\r\n"],
      ["\r\n", "\n"],
      ["\n", "\r"],
      ["\r", "\r\n"],
    ] as const) {
      for (const [count, at] of [
        [50, 3],
        [250_000, 240_000],
      ] as const) {
        const rows = Array.from(
          { length: count },
          (_, n) => `${n},"${n === at ? `two${inside}lines` : "one"}, not more"`,
        );
        const { columns } = await readTable(place.write("inside.csv", ["a,b", ...rows, ""].join(outside)));
        const [a, b] = columns;
        expect(a!.kind === "number" && a!.values.every((value, n) => value === n)).toBe(true);
        expect(b!.kind === "category" && b!.levels).toEqual(["one, not more", `two${inside}lines, not more`]);
      }
    }
  });

  it("may begin beyond the head of 4 MB", async () => {
    const rows = Array.from({ length: 300_000 }, (_, n) => `${n},some more letters to fill the line ${n % 3}`);
    const half = 200_000;
    const text = `a,b\n${rows.slice(0, half).join("\n")}\n${rows.slice(half).join("\r\n")}\r\n`;
    const table = await readTable(place.write("late.csv", text));
    expect(table.rows).toBe(300_000);
  });
});
