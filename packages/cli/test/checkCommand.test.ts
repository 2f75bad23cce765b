// `surprisal check`: what it finds in small tables, what it says of it, and the exit code.
import { afterAll, describe, expect, it } from "vitest";
import { madeTable } from "../src/checks/check.ts";
import { Random } from "../src/random.ts";
import { command, scratch } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

type Cells = Parameters<typeof madeTable>[0];
interface Note {
  readonly code: string;
  readonly weight: string;
  readonly text: string;
  readonly column?: string;
  readonly ignored?: true;
}

let tables = 0;
const written = (cells: Cells, rows?: number) => place.write(`t${tables++}.csv`, madeTable(cells, rows));

/** The notes of a table, and the exit code. */
async function found(cells: Cells, ...flags: readonly string[]) {
  const path = written(cells, 120);
  const { code, out, err } = await command(["check", path, "answer", "--json", ...flags]);
  if (code === 2) throw new Error(err);
  const { notes, columns } = JSON.parse(out) as {
    notes: readonly Note[];
    columns: readonly { name: string; role: string }[];
  };
  const of = (wanted: string) => notes.filter((note) => note.code === wanted);
  return { code, notes, columns, of };
}

const random = new Random("check command");
const noise = Array.from({ length: 3000 }, () => random.normal());
const isYes = (row: number) => row % 3 === 0;
const day = (row: number) => new Date(Date.UTC(2019, 0, 1 + row)).toISOString().slice(0, 10);
const [leak, strong, gaps] = ["S402", "S409", "S410"];

describe("a leak", () => {
  it("is a refund that only those have who left, and ends with exit code 1", async () => {
    const { code, of } = await found({ refund: (row) => (isYes(row) && row % 4 > 0 ? row % 17 : "") });
    expect(of(gaps)[0].text).toMatch(/^POSSIBLE LEAK: refund is filled in only where the answer is "yes" \(30 rows\)/);
    expect(code).toBe(1);
  });

  it("is a measurement that was left out for one class only", async () => {
    const { of } = await found({ followUp: (row) => (isYes(row) && row % 5 > 0 ? "" : row % 17) });
    expect(of(gaps)[0].text).toMatch(/followUp is missing only where the answer is "yes" \(32 rows\)/);
  });

  it("is an amount that is 0 for everybody else", async () => {
    const { of } = await found({ refund: (row) => (isYes(row) && row % 4 > 0 ? row + 0.5 : 0) });
    expect(of(gaps)[0].text).toMatch(/refund is other than 0 only where the answer is "yes" \(30 rows\)/);
  });

  it("is a reason in other words", async () => {
    const { code, of } = await found({ reason: (row) => (isYes(row) ? ["price", "moved"][row % 2]! : "none") });
    expect([of(leak).length, code]).toEqual([1, 1]);
  });

  it("is a code of which the middle one means yes", async () => {
    const { of } = await found({ status: (row) => (isYes(row) ? 4 : row % 3 === 1 ? 1 : 9) });
    expect(of(leak)).toHaveLength(1);
  });

  it("is a number that has all classes of several in order", async () => {
    const answer = (row: number) => ["low", "middle", "high"][row % 3]!;
    const { of } = await found({ score: (row) => ((row % 3) * 100 + noise[row]).toFixed(4), answer });
    expect(of(leak)).toHaveLength(1);
  });

  it("is no longer told once its column is left out", async () => {
    const { code } = await found({ refund: (row) => (isYes(row) ? row + 1 : "") }, "--drop", "refund");
    expect(code).toBe(0);
  });
});

describe("a strong column", () => {
  it("is one that ranks two classes well, but not beyond doubt: exit code 0", async () => {
    const { code, of } = await found({ length: (row) => ((isYes(row) ? 3.2 : 0) + noise[row]).toFixed(4) });
    expect([of(leak), of(gaps), of(strong).map(({ weight }) => weight), code]).toEqual([[], [], ["notice"], 0]);
  });

  it("is one that tells one species of three, even without an error", async () => {
    const answer = (row: number) => ["setosa", "versicolor", "virginica"][row % 3]!;
    const petal = (row: number) => ([1.5, 4.3, 5.5][row % 3]! + noise[row] / 3).toFixed(4);
    const { code, of } = await found({ petal, answer });
    expect([of(leak), of(strong).length, code]).toEqual([[], 1, 0]);
  });
});

