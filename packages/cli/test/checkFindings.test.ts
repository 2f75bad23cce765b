// What `surprisal check` finds in small tables: leaks and what is none, advice, and what hides in columns.
import { afterAll, describe, expect, it } from "vitest";
import { checker, day, isYes, noise } from "./checked.ts";

const { place, found } = checker();
afterAll(() => place.dispose());

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
    const { of } = await found({ version: (row) => ["1.1", "1.10", "2.0-rc", "beta"][row % 4]! });
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
