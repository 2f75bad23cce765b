// Dates as people write them: which day each cell is, what is told of the order, and the flag that turns it.
import { afterAll, describe, expect, it } from "vitest";
import { datesOf, learnt, workplace } from "./fitted.ts";
import {
  beside,
  csvOf,
  dateWritings,
  days,
  iso,
  isoMoment,
  type MadeRow,
  madeRows,
  moments,
  momentWritings,
  partsOf,
} from "./tableMaker.ts";

const { fit, predict, write, dispose } = workplace();
afterAll(dispose);

/** Trains on a table with the column `when`. */
async function read(text: string, ...flags: readonly string[]) {
  const said = await fit(write("when.csv", text), "bought", ...flags);
  expect(said.code, said.told).toBe(0);
  return { ...said, learnt: await learnt(said.model), dates: await datesOf(said.model) };
}

const table = (rows: readonly MadeRow[], when: (value: number, position: number) => string, delimiter = ",") =>
  csvOf(rows, { when: ({ value }, k) => when(value, k), ...beside }, delimiter);

describe("the day that was meant", () => {
  it.each([...dateWritings, ...momentWritings])("$name", async ({ values, write: text }) => {
    const rows = madeRows(120, "day", values);
    const found = await read(table(rows, text));
    expect(found.dates, found.told).toEqual(["when"]);
    expect(found.learnt).toEqual((await read(table(rows, isoMoment))).learnt);
    expect(found.told).not.toMatch(/identifier|category/);
  });

  it("12:00 AM is midnight and 12:30 PM is after noon", async () => {
    const rows = madeRows(120, "midnight", (random) => 14_610 + random.integer(4500) + random.integer(4) / 4 + 1 / 48);
    const noon = momentWritings.find(({ name }) => name.endsWith("PM"))!;
    expect(noon.write(rows.find(({ value }) => value % 1 < 0.03)!.value)).toMatch(/ 12:30 AM$/);
    expect((await read(table(rows, noon.write))).learnt).toEqual((await read(table(rows, isoMoment))).learnt);
  });

  it("years of two digits from 69 on are of the last century", async () => {
    const rows = madeRows(120, "century", (random) => Date.UTC(1969, 0, 1) / 86_400_000 + random.integer(36_000));
    expect(Math.max(...rows.map(({ value }) => value))).toBeLessThan(Date.UTC(2069, 0, 1) / 86_400_000);
    const short = dateWritings.find(({ name }) => name === "31.01.20")!;
    expect((await read(table(rows, short.write))).learnt).toEqual((await read(table(rows, iso))).learnt);
  });

  it("the same instant in two offsets is the same value", async () => {
    const rows = madeRows(120, "offset", moments);
    const berlin = momentWritings.find(({ name }) => name.endsWith("+02:00"))!;
    const { model } = await read(table(rows, berlin.write));
    const [one, other] = await Promise.all([
      predict(model, write("one.csv", "when,age\n2015-06-01T12:00:00+02:00,30\n2015-06-01T01:00:00+02:00,30\n")),
      predict(model, write("other.csv", "when,age\n2015-06-01T10:00:00Z,30\n2015-05-31T18:00:00-05:00,30\n")),
    ]);
    expect(one.code, one.told).toBe(0);
    expect(other.probabilities).toEqual(one.probabilities);
  });

  it.each([
    ["2020-03", ({ y, m }: ReturnType<typeof partsOf>) => `${y}-${m}`],
    ["Mar 2020", ({ y, mon }: ReturnType<typeof partsOf>) => `${mon} ${y}`],
    ["Mar-2020", ({ y, mon }: ReturnType<typeof partsOf>) => `${mon}-${y}`],
  ])("a month such as %s is its first day", async (_, text) => {
    const first = madeRows(120, "month", (random) => {
      const day = days(random);
      return day - Number(partsOf(day).d) + 1;
    });
    const found = await read(table(first, (value) => text(partsOf(value))));
    expect(found.dates, found.told).toEqual(["when"]);
    expect(found.learnt).toEqual((await read(table(first, iso))).learnt);
  });

  it("times of day are moments of a day, whether written with seconds, or with AM and PM", async () => {
    const rows = madeRows(120, "time", (random) => random.integer(1440) / 1440);
    const minutes = (value: number) => isoMoment(value).slice(11, 16);
    const plain = await read(table(rows, minutes));
    expect(plain.told).not.toMatch(/identifier|category/);
    expect(plain.learnt.encoder.columns[0]).toMatchObject({ kind: "number", name: "when" });
    const seconds = await read(table(rows, (value) => isoMoment(value).slice(11, 19)));
    expect(seconds.learnt).toEqual(plain.learnt);
    const halves = await read(
      table(rows, (value) => {
        const { h12, mm, half } = partsOf(value);
        return `${h12}:${mm} ${half}`;
      }),
    );
    expect(halves.learnt).toEqual(plain.learnt);
    const new1 = await predict(plain.model, write("t.csv", "when,age\n12:30,30\n23:59,30\n"));
    expect(new Set(new1.probabilities).size).toBe(2);
  });

  it.each([
    ["epoch-seconds", 1],
    ["epoch-milliseconds", 1000],
  ])("%s are dates where they are named, and else numbers", async (kind, scale) => {
    const rows = madeRows(120, "epoch", moments);
    const text = table(rows, (value) => String(Math.round(value * 86_400) * scale));
    expect((await read(text)).dates).toEqual([]);
    const found = await read(text, "--read", `when=${kind}`);
    expect(found.dates).toEqual(["when"]);
    expect(found.learnt).toEqual((await read(table(rows, isoMoment))).learnt);
  });
});

