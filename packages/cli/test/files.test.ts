// Files as people have them: whatever stands around the cells, the table is read as it was meant, or the line is named.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCsv } from "./csvReader.ts";
import { readDelimited } from "./strictReaders.ts";
import { attack, command, main, scratch, start } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

type Cells = readonly string[];
const names: Cells = ["age", "income", "city", "bought"];
const rows: readonly Cells[] = Array.from({ length: 40 }, (_, n) => [
  `${(n * 7) % 40}.5`,
  `${(n * 11) % 17}`,
  n % 3 === 0 ? "Bonn" : "Paris, TX",
  (n * 7) % 40 > 25 ? "yes" : "no",
]);
const quotedCell = (cell: string) => (/[",;\n\r]/.test(cell) ? `"${cell}"` : cell);
const line = (cells: Cells, delimiter = ",") => cells.map(quotedCell).join(delimiter);
const text = (all: readonly Cells[], delimiter = ",", end = "\n") =>
  all.map((cells) => line(cells, delimiter) + end).join("");
const plain = text([names, ...rows]);

/** What a quick fit says of a file, and what its model then predicts for the plain table. */
async function fit(name: string, content: string | Uint8Array, ...flags: readonly string[]) {
  const target = flags.length > 0 && !flags[0]!.startsWith("-") ? flags[0]! : "bought";
  const path = place.write(name, content);
  const rest = flags[0] === target ? flags.slice(1) : flags;
  return command(["fit", path, target, "--model", "linear", "--output", place.folder, ...rest]);
}

/** A file that holds the plain table is read as it is: as many rows and columns, numbers and categories, and nothing lost. */
async function expectPlain(name: string, content: string | Uint8Array, ...flags: readonly string[]) {
  const { code, out, err } = await fit(name, content, ...flags);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toContain("40 rows · 3 features (2 numbers, 1 category)");
  expect(out).toContain('bought: "yes" 14');
  return out;
}

describe("lines", () => {
  it("may end in LF, CRLF and CR in one file", async () => {
    const ends = ["\n", "\r\n", "\r"];
    await expectPlain("ends.csv", [names, ...rows].map((cells, n) => line(cells) + ends[n % 3]).join(""));
  });

  it("that end in several ways are blamed by the line that is wrong", async () => {
    const ends = ["\r\n", "\n", "\r\n"];
    const all = [names, ...rows].map((cells, n) => (n === 20 ? `1,2,3,4,yes` : line(cells)) + ends[n % 3]);
    const { code, err } = await fit("wrongends.csv", all.join(""));
    expect(code).toBe(2);
    expect(err).toContain("line 21 has 5 values, the first line has 4");
  });

  it("of a record are counted as a spreadsheet and as an editor does, where a cell above holds a line break", async () => {
    const all = [names, ...rows].map((cells, n) =>
      n === 3 ? '1,2,"Paris\nTX",no' : n === 20 ? "1,2,3,4,yes" : line(cells),
    );
    const { err } = await fit("break.csv", all.join("\r\n"));
    expect(err).toContain("line 21 (line 22 in an editor, a cell above holds a line break) has 5 values");
  });

  it("of which one has a value too few say so in the singular", async () => {
    const { err } = await fit("few.csv", "a,bought\n1,no\n2,yes\n3\n4,no\n");
    expect(err).toContain("line 4 has 1 value, the first line has 2");
  });

  it("with a carriage return alone inside of a cell are refused, not cut in two", async () => {
    const { code, err } = await fit("lone.csv", plain.replace("Bonn", "Bo\rnn"));
    expect(code).toBe(2);
    expect(err).toMatch(/line 2 .*carriage return alone/);
  });

  it("are named where JSON is wrong: by the line of the file", async () => {
    const objects = rows.map((cells) => JSON.stringify(Object.fromEntries(names.map((name, k) => [name, cells[k]]))));
    const cut = await fit("cut.jsonl", `${objects.with(6, objects[6]!.slice(0, -1)).join("\n")}\n`);
    expect(cut.err).toContain("line 7");
    const list = await fit("cut.json", `[\n${objects.with(6, objects[6]!.replace(":", "")).join(",\n")}\n]\n`);
    expect(list.err).toContain("line 8");
  });
});

describe("what stands above the names", () => {
  it("may be a line for Excel: sep=;", async () => {
    const out = await expectPlain("sep.csv", `sep=;\r\n${text([names, ...rows], ";", "\r\n")}`);
    expect(out).toContain("line 1");
  });

  it("may be comments, also many and with commas", async () => {
    const comments = Array.from({ length: 12 }, (_, n) => `# exported, line ${n}\n`).join("");
    expect(await expectPlain("comments.csv", `${comments}${plain}`)).toContain("lines 1 to 12");
  });

  it("may be a title without delimiters, a blank line, and another title in quotes", async () => {
    expect(await expectPlain("titles.csv", `Sales report; Q1\n\n"Region ""West"""\n${plain}`)).toContain(
      "lines 1 to 3",
    );
  });

  it("may be a title with the delimiters of a spreadsheet", async () => {
    expect(await expectPlain("title.csv", `Sales report Q1,,,\n,,,\n${plain}`)).toContain("Sales report Q1");
  });

  it("may be blank lines", async () => {
    await expectPlain("blank.csv", `\n  \r\n\n${plain}`);
  });

  it("is kept and blamed where --skip 0 says so, and left out where --skip counts it", async () => {
    const path = `Sales,of,the,first quarter\n${plain}`;
    expect(await expectPlain("skipped.csv", path, "--skip", "1")).toContain("line 1");
    const kept = await fit("kept.csv", `Report\n${plain}`, "--skip", "0");
    expect([kept.code, kept.err]).toEqual([2, expect.stringContaining("line 2 has 4 values, the first line has 1")]);
    const all = await fit("all.csv", plain, "--skip", "1000");
    expect([all.code, all.err]).toEqual([2, expect.stringMatching(/--skip.*41 lines/)]);
  });

  it("does not hide which line is wrong", async () => {
    const all = ["Report", "", line(names), ...rows.map((cells) => line(cells))];
    const { err } = await fit("under.csv", `${all.with(9, "1,2").join("\n")}\n`);
    expect(err).toContain("line 10 has 2 values, the line of names has 4");
  });
});

describe("names", () => {
  const values = text(rows);

  it("that look like values are told, with the way out", async () => {
    const { code, out } = await fit("nohead.csv", values, "no");
    expect(code).toBe(0);
    expect(out).toMatch(/first\s+line\s+looks\s+like\s+values/);
    expect(out).toContain("--no-header");
    const missing = await fit("nohead.csv", values);
    expect(missing.err).toContain("--no-header");
  });

  it("that are not there are their places, with --no-header, also in predict", async () => {
    const { code, out } = await fit("places.csv", values, "column 4", "--no-header");
    expect([code, out]).toEqual([0, expect.stringContaining("40 rows · 3 features")]);
    const flags = ["predict", place.path("places.onnx"), place.path("places.csv"), "--output", place.path("p.csv")];
    expect((await command([...flags, "--no-header"])).code).toBe(0);
    const written = readFileSync(place.path("p.csv"), "utf8").split("\n");
    expect(written[0]).toBe("column 1,column 2,column 3,column 4,probability_yes,prediction");
    expect(written).toHaveLength(42);
  });

  it("that are years are names", async () => {
    const table = text([["2019", "2020", "bought"], ...rows.map((cells) => [cells[0]!, cells[1]!, cells[3]!])]);
    const { out, code } = await fit("years.csv", table);
    expect([code, out]).toEqual([0, expect.not.stringContaining("--no-header")]);
  });

  it("that stand again in the middle are left out, and told with their line", async () => {
    const half = text(rows.slice(0, 20));
    const twice = text([names]) + half + text([names]) + text(rows.slice(20));
    expect(await expectPlain("twice.csv", twice)).toMatch(/line\s+22/);
    const marked = `\ufeff${text([names])}${half}\ufeff${text([names])}${text(rows.slice(20))}`;
    expect(await expectPlain("marked.csv", marked)).toMatch(/line\s+22/);
  });

  it("are one fewer than the values where R has written names of rows", async () => {
    const table = text([names, ...rows.map((cells, n) => [`r${n + 1}`, ...cells])]);
    const { code, out } = await fit("r.csv", table);
    expect(code).toBe(0);
    expect(out).toContain("row names");
    expect(out).toContain("3 features (2 numbers, 1 category)");
  });

  it("have no quotes where a blank stands before them, nor have values", async () => {
    const spaced = [names, ...rows].map((cells) => cells.map((cell) => `"${cell}"`).join(",  ")).join("\n");
    await expectPlain("spaced.csv", spaced);
    await command(["predict", place.path("spaced.onnx"), place.path("spaced.csv"), "--output", place.path("s.csv")]);
    expect(readFileSync(place.path("s.csv"), "utf8").split("\n")[2]).toMatch(/^7\.5,11,"Paris, TX",no,/);
  });
});

describe("delimiters", () => {
  const words = rows.map((cells) => [...cells.slice(0, 2), cells[2]!.slice(0, 4), cells[3]!]);

  it("may be runs of blanks", async () => {
    const table = [names, ...words].map((cells, n) => `  ${cells.map((cell) => cell.padEnd(6 + (n % 3))).join(" ")}`);
    expect(await expectPlain("blanks.txt", table.join("\n"))).toMatch(/blanks/);
    await expectPlain("asked.txt", table.join("\n"), "--delimiter", "space");
  });

  it.each([
    ["^", "^"],
    [":", ":"],
    ["~", "~"],
    ["\x01", "\x01"],
    ["§", "§"],
    ["\t", "tab"],
    [";", ";"],
  ])("may be %j, as --delimiter %s says", async (delimiter, flag) => {
    await expectPlain("odd.csv", text([names, ...words], delimiter), "--delimiter", flag);
  });

  it("are one letter, or a word for one", async () => {
    const { code, err } = await fit("long.csv", plain, "--delimiter", "||");
    expect([code, err]).toEqual([2, expect.stringMatching(/--delimiter.*tab.*space/)]);
  });
});

describe("letters", () => {
  const german = text([names.with(2, "Größe"), ...rows]).replaceAll("Bonn", "Köln");
  const latin = Buffer.from(german, "latin1");

  it("may be Latin-1 or UTF-16 where --encoding says so", async () => {
    await expectPlain("latin.csv", latin, "--encoding", "windows-1252");
    await expectPlain("wide.csv", Buffer.from(german, "utf16le"), "--encoding", "utf-16le");
    await expectPlain("latin.csv.gz", gzipSync(latin), "--encoding", "latin1");
  });

  it("in UTF-16 with a mark need no flag", async () => {
    await expectPlain("marked16.csv", Buffer.from(`\ufeff${german}`, "utf16le"));
  });

  it("that are not UTF-8 are told with the flag, and a name that is unknown, too", async () => {
    const { err } = await fit("bytes.csv", latin);
    expect(err).toMatch(/line 1 is not valid UTF-8.*--encoding windows-1252/);
    const unknown = await fit("bytes.csv", latin, "--encoding", "klingon");
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringMatching(/--encoding.*klingon/)]);
    const wrong = await fit("bytes.csv", Buffer.from([...latin.subarray(0, 60), 0x81]), "--encoding", "utf-8");
    expect(wrong.code).toBe(2);
  });

  it("come out of predict as UTF-8", async () => {
    const path = place.write("out.csv", latin);
    const flags = ["--encoding", "windows-1252"];
    await command(["fit", path, "bought", "--model", "linear", "--output", place.folder, ...flags]);
    const done = await command(["predict", place.path("out.onnx"), path, "--output", place.path("o.csv"), ...flags]);
    expect(done.code).toBe(0);
    const written = readFileSync(place.path("o.csv"), "utf8");
    expect(written).toContain("Größe");
    expect(written).toContain("Köln");
  });

  it("may begin with a byte-order mark in every format, also gzipped", async () => {
    const objects = rows.map(([age, income, city, bought]) =>
      JSON.stringify({ age: Number(age), income: Number(income), city, bought }),
    );
    const list = `\ufeff[${objects.join(",\n")}]`;
    const lines = objects.map((each, n) => `${n % 20 === 0 ? "\ufeff" : ""}${each}\n`).join("");
    await expectPlain("mark.csv", `\ufeff${plain}`);
    await expectPlain("mark.json", list);
    await expectPlain("mark.jsonl", lines);
    await expectPlain("mark.json.gz", gzipSync(list));
    await expectPlain("mark.csv.gz", gzipSync(`\ufeff${plain}`));
  });
});

