// Small tables whose label depends on a true value, and the ways in which people write such a value.
import { Random } from "../src/random.ts";

/** A row before it is written. */
export interface MadeRow {
  /** What the column of interest means. */
  readonly value: number;
  /** A whole number beside it, which is no evidence for any decimal mark. */
  readonly age: number;
  readonly bought: "yes" | "no";
}

/** Rows of random values; the larger the value among them, the more probable is the answer yes. */
export function madeRows(count: number, seed: string, draw: (random: Random, row: number) => number): MadeRow[] {
  const random = new Random(seed);
  const values = Array.from({ length: count }, (_, row) => draw(random, row));
  const sorted = Float64Array.from(values).sort();
  return values.map((value) => {
    const age = 18 + random.integer(70);
    const rank = sorted.filter((other) => other <= value).length / count;
    const chance = 1 / (1 + Math.exp(6 - 9 * rank - age / 60));
    return { value, age, bought: random.next() < chance ? "yes" : "no" };
  });
}

/** How a column is written: its name, and the text of a cell. */
export type Columns = Readonly<Record<string, (row: MadeRow, position: number) => string>>;

/** The columns that every table has: the second feature and the target. */
export const beside: Columns = { age: ({ age }) => String(age), bought: ({ bought }) => bought };

/** A cell in quotes where it needs them. */
export function cellOf(text: string, delimiter: string): string {
  const needed = /["\n\r]/.test(text) || text.includes(delimiter) || text !== text.trim();
  return needed ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows as delimited text. */
export function csvOf(rows: readonly MadeRow[], columns: Columns, delimiter = ","): string {
  const lines = rows.map((row, k) => Object.values(columns).map((write) => cellOf(write(row, k), delimiter)));
  const header = Object.keys(columns).map((name) => cellOf(name, delimiter));
  return `${[header, ...lines].map((cells) => cells.join(delimiter)).join("\n")}\n`;
}

/** Whole numbers from 10 to five million, as many small as large. */
export const wholes = (random: Random) => Math.round(10 ** (1 + 5.7 * random.next()));
/** Amounts with two decimals, from 3 to 300,000, some negative. */
export const amounts = (random: Random) =>
  (Math.round(100 * 10 ** (0.5 + 5 * random.next())) / 100) * (random.next() < 0.2 ? -1 : 1);
/** Amounts with one decimal, from 0 to 100. */
export const shares = (random: Random) => random.integer(1001) / 10;

/** A number with marks between groups of three digits. */
export function grouped(value: number, group: string, decimals = 0, decimal = "."): string {
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split(".");
  const parts = whole!.replace(/\B(?=(\d{3})+$)/g, group);
  return `${value < 0 ? "-" : ""}${parts}${fraction === undefined ? "" : `${decimal}${fraction}`}`;
}

/** One way to write numbers. */
export interface Writing {
  readonly name: string;
  readonly values: (random: Random) => number;
  readonly write: (value: number) => string;
  /** The delimiter of the file, a comma where nothing is said. */
  readonly delimiter?: string;
  /** Flags that the reading needs; none where the column tells it. */
  readonly flags?: readonly string[];
}

const unsigned = (value: number) => grouped(Math.abs(value), ",", 2);

/** Ways to write numbers that are read as the number that was meant. */
export const numberWritings: readonly Writing[] = [
  { name: "thousands by commas", values: wholes, write: (v) => grouped(v, ",") },
  { name: "thousands by points in a ; file", values: wholes, write: (v) => grouped(v, "."), delimiter: ";" },
  { name: "thousands by blanks", values: wholes, write: (v) => grouped(v, " ") },
  { name: "thousands by thin blanks", values: wholes, write: (v) => grouped(v, "\u2009") },
  { name: "thousands by narrow no-break blanks", values: wholes, write: (v) => grouped(v, "\u202f") },
  { name: "thousands by no-break blanks", values: wholes, write: (v) => grouped(v, "\u00a0") },
  { name: "thousands by Swiss apostrophes", values: wholes, write: (v) => grouped(v, "'") },
  { name: "thousands by curly apostrophes", values: wholes, write: (v) => grouped(v, "’") },
  { name: "1,234.50", values: amounts, write: (v) => grouped(v, ",", 2) },
  { name: "1.234,5 in a ; file", values: amounts, write: (v) => grouped(v, ".", 2, ","), delimiter: ";" },
  { name: "1.234,5 in a , file", values: amounts, write: (v) => grouped(v, ".", 2, ",") },
  {
    name: "1 234,50 with no-break blanks",
    values: amounts,
    write: (v) => grouped(v, "\u00a0", 2, ","),
    delimiter: ";",
  },
  { name: "1'234.50", values: amounts, write: (v) => grouped(v, "'", 2) },
  { name: "a decimal comma", values: shares, write: (v) => v.toFixed(1).replace(".", ","), delimiter: ";" },
  { name: "a decimal comma in quotes", values: shares, write: (v) => v.toFixed(1).replace(".", ",") },
  { name: "per cent", values: shares, write: (v) => `${v.toFixed(1)}%` },
  { name: "per cent after a blank", values: shares, write: (v) => `${v.toFixed(1)} %` },
  { name: "per cent with a decimal comma", values: shares, write: (v) => `${v.toFixed(1).replace(".", ",")} %` },
  { name: "$1,234.50", values: amounts, write: (v) => `${v < 0 ? "-" : ""}$${unsigned(v)}` },
  { name: "$-1,234.50", values: amounts, write: (v) => `$${grouped(v, ",", 2)}` },
  { name: "($1,234.50)", values: amounts, write: (v) => (v < 0 ? `($${unsigned(v)})` : `$${unsigned(v)}`) },
  { name: "£ before", values: amounts, write: (v) => `${v < 0 ? "-" : ""}£${unsigned(v)}` },
  { name: "1.234,50 €", values: amounts, write: (v) => `${grouped(v, ".", 2, ",")} €`, delimiter: ";" },
  { name: "EUR 12,50", values: amounts, write: (v) => `EUR ${v.toFixed(2).replace(".", ",")}`, delimiter: ";" },
  { name: "12.50 USD", values: amounts, write: (v) => `${v.toFixed(2)} USD` },
  { name: "(1,234)", values: (r) => wholes(r) * (r.next() < 0.3 ? -1 : 1), write: accounting },
  { name: "1234-", values: amounts, write: (v) => (v < 0 ? `${(-v).toFixed(2)}-` : v.toFixed(2)) },
  { name: "\u22121234.5", values: amounts, write: (v) => v.toFixed(2).replace("-", "\u2212") },
  { name: "12 kg", values: shares, write: (v) => (v === 0 ? "0" : `${v} kg`) },
  { name: "12kg", values: shares, write: (v) => `${v}kg` },
  { name: "1,234 km", values: wholes, write: (v) => `${grouped(v, ",")} km` },
];

function accounting(value: number): string {
  return value < 0 ? `(${grouped(-value, ",")})` : grouped(value, ",");
}

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const fullMonths = "January February March April May June July August September October November December".split(" ");

/** The parts of a moment, in days since 1970-01-01. */
export function partsOf(days: number) {
  const date = new Date(Math.round(days * 86_400_000));
  const two = (part: number) => String(part).padStart(2, "0");
  const month = date.getUTCMonth();
  return {
    y: String(date.getUTCFullYear()),
    yy: two(date.getUTCFullYear() % 100),
    m: two(month + 1),
    d: two(date.getUTCDate()),
    day: String(date.getUTCDate()),
    monthNumber: String(month + 1),
    mon: months[month]!,
    month: fullMonths[month]!,
    hh: two(date.getUTCHours()),
    h12: String(date.getUTCHours() % 12 || 12),
    mm: two(date.getUTCMinutes()),
    ss: two(date.getUTCSeconds()),
    half: date.getUTCHours() < 12 ? "AM" : "PM",
  };
}

/** A date as ISO 8601 has it. */
export function iso(days: number): string {
  const { y, m, d } = partsOf(days);
  return `${y}-${m}-${d}`;
}

/** A moment as ISO 8601 has it, in UTC. */
export function isoMoment(days: number): string {
  return new Date(Math.round(days * 86_400_000)).toISOString();
}

/** Days from 2010 to 2022, of all months and days. */
export const days = (random: Random) => 14_610 + random.integer(4500);
/** Moments in these days, on the minute. */
export const moments = (random: Random) => 14_610 + random.integer(4500) + random.integer(1440) / 1440;

/** The ISO week date of a day: 2020-W05-3. */
export function isoWeek(day: number): string {
  const weekday = ((day + 3) % 7) + 1;
  const thursday = day - weekday + 4;
  const year = new Date(thursday * 86_400_000).getUTCFullYear();
  const first = Date.UTC(year, 0, 1) / 86_400_000;
  return `${year}-W${String(Math.floor((thursday - first) / 7) + 1).padStart(2, "0")}-${weekday}`;
}

type Parts = ReturnType<typeof partsOf>;
const written = (write: (parts: Parts) => string) => (value: number) => write(partsOf(value));

/** Ways to write dates that are read as the day that was meant. */
export const dateWritings: readonly Writing[] = [
  { name: "2020-01-31", values: days, write: written(({ y, m, d }) => `${y}-${m}-${d}`) },
  { name: "2020/1/31", values: days, write: written(({ y, monthNumber, day }) => `${y}/${monthNumber}/${day}`) },
  { name: "2020.01.31", values: days, write: written(({ y, m, d }) => `${y}.${m}.${d}`) },
  { name: "31.01.2020", values: days, write: written(({ y, m, d }) => `${d}.${m}.${y}`) },
  { name: "31/1/2020", values: days, write: written(({ y, monthNumber, day }) => `${day}/${monthNumber}/${y}`) },
  { name: "31-01-2020", values: days, write: written(({ y, m, d }) => `${d}-${m}-${y}`) },
  { name: "01/31/2020", values: days, write: written(({ y, m, d }) => `${m}/${d}/${y}`) },
  { name: "01-31-20", values: days, write: written(({ yy, m, d }) => `${m}-${d}-${yy}`) },
  { name: "31.01.20", values: days, write: written(({ yy, m, d }) => `${d}.${m}.${yy}`) },
  { name: "31-Jan-2020", values: days, write: written(({ y, mon, d }) => `${d}-${mon}-${y}`) },
  { name: "31-JAN-20", values: days, write: written(({ yy, mon, d }) => `${d}-${mon.toUpperCase()}-${yy}`) },
  { name: "31 January 2020", values: days, write: written(({ y, month, day }) => `${day} ${month} ${y}`) },
  { name: "January 31, 2020", values: days, write: written(({ y, month, day }) => `${month} ${day}, ${y}`) },
  { name: "2020-W05-3", values: days, write: isoWeek },
];

/** Ways to write moments that are read as the minute that was meant. */
export const momentWritings: readonly Writing[] = [
  {
    name: "2020-01-31 14:30",
    values: moments,
    write: written(({ y, m, d, hh, mm }) => `${y}-${m}-${d} ${hh}:${mm}`),
  },
  { name: "2020-01-31T14:30:00Z", values: moments, write: isoMoment },
  {
    name: "31.01.2020 14:30",
    values: moments,
    write: written(({ y, m, d, hh, mm }) => `${d}.${m}.${y} ${hh}:${mm}`),
  },
  {
    name: "01/31/2020 2:30 PM",
    values: moments,
    write: written(({ y, m, d, h12, mm, half }) => `${m}/${d}/${y} ${h12}:${mm} ${half}`),
  },
  {
    name: "31-Jan-2020 14:30:00",
    values: moments,
    write: written(({ y, mon, d, hh, mm, ss }) => `${d}-${mon}-${y} ${hh}:${mm}:${ss}`),
  },
  {
    name: "2020-01-31T16:30:00+02:00",
    values: moments,
    write: (v) => `${isoMoment(v + 2 / 24).slice(0, 19)}+02:00`,
  },
];
