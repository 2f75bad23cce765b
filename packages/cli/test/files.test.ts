// Files as people have them: whatever stands around the cells, the table is read as it was meant, or the line is named.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { expectPlain, fit, line, names, plain, rows, text } from "./plainTable.ts";
import { command, scratch } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

describe("lines", () => {
  it("may end in LF, CRLF and CR in one file", async () => {
    const ends = ["\n", "\r\n", "\r"];
    await expectPlain(place, "ends.csv", [names, ...rows].map((cells, n) => line(cells) + ends[n % 3]).join(""));
  });

  it("that end in several ways are blamed by the line that is wrong", async () => {
    const ends = ["\r\n", "\n", "\r\n"];
    const all = [names, ...rows].map((cells, n) => (n === 20 ? `1,2,3,4,yes` : line(cells)) + ends[n % 3]);
    const { code, err } = await fit(place, "wrongends.csv", all.join(""));
    expect(code).toBe(2);
    expect(err).toContain("line 21 has 5 values, the first line has 4");
  });

  it("of a record are counted as a spreadsheet and as an editor does, where a cell above holds a line break", async () => {
    const all = [names, ...rows].map((cells, n) =>
      n === 3 ? '1,2,"Paris\nTX",no' : n === 20 ? "1,2,3,4,yes" : line(cells),
    );
    const { err } = await fit(place, "break.csv", all.join("\r\n"));
    expect(err).toContain("line 21 (line 22 in an editor, a cell above holds a line break) has 5 values");
  });

  it("of which one has a value too few say so in the singular", async () => {
    const { err } = await fit(place, "few.csv", "a,bought\n1,no\n2,yes\n3\n4,no\n");
    expect(err).toContain("line 4 has 1 value, the first line has 2");
  });

  it("with a carriage return alone inside of a cell are refused, not cut in two", async () => {
    const { code, err } = await fit(place, "lone.csv", plain.replace("Bonn", "Bo\rnn"));
    expect(code).toBe(2);
    expect(err).toMatch(/line 2 .*carriage return alone/);
  });

  it("are named where JSON is wrong: by the line of the file", async () => {
    const objects = rows.map((cells) => JSON.stringify(Object.fromEntries(names.map((name, k) => [name, cells[k]]))));
    const cut = await fit(place, "cut.jsonl", `${objects.with(6, objects[6]!.slice(0, -1)).join("\n")}\n`);
    expect(cut.err).toContain("line 7");
    const list = await fit(place, "cut.json", `[\n${objects.with(6, objects[6]!.replace(":", "")).join(",\n")}\n]\n`);
    expect(list.err).toContain("line 8");
  });
});

describe("what stands above the names", () => {
  it("may be a line for Excel: sep=;", async () => {
    const out = await expectPlain(place, "sep.csv", `sep=;\r\n${text([names, ...rows], ";", "\r\n")}`);
    expect(out).toContain("line 1");
  });

  it("may be comments, also many and with commas", async () => {
    const comments = Array.from({ length: 12 }, (_, n) => `# exported, line ${n}\n`).join("");
    expect(await expectPlain(place, "comments.csv", `${comments}${plain}`)).toContain("lines 1 to 12");
  });

  it("may be a title without delimiters, a blank line, and another title in quotes", async () => {
    expect(await expectPlain(place, "titles.csv", `Sales report; Q1\n\n"Region ""West"""\n${plain}`)).toContain(
      "lines 1 to 3",
    );
  });

  it("may be a title with the delimiters of a spreadsheet", async () => {
    expect(await expectPlain(place, "title.csv", `Sales report Q1,,,\n,,,\n${plain}`)).toContain("Sales report Q1");
  });

  it("may be blank lines", async () => {
    await expectPlain(place, "blank.csv", `\n  \r\n\n${plain}`);
  });

  it("is kept and blamed where --skip 0 says so, and left out where --skip counts it", async () => {
    const path = `Sales,of,the,first quarter\n${plain}`;
    expect(await expectPlain(place, "skipped.csv", path, "--skip", "1")).toContain("line 1");
    const kept = await fit(place, "kept.csv", `Report\n${plain}`, "--skip", "0");
    expect([kept.code, kept.err]).toEqual([2, expect.stringContaining("line 2 has 4 values, the first line has 1")]);
    const all = await fit(place, "all.csv", plain, "--skip", "1000");
    expect([all.code, all.err]).toEqual([2, expect.stringMatching(/--skip.*41 lines/)]);
  });

  it("does not hide which line is wrong", async () => {
    const all = ["Report", "", line(names), ...rows.map((cells) => line(cells))];
    const { err } = await fit(place, "under.csv", `${all.with(9, "1,2").join("\n")}\n`);
    expect(err).toContain("line 10 has 2 values, the line of names has 4");
  });
});