describe("JSON", () => {
  const typed = rows.map(([age, income, city, bought]) => [Number(age), Number(income), city, bought]);
  const objects = typed.map((cells) => Object.fromEntries(names.map((name, k) => [name, cells[k]])));
  const byIndex = (cells: readonly unknown[]) => Object.fromEntries(cells.map((cell, n) => [String(n), cell]));
  const shapes: readonly (readonly [name: string, value: unknown])[] = [
    ["split", { columns: names, index: typed.map((_, n) => n), data: typed }],
    ["columns", Object.fromEntries(names.map((name, k) => [name, byIndex(typed.map((cells) => cells[k]))]))],
    ["index", byIndex(objects)],
    [
      "table",
      { schema: { fields: [], primaryKey: ["index"] }, data: objects.map((each, index) => ({ index, ...each })) },
    ],
    ["values with names", [names, ...typed]],
    ["a wrapper with data", { data: objects, meta: { page: 1 } }],
    ["a wrapper with results", { count: 40, next: null, results: objects }],
    ["a wrapper in a wrapper", { response: { items: objects, total: 40 } }],
  ];
  it.each(shapes)("may be %s, and keeps its types", async (_, value) => {
    const out = await expectPlain("shape.json", JSON.stringify(value));
    expect(out).toMatch(/rows|row/);
    await expectPlain("shape2.json", JSON.stringify(value, null, 2));
  });

  it("of lists without names says what to do, and does it", async () => {
    const { code, err } = await fit("values.json", JSON.stringify(typed));
    expect([code, err]).toEqual([2, expect.stringContaining("--no-header")]);
    await expectPlain("values.json", JSON.stringify(typed), "column 4", "--no-header").catch(() => undefined);
    const { out } = await fit("values.json", JSON.stringify(typed), "column 4", "--no-header");
    expect(out).toContain("40 rows · 3 features (2 numbers, 1 category)");
  });

  it("with several lists says which there are", async () => {
    const { code, err } = await fit("two.json", JSON.stringify({ train: objects, test: objects }));
    expect([code, err]).toEqual([2, expect.stringMatching(/"train".*"test"/)]);
  });
});

