// Decimal numbers as they are written, digit by digit: a float64 keeps 15 to 17 digits, and whole numbers up to 2^53.

/** From here on not every whole number is a float64. */
export const firstInexact = 2 ** 53;

interface Decimal {
  readonly negative: boolean;
  /** Without zeros at either end; empty for zero. */
  readonly digits: string;
  /** The power of ten of the last digit. */
  readonly exponent: number;
}

/**
 * One text for all spellings of a decimal number, exact at any length: `1`, `+01.0` and `10e-1` give the same.
 * @returns null for a text that is no decimal number
 */
export function sameDecimal(text: string): string | null {
  const found = parse(text);
  if (found === null) return null;
  return found.digits === "" ? "0" : `${found.negative ? "-" : ""}${found.digits}e${found.exponent}`;
}

/** Whether a text is a whole number, however it is written: `7`, `-03`, `2.0`, `1e5`. */
export function isWhole(text: string): boolean {
  const found = parse(text);
  return found !== null && (found.digits === "" || found.exponent >= 0) && Number.isFinite(Number(text));
}

/** Compares two whole numbers by size, also where a float64 could not tell them apart. */
export function byWhole(a: string, b: string): number {
  const [one, other] = [wholeOf(a), wholeOf(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

function wholeOf(text: string): bigint {
  const found = parse(text);
  if (found === null || found.digits === "") return 0n;
  const size = BigInt(found.digits) * 10n ** BigInt(found.exponent);
  return found.negative ? -size : size;
}

function parse(text: string): Decimal | null {
  const [, sign, whole, fraction = "", power = "0"] = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text.trim()) ?? [];
  if (whole === undefined || (whole === "" && fraction === "")) return null;
  const written = `${whole}${fraction}`.replace(/^0+/, "");
  const digits = written.replace(/0+$/, "");
  return { negative: sign === "-", digits, exponent: Number(power) - fraction.length + written.length - digits.length };
}
