// Which cells of a table count as missing.

/** Texts that mean "no value", compared in lower case and without blanks around them. */
export const missingSpellings: readonly string[] = [
  "",
  "na",
  "n/a",
  "n.a.",
  "#n/a",
  "<na>",
  "nan",
  "null",
  "none",
  "nil",
  "nat",
  "?",
  "-",
  "--",
  ".",
];

const spelled = new Set(missingSpellings);

/** Whether a cell's text means that its value is missing. */
export function isMissing(text: string): boolean {
  return spelled.has(text.trim().toLowerCase());
}
