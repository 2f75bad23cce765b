// Laws of reading over random tables of mixed writings: a row has one probability, whatever other rows stand beside it,
// and how a table is written does not matter to what is learnt from it.
import fc from "fast-check";
import { afterAll, describe, expect, it, vi } from "vitest";
import { Random } from "../src/random.ts";
import { ownCells, workplace } from "./fitted.ts";
import {
  amounts,
  beside,
  type Columns,
  cellOf,
  dateWritings,
  days,
  grouped,
  iso,
  type MadeRow,
  madeRows,
  momentWritings,
  numberWritings,
  wholes,
} from "./tableMaker.ts";
import { attack, command } from "./world.ts";

vi.mock("../src/running/threads.ts", () => import("./threadsHere.ts"));

const { fit, predict, write, dispose } = workplace();
afterAll(dispose);

/** Seeds of fast-check; a round is short, so that a busy machine ends it in time. */
const rounds = Array.from({ length: attack(1, 200) }, (_, k) => 13 + k);

const pick = <T>(random: Random, from: readonly T[]): T => from[random.integer(from.length)]!;

/** Texts as levels of a category; the writings of numbers and dates are those of the maker. */
const levels: readonly (readonly string[])[] = [
  ["01", "02", "10", "1A"],
  ["True", "False"],
  ["true", "FALSE", "unknown"],
  ["1.10", "1.1", "2.0b"],
  ["red", " red", "blue", "Blue"],
  ["yes", "no", "n/a"],
  ["0", "1"],
  ["007", "7"],
  ["a,b", "a;b", 'a "b"', "a\nb"],
  ["12 janv. 2020", "3 févr. 2020"],
];
/** Cells that fit few columns. */
const strange =
  "unknown|1,5|1.5|1,234|1.234|1.234,5|(12)|12-|$5|5 €|3 kg|40%|01|0x1F|1e3|True|TRUE|2020-01-02|02/01/2020|13/13/2020|2-Jan-20|12:30|NA|-|?||#DIV/0!|\\N|9007199254740993|1'234| 7 |²".split(
    "|",
  );

type Write = (row: MadeRow, position: number) => string;

/** A random way to write a column: numbers or dates in a known writing, or levels; some cells missing or odd. */
function someColumn(seed: string): Write {
  const random = new Random(seed);
  const kind = random.integer(3);
  const gap = pick(random, ["", "NA", "-", "null"]);
  const gaps = pick(random, [0, 0, 0.1, 0.4]);
  const odd = pick(random, [0, 0, 0.02, 0.3]);
  const oddText = random.next() < 0.5 ? pick(random, strange) : null;
  const { values, write } =
    kind === 0 ? pick(random, numberWritings) : pick(random, [...dateWritings, ...momentWritings]);
  const names = pick(random, levels);
  return ({ value }, position) => {
    const own = new Random(`${seed} ${position} ${value}`);
    const dice = own.next();
    if (dice < gaps) return gap;
    if (dice < gaps + odd) return oddText ?? pick(own, strange);
    return kind === 2 ? pick(own, names) : write(values(own));
  };
}

describe("a row has one probability and keeps its cells", () => {
  it.each(rounds)("in any subset and order of the rows, in tables of mixed writings, round %i", async (round) => {
    const seeds = fc.record({
      seed: fc.integer({ min: 0, max: 1_000_000 }),
      count: fc.integer({ min: 1, max: 5 }),
      rows: fc.integer({ min: 40, max: 160 }),
      delimiter: fc.constantFrom(",", ";", "\t"),
      other: fc.constantFrom(",", ";", "\t", "|"),
    });
    await fc.assert(
      fc.asyncProperty(seeds, async ({ seed, count, rows, delimiter, other }) => {
        const made = madeRows(rows, `rows ${seed}`, (random) => random.next());
        const columns: Record<string, Write> = {};
        for (let k = 0; k < count; k++) columns[`c${k}`] = someColumn(`column ${seed} ${k}`);
        const text = (table: Columns, which: readonly number[], mark: string, more = made) => {
          const lines = which.map((k) =>
            Object.values(table)
              .map((cell) => cellOf(cell(more[k]!, k), mark))
              .join(mark),
          );
          return `${[Object.keys(table).join(mark), ...lines].join("\n")}\n`;
        };
        const all = made.map((_, k) => k);
        const { code, told, model } = await fit(
          write("t.csv", text({ ...columns, ...beside }, all, delimiter)),
          "bought",
          ...Object.keys(columns).flatMap((name) => ["--keep", name]),
        );
        expect(code, told).toBe(0);

        // New rows, in which any column may hold anything.
        const random = new Random(`new ${seed}`);
        const fresh = madeRows(rows, `new rows ${seed}`, (draw) => draw.next());
        const cells = fresh.map((row, k) =>
          Object.values({ ...columns, age: beside.age! }).map((cell) =>
            random.next() < 0.2 ? pick(random, strange) : cell(row, k),
          ),
        );
        const names = [...Object.keys(columns), "age"];
        const table: Columns = Object.fromEntries(names.map((name, c) => [name, (_, k) => cells[k]![c]!]));
        const whole = await predict(model, write("whole.csv", text(table, all, delimiter, fresh)));
        expect(whole.code, whole.told).toBe(0);
        expect(ownCells(whole, names.length)).toEqual(cells);
        for (const size of [1, 2 + random.integer(rows - 2)]) {
          const order = random.shuffle(Int32Array.from(all)).slice(0, size);
          const some = await predict(model, write("some.csv", text(table, [...order], other, fresh)));
          expect(some.code, some.told).toBe(0);
          expect(some.probabilities).toEqual([...order].map((k) => whole.probabilities[k]));
          expect(ownCells(some, names.length)).toEqual([...order].map((k) => cells[k]));
        }
      }),
      { seed: round, numRuns: 12 },
    );
  });
});

