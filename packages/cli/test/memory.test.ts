// Reading takes memory in proportion to the table, and no more than it is allowed.
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { Budget, defaultMemory, formatMemory, parseMemory } from "../src/table/memory.ts";
import { readTable } from "../src/table/read.ts";
import { scratch, start } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());
const megabyte = 1024 * 1024;

describe("a size of memory", () => {
  it("is read in the forms that people write, and written in one of them", () => {
    for (const text of ["4GB", "4 gb", "4g", "4GiB", "4096MB", "4.0G"]) expect(parseMemory(text)).toBe(4 * 1024 ** 3);
    for (const text of ["", "4", "GB", "-4GB", "4XB", "1e9", "255MB", "4GBs", "NaN"])
      expect(parseMemory(text)).toBe(null);
    expect([256 * megabyte, 1.5 * 1024 ** 3, 9e12].map(formatMemory)).toEqual(["256 MB", "1.5 GB", "8,382 GB"]);
    expect(defaultMemory()).toBeGreaterThanOrEqual(256 * megabyte);
  });
});

describe("a table that needs more than it may take", () => {
  const allowed = { memory: 256 * megabyte };

  it("is refused before it is taken, though it is small as gzip", async () => {
    const path = place.write("blank.csv.gz", gzipSync(`a,b,c\n${",,\n".repeat(20_000_000)}`, { level: 1 }));
    await expect(readTable(path, allowed)).rejects.toThrow(
      /more than 11,\d+,\d+ rows of 3 columns need more than the 256 MB of memory.*--max-memory/,
    );
  });

  it("is refused by its footer, its records or its texts", async () => {
    const lines = `{"a":1,"b":2,"c":3,"d":4}\n`.repeat(10);
    expect((await readTable(place.write("few.jsonl", lines), allowed)).rows).toBe(10);
    const budget = new Budget("x", 256 * megabyte);
    expect(() => budget.takeRows(2 ** 60, 8, 1)).toThrow(/1,152,921,504,606,847,000 rows of 1 column need/);
    expect(() => {
      for (;;) budget.takeText(1000);
    }).toThrow(/more than [\d,]+ different texts.*leave out columns of free text/);
  });

  it("is read whole or refused where DuckDB may not be able to hold what it reads", async () => {
    const names = Array.from({ length: 5000 }, (_, k) => `c${k}`);
    const row = names.map((_, k) => k * k).join(",");
    const path = place.write("wide.csv", `${names.join(",")}\n${`${row}\n`.repeat(1000)}`);
    const found = await readTable(path, allowed).catch((error: unknown) => error);
    if (found instanceof Error) expect(found.message).toMatch(/reading needs more than the 256 MB of memory/);
    else expect(found).toMatchObject({ rows: 1000 });
  });
});

describe("a long table of two numbers and a class", () => {
  it("takes less than 70 bytes for a row at its peak", async () => {
    const path = (rows: number) =>
      place.write(`${rows}.csv.gz`, gzipSync(`a,b,answer\n${"1,2.5,yes\n3,4.5,no\n".repeat(rows / 2)}`, { level: 1 }));
    const code = `
      const { readTable } = await import(${JSON.stringify(new URL("../dist/table/read.js", import.meta.url).href)});
      const { rows } = await readTable(process.argv[1]);
      console.log(rows, process.resourceUsage().maxRSS * 1024);`;
    const peaks: number[] = [];
    for (const rows of [500_000, 6_000_000]) {
      const argv = ["--input-type=module", "--eval", code, path(rows)];
      const { out, err } = await start(place.folder, process.execPath, argv).ended;
      expect(err).toBe("");
      const [count, peak] = out.trim().split(" ").map(Number);
      expect(count).toBe(rows);
      peaks.push(peak!);
    }
    expect((peaks[1]! - peaks[0]!) / 5_500_000).toBeLessThan(70);
  });
});