describe("a pipe", () => {
  const fitted = (...argv: readonly string[]) => [main, ...argv, "--model", "linear", "--output", place.folder];
  const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith(".surprisal-"));

  it("on standard input is a table, for fit and for predict, and leaves nothing behind", async () => {
    const before = left();
    const fitting = start(place.folder, process.execPath, fitted("fit", "-", "bought"));
    fitting.child.stdin.end(plain);
    const { code, out, err } = await fitting.ended;
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("stdin.onnx");
    const predicting = start(place.folder, process.execPath, [main, "predict", "stdin.onnx", "-"]);
    predicting.child.stdin.end(gzipSync(plain));
    const predicted = await predicting.ended;
    expect(predicted.code).toBe(0);
    expect(readFileSync(place.path("stdin.predicted.csv"), "utf8").split("\n")).toHaveLength(42);
    expect(left()).toEqual(before);
  }, 60_000);

  it("with JSON is known by its bytes, and a mistake is told with its line", async () => {
    const { ended, child } = start(place.folder, process.execPath, fitted("fit", "-", "bought"));
    child.stdin.end('{"a":1,"bought":"no"}\n{"a":2,"bought":"yes"\n');
    const { code, err } = await ended;
    expect([code, err]).toEqual([2, expect.stringMatching(/standard input: .*line 2/)]);
  }, 60_000);

  it("may have a name", async () => {
    if (process.platform === "win32") return;
    const pipe = place.path("named.csv");
    execFileSync("mkfifo", [pipe]);
    const writer = start(place.folder, "bash", ["-c", `printf '%s' "$0" > named.csv`, plain]);
    await expectPlain("copy.csv", plain);
    const { code, out } = await command(["fit", pipe, "bought", "--model", "linear", "--output", place.folder]);
    expect([code, out]).toEqual([0, expect.stringContaining("named.csv · 40 rows")]);
    await writer.ended;
  }, 60_000);
});