describe("advice", () => {
  it("is told of a customer number that repeats, until it is the group", async () => {
    const cells = { customer: (row: number) => `C${100 + Math.floor(row / 4)}` };
    expect((await found(cells)).of("S411")[0].text).toMatch(
      /^customer repeats: 4 rows each at the median.*--group customer/,
    );
    expect((await found(cells, "--group", "customer")).of("S411")).toEqual([]);
  });

  it("is told of hashes that repeat, whatever they are called", async () => {
    const cells = { x: (row: number) => (((row % 40) + 1) * 2654435761).toString(16).padStart(12, "0") };
    expect((await found(cells)).of("S411")).toHaveLength(1);
  });

  it("is not told of cities, shops with a number, or an id within the group", async () => {
    const cells = {
      city: (row: number) => `c${row % 20}`,
      shopSize: (row: number) => row % 15,
      patient_id: (row: number) => Math.floor(row / 4),
      ward: (row: number) => `w${Math.floor(row / 8)}`,
    };
    expect((await found(cells, "--group", "ward")).of("S411")).toEqual([]);
    expect((await found(cells)).of("S411").map(({ column }) => column)).toEqual(["patient_id"]);
  });

  it("is told of rows in the order of a date, with what changes along it, and not of rows in any order", async () => {
    const answer = (row: number) => (row % (row < 60 ? 10 : 2) === 0 ? "yes" : "no");
    const [note] = (await found({ when: day, answer })).of("S412");
    expect(note.text).toMatch(
      /^when: the rows stand in this order, and "yes" goes from 10.0 % in the earlier half to 50.0 %/,
    );
    expect((await found({ when: (row) => day((row * 37) % 120), answer })).of("S412")).toEqual([]);
  });

  it("comes before what is merely to be known", async () => {
    const { notes } = await found({ price: (row) => `${row % 8},5`, user_id: (row) => row % 30 });
    expect(notes[0].code).toBe("S411");
  });
});

describe("what hides in columns", () => {
  it("is told of gaps in the same rows, once for all columns", async () => {
    const at = (row: number) => (row % 9 === 0 ? "" : row % 13);
    const { of } = await found({ a: at, b: at, c: (row) => (row % 10 === 0 ? "" : row % 13) });
    expect(of("S413").map(({ text }) => text)).toEqual([
      "a, b are missing in the same 14 rows: what their gaps say is one thing",
    ]);
  });

  it("is told of capitals and blanks", async () => {
    const { of } = await found({ city: (row) => ["New York", "new york", "NewYork", "Rome"][row % 4]! });
    expect(of("S414")[0].text).toContain(
      '"New York" and "NewYork", "New York" and "new york" differ in capitals or blanks',
    );
  });

  it("is told of one number in two spellings, in a category", async () => {
    const { of } = await found({ version: (row) => ["1.1", "1.10", "2.0-rc"][row % 3]! });
    expect(of("S415")[0].text).toContain('"1.1" and "1.10" are one number');
  });

  it("is told of a slip that makes all other values one", async () => {
    const { of } = await found({ price: (row) => (row === 8 ? "9e99" : (row % 7) + 0.5) });
    expect(of("S417")[0].text).toMatch(/^price: 9e\+99 in row 9 is so far off/);
  });

  it("is told of a category of which nothing is left", async () => {
    const { of } = await found({ street: (row) => `s ${row % 50}` });
    expect(of("S416")[0].text).toMatch(/^street: none of its 50 texts is frequent enough/);
  });
});

describe("dates that are not read", () => {
  const reason = async (cell: (row: number) => string) =>
    (await found({ x: cell })).of("S401").map(({ text }) => text.replace(/, left out.*/, ""));

  it("are called dates, never identifiers", async () => {
    const month = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct."];
    expect(await reason((row) => `${1 + (row % 12)} ${month[Math.floor(row / 12)]} 2020`)).toEqual([
      "x: a date in a format that is not read, nearly always another",
    ]);
  });

  it("are not versions or telephone numbers", async () => {
    expect(await reason((row) => `1.${Math.floor(row / 12)}.${row % 12}`)).toEqual([
      "x: looks like an identifier (all texts differ)",
    ]);
    expect(await reason((row) => `555-${100 + row}-4567`)).toEqual(["x: looks like an identifier (all texts differ)"]);
  });
});

describe("notes of one kind", () => {
  it("are one line: seven leaks, with their names, and all of them in the JSON", async () => {
    const leaks = Object.fromEntries(
      Array.from({ length: 7 }, (_, k) => [`l${k}`, (row: number) => (isYes(row) ? k + 1 : 0)]),
    );
    const path = written(leaks);
    const { out } = await command(["check", path, "answer"], { columns: 200 });
    expect(out.match(/POSSIBLE LEAK/g)).toHaveLength(1);
    expect(out).toMatch(/also l1, l2, l3, l4, l5, l6 S402/);
    expect((await found(leaks)).of(leak)).toHaveLength(7);
  });

  it("are one line: twelve columns with dates in the same order", async () => {
    const date = (row: number) => `${13 + (row % 15)}/${1 + (row % 12)}/2020`;
    const cells = Object.fromEntries(Array.from({ length: 12 }, (_, k) => [`d${k}`, date]));
    const { out } = await command(["check", written(cells), "answer"], { columns: 200 });
    expect(out).toContain("d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, d10, d11: dates are read as day/month/year");
  });
});