/** A table before it is written as a file. */
interface Cells {
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** How a file is written; every part is one line in a list, and any combination has to be read as the same. */
const delimiters = [",", ";", "\t", "|"];
const lineEnds: readonly ((line: number) => string)[] = [
  () => "\n",
  () => "\r\n",
  (line) => (line % 3 === 0 ? "\r\n" : "\n"),
];
const quotings: readonly ((text: string, delimiter: string, position: number) => string)[] = [
  cellOf,
  (text) => `"${text.replaceAll('"', '""')}"`,
  (text, delimiter, position) =>
    position % 2 === 0 && text !== "" ? `"${text.replaceAll('"', '""')}"` : cellOf(text, delimiter),
];
const marks = ["", ",", " ", "\u2009", "\u00a0", "'", "’"];
const ends = [true, false];

interface FileWriting {
  readonly delimiter: string;
  readonly lineEnd: (line: number) => string;
  readonly quoting: (text: string, delimiter: string, position: number) => string;
  readonly mark: string;
  readonly byteOrderMark: boolean;
  readonly lastLineEnds: boolean;
  readonly order: readonly number[];
}

/** Which columns hold whole numbers, in which thousands may be parted. */
const wholeColumns = ["price", "count"];

function fileOf({ names, rows }: Cells, how: FileWriting): string {
  const line = (cells: readonly string[], n: number) =>
    how.order.map((c) => how.quoting(cells[c]!, how.delimiter, n + c)).join(how.delimiter);
  const parted = rows.map((cells) =>
    cells.map((text, c) =>
      how.mark !== "" && wholeColumns.includes(names[c]!) && /^-?\d{4,}$/.test(text)
        ? grouped(Number(text), how.mark)
        : text,
    ),
  );
  const lines = [names, ...parted].map(line);
  const body = lines.map((text, n) => text + (n < lines.length - 1 || how.lastLineEnds ? how.lineEnd(n) : ""));
  return (how.byteOrderMark ? "\ufeff" : "") + body.join("");
}

/** The JSON of a comparison without what says where the table is from and how it is written. */
async function compared(table: string) {
  const flags = ["--fast", "--model", "linear", "--losses", "ce", "--fold-count", "2", "--no-save", "--json"];
  const { code, out, err } = await command(["compare", table, "bought", ...flags]);
  expect(code, err).toBe(0);
  const { command: _, notes, features, readings: __, checks: ___, ...result } = JSON.parse(out);
  const byName = (one: { name: string }, other: { name: string }) => (one.name < other.name ? -1 : 1);
  return {
    ...result,
    table: { ...result.table, source: "" },
    features: features.map(({ reading: _, ...each }: { reading: unknown }) => each).sort(byName),
    notes: notes
      .map((note: unknown) => (typeof note === "string" ? note : (note as { text: string }).text))
      .filter((text: string) => !/is read as|are read as|line ends/.test(text))
      .map((text: string) => [...text.split(/[ ,:;]+/)].sort().join(" "))
      .sort(),
  };
}

/** Equal but for the last digits of numbers: the order of columns is the order of sums. */
function nearly(value: unknown): unknown {
  if (typeof value === "number") return Number(value.toPrecision(6)) || 0;
  if (Array.isArray(value)) return value.map(nearly);
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, nearly(each)]));
  }
  return value;
}

describe("how a table is written does not matter", () => {
  it.each(rounds)(
    "delimiter, quotes, line ends, byte-order mark, thousands: the same JSON; order of columns: nearly; round %i",
    async (round) => {
      const writings = fc.record({
        seed: fc.integer({ min: 0, max: 1_000_000 }),
        delimiter: fc.constantFrom(...delimiters),
        lineEnd: fc.constantFrom(...lineEnds),
        quoting: fc.constantFrom(...quotings),
        mark: fc.constantFrom(...marks),
        byteOrderMark: fc.boolean(),
        lastLineEnds: fc.constantFrom(...ends),
        turned: fc.boolean(),
      });
      const plain = {
        delimiter: ",",
        lineEnd: () => "\n",
        quoting: cellOf,
        mark: "",
        byteOrderMark: false,
        lastLineEnds: true,
      };
      await fc.assert(
        fc.asyncProperty(writings, async ({ seed, turned, ...how }) => {
          const random = new Random(`table ${seed}`);
          const made = madeRows(80 + random.integer(60), `rows ${seed}`, wholes);
          const gap = pick(random, ["", "NA", "n/a"]);
          const names = ["price", "count", "share", "when", "code", "age", "bought"];
          const rows = made.map(({ value, age, bought }) => [
            String(value),
            random.next() < 0.05 ? gap : String(random.integer(2_000_000) - 100_000),
            amounts(random).toFixed(2),
            iso(days(random)),
            pick(random, ["01", "1", "a b", "True"]),
            String(age),
            bought,
          ]);
          const order = names.map((_, c) => c);
          const other = turned ? [...random.shuffle(Int32Array.from(order))] : order;
          const one = await compared(write("one.csv", fileOf({ names, rows }, { ...plain, order })));
          const two = await compared(write("two.csv", fileOf({ names, rows }, { ...how, order: other })));
          if (turned) expect(nearly(two)).toEqual(nearly(one));
          else expect(two).toEqual(one);
        }),
        { seed: round, numRuns: 12 },
      );
    },
  );
});