describe("what predict writes", () => {
  beforeAll(async () => {
    const { code } = await fit("model.csv", plain);
    expect(code).toBe(0);
  });
  const predict = (table: string, output: string, ...flags: readonly string[]) =>
    command(["predict", place.path("model.onnx"), table, "--output", place.path(output), ...flags]);
  const awkward = 'id,age,income,city,note\n1234567890123456789,0.50,1e-7,"  padded ",N/A\n01234,1.00,2,,""\n';

  it("are the cells as they were, blanks in quotes and empty texts among them", async () => {
    const path = place.write("awkward.csv", awkward);
    expect((await predict(path, "awkward.predicted.csv")).code).toBe(0);
    const [names, ...lines] = readFileSync(place.path("awkward.predicted.csv"), "utf8").trim().split("\n");
    expect(names).toBe("id,age,income,city,note,probability_yes,prediction");
    expect(lines[0]).toMatch(/^1234567890123456789,0\.50,1e-7," {2}padded ",N\/A,\d/);
    expect(lines[1]).toMatch(/^01234,1\.00,2,,"",/);
  });

  it("are the columns that --columns names, or none", async () => {
    const path = place.write("awkward.csv", awkward);
    const headerAfter = async (columns: string) => {
      expect((await predict(path, "kept.csv", "--columns", columns)).code).toBe(0);
      return readFileSync(place.path("kept.csv"), "utf8").split("\n")[0];
    };
    expect(await headerAfter("note, id")).toBe("id,note,probability_yes,prediction");
    expect(await headerAfter("i*")).toBe("id,income,probability_yes,prediction");
    expect(await headerAfter("")).toBe("probability_yes,prediction");
    expect(await headerAfter("none")).toBe("probability_yes,prediction");
    const { code, err } = await predict(path, "kept.csv", "--columns", "noet");
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('--columns: the table has no column "noet"; did you mean "note"?'),
    ]);
  });

  it("is JSON, with numbers as they were written", async () => {
    const lines =
      '{"id":1234567890123456789,"age":0.5,"income":1e-7,"city":"Bonn","tags":[1,{"a":null}]}\n{"id":2,"age":null,"income":12345678901234567890123,"city":"a\\"b\\n","tags":[]}\n';
    const path = place.write("typed.jsonl", lines);
    for (const output of ["typed.out.jsonl", "typed.out.json"]) {
      const { code, err } = await predict(path, output);
      expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
      const text = readFileSync(place.path(output), "utf8");
      expect(text).toMatch(
        /"id": 1234567890123456789, "age": 0\.5, "income": 1e-7, "city": "Bonn", "tags": \[1,\{"a":null\}\], "probability_yes": \d/,
      );
      expect(text).toContain('"income": 12345678901234567890123, "city": "a\\"b\\n"');
      const rows = output.endsWith("jsonl")
        ? text
            .trim()
            .split("\n")
            .map((each) => JSON.parse(each))
        : JSON.parse(text);
      expect(rows).toHaveLength(2);
      expect(["yes", "no"]).toContain(rows[1].prediction);
    }
  });

  it("is JSON of a Parquet file, with types as far as JSON has them", async () => {
    const path = place.path("typed.parquet");
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(`COPY (SELECT 1.5 AS age, 2 AS income, 'Bonn' AS city, DATE '2020-12-25' AS day, 'nan'::DOUBLE AS x,
      1.50::DECIMAL(9, 2) AS price, 170141183460469231731687303715884105727::HUGEINT AS big, true AS ok, [1.5] AS list, '01234' AS zip)
      TO '${path}' (FORMAT parquet)`);
    instance.closeSync();
    expect((await predict(path, "parquet.json")).code).toBe(0);
    const text = readFileSync(place.path("parquet.json"), "utf8");
    expect(text).toContain('"day": "2020-12-25", "x": null, "price": 1.50,');
    expect(text).toContain('"ok": true, "list": [1.5], "zip": "01234"');
    expect(JSON.parse(text)).toHaveLength(1);
  });

  it("keeps every cell of random tables, however they are quoted", async () => {
    const letters = ["a", "é", "漢", ",", '"', " ", "\n", "\r\n", "0", "#", ";", "=", "\t"];
    const cell = fc.record({
      text: fc.string({ unit: fc.constantFrom(...letters), maxLength: 5 }),
      quoted: fc.boolean(),
    });
    const written = ({ text: inside, quoted }: { readonly text: string; readonly quoted: boolean }) =>
      quoted || /[",\r\n]|^ *"/.test(inside) ? `"${inside.replaceAll('"', '""')}"` : inside;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, fc.nat(50)), { minLength: 1, maxLength: 6 }),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        async (given, end, blanks) => {
          const records = given.map(([a, b, age]) => `${blanks ? " " : ""}${written(a)},${age},1,${written(b)}`);
          const csv = ["note,age,income,city", ...records, ""].join(end);
          const { rows: cells } = readDelimited(Buffer.from(csv), ",");
          const { code, err } = await predict(place.write("random.csv", csv), "random.predicted.csv");
          expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
          const [, ...out] = readCsv(readFileSync(place.path("random.predicted.csv"), "utf8"));
          expect(out.map((record) => record.slice(0, 4).map(({ text: found }) => found))).toEqual(cells);
          if (!blanks) {
            given.forEach(([a], n) => {
              if (a.text === "") expect(out[n]![0]!.quoted).toBe(a.quoted);
            });
          }
        },
      ),
      { numRuns: attack(60, 3000), seed: 3 },
    );
  }, 600_000);
});