describe("day or month first", () => {
  const early = madeRows(120, "early", (random) => {
    const day = days(random);
    return day - Number(partsOf(day).d) + 1 + random.integer(12);
  });
  const dayFirst = (value: number) => {
    const { d, m, y } = partsOf(value);
    return `${d}/${m}/${y}`;
  };
  const swapped = (value: number) => {
    const { d, m, y } = partsOf(value);
    return `${y}-${d}-${m}`;
  };

  it("where both fit everywhere it is month first, told with the flag that turns it", async () => {
    const found = await read(table(early, dayFirst));
    expect(found.told).toMatch(/when:.*month\/day\/year.*--read when=day\/month\/year/);
    expect(found.learnt).toEqual((await read(table(early, swapped))).learnt);
    const turned = await read(table(early, dayFirst), "--read", "when=day/month/year");
    expect(turned.learnt).toEqual((await read(table(early, iso))).learnt);
    const new1 = write("new.csv", "when,age\n03/11/2018,30\n");
    const plain = await read(table(early, iso));
    const expected = await predict(plain.model, write("iso.csv", "when,age\n2018-11-03,30\n"));
    expect((await predict(turned.model, new1)).probabilities).toEqual(expected.probabilities);
  });

  it("with two digits for the year it is month first, too", async () => {
    const short = (value: number) => {
      const { d, m, yy } = partsOf(value);
      return `${d}/${m}/${yy}`;
    };
    const found = await read(table(early, short));
    expect(found.told).toMatch(/when:.*--read when=day\/month\/year/);
    expect(found.learnt).toEqual((await read(table(early, swapped))).learnt);
  });

  it("another date column of the file decides", async () => {
    const two = (when: (value: number) => string, other: (value: number) => string) =>
      csvOf(early, { when: ({ value }) => when(value), paid: ({ value }) => other(value + 15), ...beside });
    const found = await read(two(dayFirst, dayFirst));
    expect(found.learnt).toEqual((await read(two(iso, iso))).learnt);
  });

  it("one cell behind the first 600 rows decides for the column", async () => {
    const rows = madeRows(700, "late", (random, row) => {
      const day = days(random);
      return day - Number(partsOf(day).d) + 1 + (row === 659 ? 24 : random.integer(12));
    });
    const found = await read(table(rows, dayFirst));
    expect(found.learnt).toEqual((await read(table(rows, iso))).learnt);
  });

  it("cells that no order fits are gaps, told with a row, where they are few", async () => {
    const rows = madeRows(600, "few", days);
    const odd = (text: string) => (value: number, k: number) => (k === 411 ? text : iso(value));
    const found = await read(table(rows, odd("2021-02-30")));
    expect(found.learnt).toEqual((await read(table(rows, odd("")))).learnt);
    expect(found.told).toMatch(/when:.*row 412\b.*"2021-02-30"/);
    const strict = await fit(write("strict.csv", table(rows, odd("2021-02-30"))), "bought", "--strict");
    expect(strict.code).toBe(2);
    expect(strict.told).toMatch(/"when".*"2021-02-30".*row 412\b/);
  });
});

describe("what is not read", () => {
  const french = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split(" ");

  it("12 janv. 2020 is called a date in a format that is not read, never an identifier", async () => {
    const rows = madeRows(120, "french", (random, row) => 14_610 + row * 30 + random.integer(30));
    const text = table(rows, (value) => {
      const { day, monthNumber, y } = partsOf(value);
      return `${day} ${french[Number(monthNumber) - 1]} ${y}`;
    });
    const { told, dates } = await read(text);
    expect(dates).toEqual([]);
    expect(told).toMatch(/when:.*date in a format that is not read/);
    expect(told).not.toContain("identifier");
  });

  it("a column of dates can be kept as a category", async () => {
    const rows = madeRows(120, "kept", (random) => 14_610 + 30 * random.integer(4));
    const { learnt: found } = await read(table(rows, iso), "--read", "when=category");
    expect(found.encoder.columns[0]).toMatchObject({ kind: "category", name: "when" });
  });

  it("versions, sections and scores are no dates", async () => {
    const rows = madeRows(120, "version", (random) => random.integer(6));
    const { dates } = await read(table(rows, (value) => `${value}.1.${value + 2}`));
    expect(dates).toEqual([]);
    const { dates: scores } = await read(table(rows, (value) => `${value}-${(value * 5) % 7}`));
    expect(scores).toEqual([]);
  });
});
