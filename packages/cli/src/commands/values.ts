// The values of flags: read from the command line, refused where they cannot be meant.
import { InvalidArgumentError } from "commander";
import { CliError, commandTexts, valueTexts } from "../errors.ts";
import { formatMemory, leastBytes, parseMemory } from "../table/memory.ts";

/** Names that are separated by commas; one that holds a comma stands in quotes, as in CSV: `"a, b",c`. */
export function list(text: string): readonly string[] {
  const names = [...text.matchAll(/\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(?:,|$)/gy)]
    .map(([, inQuotes, plain]) => inQuotes?.replaceAll('""', '"') ?? plain.trim())
    .filter((name) => name !== "");
  if (names.length === 0) throw new InvalidArgumentError(valueTexts.names());
  return names;
}

/** Names of a flag that may be given again. */
export const moreNames = (text: string, before: readonly string[] = []) => [...before, ...list(text)];

/** A path. */
export function place(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError(valueTexts.path());
  return text;
}

/** A value of a flag that may be given again. */
export const collect = (text: string, before: readonly string[]) => [...before, text];

/** A parameter of a loss and its value. */
export interface Setting {
  readonly name: string;
  readonly value: number;
}

/** A setting `name=value`, of a flag that may be given again. */
export function setting(text: string, before: readonly Setting[]): readonly Setting[] {
  const [name, ...rest] = text.split("=");
  const value = rest.join("=");
  if (name === "" || value.trim() === "" || Number.isNaN(Number(value))) {
    throw new CliError(commandTexts.settingNotNumber(text));
  }
  return [...before, { name, value: Number(value) }];
}

/** The numbers that a flag takes. */
interface Range {
  readonly least: number;
  readonly most?: number;
}

/** A finite number from `least` to `most`. */
export const number = (range: Range) => (text: string) => numberIn(text, range, { whole: false });

/** A whole number from `least` to `most`. */
export const wholeNumber = (range: Range) => (text: string) => numberIn(text, range, { whole: true });

function numberIn(text: string, { least, most }: Range, { whole }: { readonly whole: boolean }): number {
  const value = Number(text);
  const valid =
    text.trim() !== "" && value >= least && value < Number.POSITIVE_INFINITY && (!whole || Number.isSafeInteger(value));
  if (most !== undefined && value > most) throw new InvalidArgumentError(valueTexts.atMost(whole, most));
  if (whole && value > Number.MAX_SAFE_INTEGER) throw new InvalidArgumentError(valueTexts.tooLarge());
  if (!valid) throw new InvalidArgumentError(valueTexts.atLeast(whole, least));
  return value;
}

/** A size of memory with its unit: `512MB`, `4GB`. */
export function memory(text: string): number {
  const bytes = parseMemory(text);
  if (bytes !== null) return bytes;
  throw new InvalidArgumentError(valueTexts.size(formatMemory(leastBytes)));
}

/** A share above 0 and up to 1, also in per cent: `0.9`, `90%`. */
export function share(text: string): number {
  const value = shareOf(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError(valueTexts.share());
  return value;
}

/** A number of rows, or a share of them in per cent: `100`, `5%`. */
export function top(text: string): { readonly rows: number } | { readonly share: number } {
  const isShare = text.trim().endsWith("%");
  const value = isShare ? shareOf(text) : Number(text);
  if (isShare && value > 0 && value <= 1) return { share: value };
  if (!isShare && Number.isSafeInteger(value) && value >= 1) return { rows: value };
  throw new InvalidArgumentError(valueTexts.rows());
}

function shareOf(text: string): number {
  const [, number, sign] = /^\s*(\d*\.?\d+)\s*(%?)\s*$/.exec(text) ?? [];
  return number === undefined ? Number.NaN : Number(number) / (sign === "%" ? 100 : 1);
}
