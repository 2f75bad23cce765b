// The values of flags: read from the command line, refused where they cannot be meant.
import { InvalidArgumentError } from "commander";

/** Names that are separated by commas; one that holds a comma stands in quotes, as in CSV: `"a, b",c`. */
export function list(text: string): readonly string[] {
  const names = [...text.matchAll(/\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(?:,|$)/gy)]
    .map(([, inQuotes, plain]) => inQuotes?.replaceAll('""', '"') ?? plain.trim())
    .filter((name) => name !== "");
  if (names.length === 0) throw new InvalidArgumentError("Expected names, separated by commas.");
  return names;
}

/** A path. */
export function place(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("Expected a path.");
  return text;
}

/** A value of a flag that may be given again. */
export const collect = (text: string, before: readonly string[]) => [...before, text];

/** A finite number of at least `least`. */
export function number(least: number, whole: boolean) {
  return (text: string): number => {
    const value = Number(text);
    const valid =
      text.trim() !== "" &&
      value >= least &&
      value < Number.POSITIVE_INFINITY &&
      (!whole || Number.isSafeInteger(value));
    if (whole && value > Number.MAX_SAFE_INTEGER) throw new InvalidArgumentError("Expected a number below 2^53.");
    if (!valid) throw new InvalidArgumentError(`Expected a ${whole ? "whole " : ""}number of at least ${least}.`);
    return value;
  };
}
