// A table that changes while it is read is an error, or one of its states, never a mixture; and what is no plain file.
import {
  closeSync,
  ftruncateSync,
  openSync,
  renameSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { isLong, recordCounts } from "../../surprisal/test/attack/counts.ts";
import { CliError } from "../src/errors.ts";
import { Random } from "../src/random.ts";
import { readTable } from "../src/table/read.ts";
import type { Column } from "../src/table/table.ts";
import { scratch } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

const rows = 12_000;
/** A text whose every cell says its version; the last row has a word in a column of numbers, which is read twice. */
const table = (version: number, count = rows): string => {
  const row = `${version},${version},${version},v${version}\n`;
  return `a,b,c,d\n${row.repeat(count - 1)}${version},${version},x${version},v${version}\n`;
};

/** Writes over the bytes of a file without making a new one. */
function overwrite(path: string, text: string | Buffer): void {
  const file = openSync(path, "r+");
  writeSync(file, Buffer.from(text));
  ftruncateSync(file, Buffer.byteLength(text));
  closeSync(file);
}

const changes: { readonly [name: string]: (path: string) => void } = {
  "written over by as many bytes": (path) => overwrite(path, table(2)),
  "written over, its time put back": (path) => {
    const { atime, mtime } = statSync(path);
    overwrite(path, table(2));
    utimesSync(path, atime, mtime);
  },
  "made shorter": (path) => overwrite(path, table(2, rows / 2)),
  "made longer": (path) => overwrite(path, table(2, 2 * rows)),
  "appended to": (path) => writeFileSync(path, "1,1,1,v1\n".repeat(500), { flag: "a" }),
  "replaced by another": (path) => {
    writeFileSync(`${path}.new`, table(2));
    renameSync(`${path}.new`, path);
  },
  "changed and changed back": (path) => {
    overwrite(path, table(2));
    overwrite(path, table(1));
  },
  removed: (path) => unlinkSync(path),
};

const cells = (column: Column): string[] =>
  column.kind === "number"
    ? Array.from(column.values, (value) => String(Number.isNaN(value) ? column.values[0] : value))
    : Array.from(column.codes, (code) => String(column.levels[code]).replace(/^[vx]/, ""));

describe("a table that changes while it is read", () => {
  it.each(Object.entries(changes))(
    "because it is %s is refused, or read in one of its states",
    async (name, change) => {
      const random = new Random(name);
      const counts = { refused: 0, read: 0 };
      const undisturbed = place.write("undisturbed.csv", table(1));
      const before = performance.now();
      await readTable(undisturbed);
      const needed = performance.now() - before;
      for (let attack = 0; attack < (isLong ? 300 : 8); attack++) {
        const path = place.write("changing.csv", table(1));
        const reading = readTable(path).catch((error: unknown) => error);
        await wait(random.next() * needed);
        change(path);
        const found = await reading;
        if (found instanceof Error) {
          counts.refused++;
          expect(found, found.stack).toBeInstanceOf(CliError);
          expect(found.message).toMatch(/the file changed while it was read|there is no such file/);
          continue;
        }
        counts.read++;
        const { columns, rows: count } = found as Awaited<ReturnType<typeof readTable>>;
        const values = columns.map(cells);
        expect(values.map(({ length }) => length)).toEqual(values.map(() => count));
        expect(new Set(values.flat()).size).toBe(1);
      }
      recordCounts(`a table that changes: ${name}`, { refused: counts.refused, "read whole": counts.read });
    },
  );

  it("is refused however late it changes, also as JSON and gzip", async () => {
    const json = Array.from({ length: 3000 }, (_, n) => `{"a":${n},"b":"x"}\n`).join("");
    for (const [name, good] of [
      ["late.csv", table(1)],
      ["late.jsonl", json],
      ["late.csv.gz", gzipSync(table(1))],
    ] as const) {
      const path = place.write(name, good);
      const reading = readTable(path).catch((error: unknown) => error);
      let done = false;
      void reading.then(() => {
        done = true;
      });
      while (!done) {
        overwrite(path, Buffer.from(good).fill(10, 0, 1));
        overwrite(path, good);
        await wait(1);
      }
      expect(((await reading) as Error).message).toMatch(/changed while it was read/);
    }
  });
});

describe("what is no plain file", () => {
  it("such as a device, is refused with a way out", async () => {
    if (process.platform === "win32") return;
    for (const path of ["/dev/null", "/dev/zero"]) {
      await expect(readTable(path)).rejects.toThrow(/a device.*write it to a file first/);
    }
  });
});

describe("a path", () => {
  it("may hold what means a pattern or an escape elsewhere", async () => {
    const odd = [
      "a\\b.csv",
      "a*.csv",
      "[ab].csv",
      "a?b.csv",
      "\\*[!x]?.csv",
      "end\\",
      "a'\"b.csv",
      "{a,b}.csv",
      "%41 #?.csv",
    ];
    // Were they patterns, they would find others.
    for (const other of ["ab.csv", "a.csv", "b.csv", "axb.csv"]) place.write(other, "a,b\n9,9\n9,9\n");
    for (const name of odd) {
      const { rows: count, columns } = await readTable(place.write(name, "a,b\n1,x\n2,y\n3,z\n"));
      expect([name, count, cells(columns[0]!)]).toEqual([name, 3, ["1", "2", "3"]]);
    }
  });
});

describe("the key without letters", () => {
  it("is a column, wherever it stands", async () => {
    for (const text of ['{"":1,"b":2}\n{"":3,"b":4}\n', '[{"b":2,"":1},{"b":4,"":3}]']) {
      const { columns } = await readTable(place.write("empty key.json", text));
      const found = columns.find(({ name }) => name.startsWith("column "))!;
      expect(cells(found)).toEqual(["1", "3"]);
    }
  });
});

describe("a NUL", () => {
  it("that is spelled out in JSON is refused in texts and names", async () => {
    const text = (cell: string, name = "b") => `{"a":1,"${name}":"x"}\n{"a":2,"${name}":"${cell}"}\n`;
    await expect(readTable(place.write("nul.jsonl", text("x\\u0000")))).rejects.toThrow(/"b" holds a NUL in row 2/);
    await expect(readTable(place.write("nul.jsonl", text("x", "b\\u0000")))).rejects.toThrow(/holds a NUL/);
  });
});
