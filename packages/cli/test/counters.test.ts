// The counts that scans are held against: the same however the bytes are cut, and those of a reader letter by letter.
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { isLong } from "../../surprisal/test/attack/counts.ts";
import { CliError } from "../src/errors.ts";
import { JsonCounter } from "../src/table/jsonCounter.ts";
import { readTable } from "../src/table/read.ts";
import { RecordCounter } from "../src/table/recordCounter.ts";
import type { Table } from "../src/table/table.ts";
import { Refused, readDelimited, readJson } from "./strictReaders.ts";
import { scratch } from "./world.ts";

const times = isLong ? 100 : 1;
const place = scratch();
afterAll(() => place.dispose());

/** A text, and places at which it is cut. */
const cutText = (letters: readonly string[], most: number) =>
  fc.tuple(
    fc.string({ unit: fc.constantFrom(...letters), maxLength: most }),
    fc.array(fc.nat(most), { maxLength: 6 }).map((cuts) => cuts.sort((a, b) => a - b)),
  );

function pieces(text: string, cuts: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  return [0, ...cuts].map((from, k) => bytes.subarray(from, cuts[k] ?? bytes.length));
}

const csvLetters = ["a", "é", ",", ",", '"', '"', " ", "\n", "\n", "\r", "\r\n", ";"];

/** What a counter finds, or its message. */
function counted(text: string, columns: number, strict: boolean, cuts: readonly number[]): unknown {
  const counter = new RecordCounter("x", { delimiter: ",", columns, strict });
  try {
    for (const piece of pieces(text, cuts)) counter.push(piece);
    counter.finish();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return error.message;
  }
  return [counter.records, counter.ends];
}

describe("the records of a delimited text", () => {
  it("are the same however the text is cut", () => {
    fc.assert(
      fc.property(
        cutText(csvLetters, 60),
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        ([text, cuts], columns, strict) => {
          expect(counted(text, columns, strict, cuts)).toEqual(counted(text, columns, strict, []));
        },
      ),
      { numRuns: 3000 * times, seed: 11 },
    );
  });

  it("are those of a reader that goes letter by letter", () => {
    fc.assert(
      fc.property(cutText(csvLetters, 60), ([body, cuts]) => {
        const text = `h,i\n${body}`;
        let expected: number | null = null;
        try {
          expected = readDelimited(Buffer.from(text), ",").rows.length + 1;
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
        }
        const found = counted(text, 2, true, cuts);
        if (expected === null) expect(typeof found).toBe("string");
        else expect(Array.isArray(found) && found[0]).toBe(expected);
      }),
      { numRuns: 3000 * times, seed: 12 },
    );
  });

  it("are the rows that are read: every text is refused, or read cell by cell", async () => {
    await fc.assert(
      fc.asyncProperty(
        cutText(csvLetters, 40),
        fc.constantFrom("h,i\n", "h,i\r\n", "h\n", "h,i\r"),
        async ([body], head) => {
          const text = `${head}${body}`;
          const found = await readTable(place.write("letters.csv", text)).catch((error: unknown) => error);
          if (found instanceof Error) {
            expect(found).toBeInstanceOf(CliError);
            return;
          }
          // What few letters made a title, another delimiter or names again is told.
          if ((found as Table).notes.some(({ about, code }) => about === "file" && code !== "unnamedColumn")) return;
          const { rows } = readDelimited(Buffer.from(text), ",");
          const { columns, rows: count } = found as Awaited<ReturnType<typeof readTable>>;
          expect(count).toBe(rows.length);
          columns.forEach((column, k) => {
            rows.forEach((row, n) => {
              const cell =
                column.kind === "number" ? null : column.codes[n]! < 0 ? null : column.levels[column.codes[n]!];
              const written = String(row[k]).trim();
              expect(cell).toBe(written === "" ? null : written);
            });
          });
        },
      ),
      { numRuns: 120 * times, seed: 13 },
    );
  }, 3_600_000);
});

describe("the records of JSON", () => {
  const jsonLetters = [
    "{",
    "}",
    "[",
    "]",
    '"',
    '"',
    ":",
    ",",
    "\\",
    " ",
    "\n",
    "1",
    "null",
    '{"":1}',
    '{"a":[{}]}',
    "é",
  ];
  const all = (text: string, cuts: readonly number[]): unknown => {
    const counter = new JsonCounter();
    for (const piece of pieces(text, cuts)) counter.push(piece);
    return [counter.records, counter.emptyKey, counter.tooDeep, counter.complaint()];
  };

  it("are the same however the text is cut", () => {
    fc.assert(
      fc.property(cutText(jsonLetters, 60), ([text, cuts]) => {
        expect(all(text, cuts)).toEqual(all(text, []));
      }),
      { numRuns: 3000 * times, seed: 14 },
    );
  });

  it("are those of a reader that goes letter by letter, wherever that accepts the text", () => {
    const record = fc.dictionary(
      fc.string(),
      fc.oneof(
        fc.string(),
        fc.double(),
        fc.constant(null),
        fc.json().map((text) => JSON.parse(text) as unknown),
      ),
    );
    fc.assert(
      fc.property(
        fc.array(fc.option(record), { minLength: 1 }),
        fc.constantFrom("list", "\n", " ", ""),
        (records, between) => {
          const texts = records.map((each) =>
            JSON.stringify(each, (key, value: unknown) => (key === "__proto__" ? undefined : value)),
          );
          const text = between === "list" ? `[${texts.join(" ,\n")}]` : texts.join(between || "\n\n");
          const counter = new JsonCounter();
          counter.push(Buffer.from(text));
          expect(counter.complaint()).toBe(null);
          const read = readJson(Buffer.from(text.replaceAll("\\u0000", "-")));
          expect(counter.records).toBe(read.rows.length);
          if (!text.includes("\\u0000")) expect(counter.emptyKey).toBe(read.names.includes(""));
        },
      ),
      { numRuns: 500 * times, seed: 15 },
    );
  });
});