describe("names", () => {
  const values = text(rows);

  it("that look like values are told, with the way out", async () => {
    const { code, out } = await fit(place, "nohead.csv", values, "no");
    expect(code).toBe(0);
    expect(out).toMatch(/first\s+line\s+looks\s+like\s+values/);
    expect(out).toContain("--no-header");
    const missing = await fit(place, "nohead.csv", values);
    expect(missing.err).toContain("--no-header");
  });

  it("that are not there are their places, with --no-header, also in predict", async () => {
    const { code, out } = await fit(place, "places.csv", values, "column 4", "--no-header");
    expect([code, out]).toEqual([0, expect.stringContaining("40 rows · 3 features")]);
    const flags = ["predict", place.path("places.onnx"), place.path("places.csv"), "--output", place.path("p.csv")];
    expect((await command([...flags, "--no-header"])).code).toBe(0);
    const written = readFileSync(place.path("p.csv"), "utf8").split("\n");
    expect(written[0]).toBe("column 1,column 2,column 3,column 4,probability_yes,prediction");
    expect(written).toHaveLength(42);
  });

  it("that are years are names", async () => {
    const table = text([["2019", "2020", "bought"], ...rows.map((cells) => [cells[0]!, cells[1]!, cells[3]!])]);
    const { out, code } = await fit(place, "years.csv", table);
    expect([code, out]).toEqual([0, expect.not.stringContaining("--no-header")]);
  });

  it("that stand again in the middle are left out, and told with their line", async () => {
    const half = text(rows.slice(0, 20));
    const twice = text([names]) + half + text([names]) + text(rows.slice(20));
    expect(await expectPlain(place, "twice.csv", twice)).toMatch(/line\s+22/);
    const marked = `\ufeff${text([names])}${half}\ufeff${text([names])}${text(rows.slice(20))}`;
    expect(await expectPlain(place, "marked.csv", marked)).toMatch(/line\s+22/);
  });

  it("are one fewer than the values where R has written names of rows", async () => {
    const table = text([names, ...rows.map((cells, n) => [`r${n + 1}`, ...cells])]);
    const { code, out } = await fit(place, "r.csv", table);
    expect(code).toBe(0);
    expect(out).toContain("row names");
    expect(out).toContain("3 features (2 numbers, 1 category)");
  });

  it("have no quotes where a blank stands before them, nor have values", async () => {
    const spaced = [names, ...rows].map((cells) => cells.map((cell) => `"${cell}"`).join(",  ")).join("\n");
    await expectPlain(place, "spaced.csv", spaced);
    await command(["predict", place.path("spaced.onnx"), place.path("spaced.csv"), "--output", place.path("s.csv")]);
    expect(readFileSync(place.path("s.csv"), "utf8").split("\n")[2]).toMatch(/^7\.5,11,"Paris, TX",no,/);
  });
});

describe("delimiters", () => {
  const words = rows.map((cells) => [...cells.slice(0, 2), cells[2]!.slice(0, 4), cells[3]!]);

  it("may be runs of blanks", async () => {
    const table = [names, ...words].map((cells, n) => `  ${cells.map((cell) => cell.padEnd(6 + (n % 3))).join(" ")}`);
    expect(await expectPlain(place, "blanks.txt", table.join("\n"))).toMatch(/blanks/);
    await expectPlain(place, "asked.txt", table.join("\n"), "--delimiter", "space");
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
    await expectPlain(place, "odd.csv", text([names, ...words], delimiter), "--delimiter", flag);
  });

  it("are one letter, or a word for one", async () => {
    const { code, err } = await fit(place, "long.csv", plain, "--delimiter", "||");
    expect([code, err]).toEqual([2, expect.stringMatching(/--delimiter.*tab.*space/)]);
  });
});

describe("letters", () => {
  const german = text([names.with(2, "Größe"), ...rows]).replaceAll("Bonn", "Köln");
  const latin = Buffer.from(german, "latin1");

  it("may be Latin-1 or UTF-16 where --encoding says so", async () => {
    await expectPlain(place, "latin.csv", latin, "--encoding", "windows-1252");
    await expectPlain(place, "wide.csv", Buffer.from(german, "utf16le"), "--encoding", "utf-16le");
    await expectPlain(place, "latin.csv.gz", gzipSync(latin), "--encoding", "latin1");
  });

  it("in UTF-16 with a mark need no flag", async () => {
    await expectPlain(place, "marked16.csv", Buffer.from(`\ufeff${german}`, "utf16le"));
  });

  it("that are not UTF-8 are told with the flag, and a name that is unknown, too", async () => {
    const { err } = await fit(place, "bytes.csv", latin);
    expect(err).toMatch(/line 1 is not valid UTF-8.*--encoding windows-1252/);
    const unknown = await fit(place, "bytes.csv", latin, "--encoding", "klingon");
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringMatching(/--encoding.*klingon/)]);
    const wrong = await fit(place, "bytes.csv", Buffer.from([...latin.subarray(0, 60), 0x81]), "--encoding", "utf-8");
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
    await expectPlain(place, "mark.csv", `\ufeff${plain}`);
    await expectPlain(place, "mark.json", list);
    await expectPlain(place, "mark.jsonl", lines);
    await expectPlain(place, "mark.json.gz", gzipSync(list));
    await expectPlain(place, "mark.csv.gz", gzipSync(`\ufeff${plain}`));
  });
});
