// Moments as people write them, in one order of day, month and year: as days since 1970-01-01.

/** The orders that are read, and how each is told and asked for. */
export const dateOrders = {
  ymd: "year-month-day",
  dmy: "day/month/year",
  mdy: "month/day/year",
  week: "year-week",
  time: "time",
  "epoch-s": "epoch-seconds",
  "epoch-ms": "epoch-milliseconds",
} as const;
export type DateOrder = keyof typeof dateOrders;

/** The orders that a column's cells can show by themselves; of others somebody has to say that they are meant. */
export const shownOrders = ["ymd", "mdy", "dmy", "week", "time"] as const satisfies readonly DateOrder[];

const microsPerDay = 86_400_000_000;
const fullNames = [
  ["january", "february", "march", "april", "may", "june"],
  ["july", "august", "september", "october", "november", "december"],
].flat();

const between = "(?: ?[-/.] ?| )";
const beforeYear = "(?: ?[-/.] ?|,? )";
const month = "(\\d{1,2}|[A-Za-z]{3,9})\\.?";
const clock = "(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?(?: ?([AaPp])\\.?[Mm]\\.?)?";
const zone = "(?: ?(Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?))?";
const time = `(?:(?:T|,? +)${clock}${zone})?`;
const weekday = "(?:[A-Za-z]{3,9},? )?";
const day = "(\\d{1,2})(?:st|nd|rd|th)?";

const patterns = {
  ymd: new RegExp(`^(\\d{4,6})${between}${month}${between}(\\d{1,2})${time}$`),
  dmy: new RegExp(`^${weekday}${day}${between}${month}${beforeYear}(\\d{4}|\\d{2})${time}$`),
  mdy: new RegExp(`^${weekday}${month}${between}${day}${beforeYear}(\\d{4}|\\d{2})${time}$`),
  yearMonth: new RegExp(`^(1[89]\\d\\d|2[01]\\d\\d)${between}${month}$`),
  monthYear: new RegExp(`^${month}${beforeYear}(1[89]\\d\\d|2[01]\\d\\d)$`),
  week: /^(\d{4})-?W(\d{2})(?:-?([1-7]))?$/,
  time: new RegExp(`^${clock}$`),
} as const;

/** A function that gives the days of a trimmed text in an order, null for a text that is no moment in it. */
export function dateOf(order: DateOrder): (text: string) => number | null {
  switch (order) {
    case "ymd":
      return (text) => {
        const [whole, y, m, d, ...clockParts] = patterns.ymd.exec(text) ?? [];
        if (whole !== undefined) return daysOf([y!, m!, d!], clockParts);
        const [, year, alone] = patterns.yearMonth.exec(text) ?? [];
        return year === undefined ? null : daysOf([year, alone!, "1"], []);
      };
    case "dmy":
      return (text) => {
        const [whole, d, m, y, ...clockParts] = patterns.dmy.exec(text) ?? [];
        return whole === undefined ? monthAndYear(text) : daysOf([y!, m!, d!], clockParts);
      };
    case "mdy":
      return (text) => {
        const [whole, m, d, y, ...clockParts] = patterns.mdy.exec(text) ?? [];
        if (whole !== undefined) return daysOf([y!, m!, d!], clockParts);
        // The name of a month tells itself from the day.
        return /[A-Za-z]{3}/.test(text) ? dateOf("dmy")(text) : monthAndYear(text);
      };
    case "week":
      return (text) => {
        const [whole, y, week, day = "1"] = patterns.week.exec(text) ?? [];
        return whole === undefined ? null : daysOfWeek(Number(y), Number(week), Number(day));
      };
    case "time":
      return (text) => {
        const [whole, ...clockParts] = patterns.time.exec(text) ?? [];
        const micros = whole === undefined ? null : microsOf(clockParts);
        return micros === null ? null : micros / microsPerDay;
      };
    case "epoch-s":
    case "epoch-ms":
      return (text) => {
        const value = /^[+-]?\d+(\.\d*)?$/.test(text) ? Number(text) : null;
        return value === null ? null : value / (order === "epoch-s" ? 86_400 : 86_400_000);
      };
    default:
      return order satisfies never;
  }
}

function monthAndYear(text: string): number | null {
  const [whole, m, y] = patterns.monthYear.exec(text) ?? [];
  return whole === undefined ? null : daysOf([y!, m!, "1"], []);
}

type Parts = readonly (string | undefined)[];

function daysOf([y, m, d]: readonly [year: string, month: string, day: string], clockParts: Parts): number | null {
  const year = y.length === 2 ? Number(y) + (Number(y) >= 69 ? 1900 : 2000) : Number(y);
  const days = calendarDay(year, monthAt(m), Number(d));
  if (days === null || clockParts[0] === undefined) return days;
  const micros = microsOf(clockParts);
  return micros === null ? null : Number(BigInt(days) * BigInt(microsPerDay) + BigInt(micros)) / microsPerDay;
}

/** The position of a month that is a number or a name, -1 for none. */
function monthAt(text: string): number {
  if (/^\d/.test(text)) return Number(text) - 1;
  const name = text.toLowerCase();
  const full = fullNames.indexOf(name);
  return full !== -1
    ? full
    : fullNames.findIndex((each) => each.slice(0, 3) === name || (each.slice(0, 4) === name && name === "sept"));
}

function calendarDay(year: number, at: number, day: number): number | null {
  if (at < 0 || at > 11) return null;
  const date = new Date(Date.UTC(2000, at, 1));
  date.setUTCFullYear(year, at, day);
  return date.getUTCMonth() === at && date.getUTCDate() === day ? date.getTime() / 86_400_000 : null;
}

/** Monday of week 1 is the one whose week holds 4 January (ISO 8601). */
function daysOfWeek(year: number, week: number, day: number): number | null {
  const fourth = calendarDay(year, 0, 4)!;
  const monday = fourth - ((((fourth + 3) % 7) + 7) % 7);
  const days = monday + 7 * (week - 1) + day - 1;
  const next = calendarDay(year + 1, 0, 4)!;
  const end = next - ((((next + 3) % 7) + 7) % 7);
  return week >= 1 && days - (day - 1) < end ? days : null;
}

/** The microseconds of a time of day less its offset; null where there is no such time. */
function microsOf([hours, minutes, seconds = "0", fraction = "", half, zoneText = "Z"]: Parts): number | null {
  const hour = Number(hours);
  const isHalf = half !== undefined;
  const midnight = hour === 24 && Number(minutes) === 0 && Number(seconds) === 0 && Number(fraction) === 0;
  if (isHalf ? hour < 1 || hour > 12 : hour > 23 && !midnight) return null;
  if (Number(minutes) > 59 || Number(seconds) > 59) return null;
  const full = isHalf ? (hour % 12) + (/p/i.test(half) ? 12 : 0) : hour;
  const [, sign, offsetHours = "0", offsetMinutes = "0"] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zoneText) ?? [];
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === "-" ? -1 : 1);
  const micros = Number(fraction.padEnd(6, "0").slice(0, 6));
  return ((full * 60 + Number(minutes) - offset) * 60 + Number(seconds)) * 1_000_000 + micros;
}
