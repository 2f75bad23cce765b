// What is no table is refused, with the file's name, what was found in it, and the way out.
import { mkdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { CliError } from "../src/errors.ts";
import { readTable } from "../src/table/read.ts";
import { scratch } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

describe("what is no table is refused with the way out", () => {
  const wide = Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(",");
  const cases: [string, string, string | Uint8Array, RegExp][] = [
    ["an empty file", "empty.csv", "", /the file is empty/],
    ["nothing but blank lines", "blank.csv", "\n \n", /the file is empty/],
    ["an empty gzip file", "empty.csv.gz", gzipSync(""), /the file is empty/],
    ["a header only", "header.csv", "a,b\n", /column names but no rows/],
    ["a header without its line end", "header2.csv", "a,b", /column names but no rows/],
    ["bytes", "bytes.csv", new Uint8Array([1, 2, 0, 4, 10, 7, 0]), /not a table \(binary content\)/],
    ["a picture", "picture.csv", new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 1, 0]), /not a table/],
    ["a workbook", "book.xlsx", new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), /Excel workbook; save the sheet as CSV/],
    ["UTF-16", "utf16.csv", Buffer.from("a,b\n1,2\n", "utf16le"), /UTF-16.*--encoding utf-16le/],
    ["Latin-1", "latin.csv", Buffer.from("a,b\n1,x\n2,Köln\n", "latin1"), /line 3 is not valid UTF-8.*iconv/],
    ["half a gzip file", "half.csv.gz", gzipSync("age,city\n31,Ulm\n").subarray(0, 20), /damaged gzip/],
    ["a damaged Parquet file", "bad.parquet", "PAR1 and no more", /cannot be read/],
    ["a row too short", "short.csv", "a,b,c\n1,2,3\n4,5\n", /line 3 has 2 values, the first line has 3/],
    ["a row too long", "long row.csv", "a,b,c\n1,2,3\n4,5,6,7\n", /line 3 has 4 values, the first line has 3/],
    ["a quote never closed", "quote.csv", 'a,b\n1,2\n3,"4\n5,6\n', /line 3 has a quote that is not closed/],
    ["a quote never closed in the header", "quote2.csv", 'a,"b\n1,2\n', /line 1 has a quote/],
    ["the same name twice", "twice.csv", "a,b,a\n1,2,3\n", /columns 1 and 3 are both named "a"/],
    ["the same key twice", "twice.json", '[{"a": 1, "a": 2}]', /the key "a" twice/],
    ["broken JSON", "broken.json", '[{"a": 1', /not valid JSON/],
    ["JSON without rows", "list.json", "[1, 2, 3]", /no rows; expected a list of objects/],
    ["an empty JSON list", "none.json", "[]", /no rows; expected a list of objects/],
    ["JSON of lists", "columns.json", '{"a": [1, 2]}', /no column that can be used/],
    ["100,000 columns", "wide.csv", `${wide}\n${wide}\n`, /100,000 columns, at most 5,000/],
  ];
  test.each(cases)("%s", async (_, name, content, message) => {
    const path = place.write(name, content);
    const error: unknown = await readTable(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CliError);
    const said = (error as CliError).message;
    expect(said).toMatch(message);
    expect(said.startsWith(path)).toBe(true);
    expect(said).toContain(";");
  });

  test("no such file, a directory", async () => {
    await expect(readTable(place.path("nowhere.csv"))).rejects.toThrow(/there is no such file; check the path/);
    mkdirSync(place.path("sub"));
    await expect(readTable(place.path("sub"))).rejects.toThrow(/this is a directory/);
    await expect(readTable("https://example.org/a.csv")).rejects.toThrow(/there is no such file/);
  });
});