describe("the command", () => {
  it("tells what can be told without a target", async () => {
    const path = written({ id: (row) => row + 1, cents: (row) => 100 * ((row * 7) % 31) });
    const { code, out } = await command(["check", path]);
    expect(code).toBe(0);
    expect(out).toMatch(/id: looks like an identifier.*cents is size times a constant.*none named/s);
    expect((await command(["check", path, "--positive", "yes"])).code).toBe(2);
  });

  it("gives one document with --json: table, columns with their roles, target, notes", async () => {
    const path = written({
      id: (row) => row + 1,
      when: (row) => day((row * 7) % 60),
      city: (row) => (row % 4 === 0 ? "" : "Oslo"),
    });
    const { out, err } = await command(["check", path, "answer", "--json"]);
    const { table, columns, target } = JSON.parse(out);
    expect([table.rows, target.kind, target.rows, err]).toEqual([60, "binary", 60, ""]);
    expect(target.classes).toEqual([
      { name: "no", rows: 40 },
      { name: "yes", rows: 20 },
    ]);
    const about = Object.fromEntries(columns.map(({ name, ...rest }: { name: string }) => [name, rest]));
    expect(about.id).toMatchObject({ role: "left out", kind: "number", missing: 0, range: [1, 60] });
    expect(about.when).toMatchObject({ role: "feature", kind: "date", range: ["2019-01-01", "2019-03-01"] });
    expect(about.city).toMatchObject({ role: "feature", kind: "category", missing: 15, levels: 1 });
    expect(about.answer).toMatchObject({ role: "target" });
  });

  it("ends with 2 for a table that is not there, and a column that it has not", async () => {
    expect((await command(["check", place.path("nothing.csv")])).code).toBe(2);
    expect((await command(["check", written({}), "nobody"])).code).toBe(2);
  });

  it.each([80, 120])("keeps to %i columns, the numbers of checks dim at the ends", async (columns) => {
    const path = written({
      refund: (row) => (isYes(row) ? row + 1 : 0),
      "a rather long name of a column": (row) => row + 1,
    });
    const { out } = await command(["check", path, "answer"], { columns, colour: true });
    expect(out).toContain("\u001b[2mS402\u001b[22m\n");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes for dim are what is taken away
    for (const line of out.replace(/\u001b\[\d+m/g, "").split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
  });
});

describe("--ignore", () => {
  const cells = { refund: (row: number) => (isYes(row) ? row + 1 : 0) };

  it("silences in the terminal and for the exit code, and marks in the JSON", async () => {
    const path = written(cells);
    const { code, out } = await command(["check", path, "answer", "--ignore", "s402,S303"]);
    expect([code, out.includes("POSSIBLE"), out.includes("S303"), out.includes("2 ignored")]).toEqual([
      0,
      false,
      false,
      true,
    ]);
    expect((await found(cells, "--ignore", "S402")).of(leak)[0].ignored).toBe(true);
  });

  it("is refused with the known ones where there is no such check", async () => {
    const { code, err } = await command(["check", written(cells), "--ignore", "S999"]);
    expect(code).toBe(2);
    expect(err).toMatch(/There is no check "S999".*known: S101, S102/);
  });

  it("is known to fit and predict", async () => {
    const path = written(cells);
    const fitted = await command([
      "fit",
      path,
      "answer",
      "--model",
      "linear",
      "--output",
      place.folder,
      "--ignore",
      "S402",
    ]);
    expect([fitted.code, fitted.out.includes("POSSIBLE")]).toEqual([0, false]);
    const model = path.replace(/csv$/, "onnx");
    const asked = ["predict", model, path, "--output", place.path("out.csv")];
    expect((await command(asked)).err).toMatch(/the target is in this table.* S607$/m);
    expect((await command([...asked, "--ignore", "S607"])).err).toBe("");
  });
});

describe("the lines before training", () => {
  it("begin with the leak, and name surprisal check where no report is written", async () => {
    const path = written({
      id: (row) => row + 1,
      price: (row) => `${row % 8},5`,
      gap: (row) => (row % 7 === 0 ? "" : row % 5),
      city: (row) => `c${row % 29}`,
      refund: (row) => (isYes(row) ? row + 1 : 0),
    });
    const { out } = await command(["fit", path, "answer", "--model", "linear", "--output", place.folder], {
      columns: 300,
    });
    expect(out.split("\n")[1]).toMatch(/^ check {4}POSSIBLE LEAK: refund /);
    expect(out.replace(/\s+/g, " ")).toContain(`and 2 more: surprisal check ${path} answer `);
    expect(out).not.toContain("report");
  });
});
