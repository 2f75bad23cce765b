// Which cells of a table count as missing.

/** Texts that mean "no value" wherever they stand: whatever wrote them had nothing to write. */
const always = [
  "nan",
  "null",
  "<na>",
  "#n/a",
  "nat",
  "\\n",
  "#div/0!",
  "#ref!",
  "#value!",
  "#num!",
  "#name?",
  "#null!",
];

/** Texts that mean "no value" among values; where they are frequent in a target they are a class of it. */
export const missingWords: readonly string[] = ["na", "n/a", "n.a.", "none", "nil", "?", "-", "--", "."];

/** Texts that mean "no value" unless a table is said to have others, compared in small letters and without blanks. */
export const missingSpellings: readonly string[] = ["", ...always, ...missingWords];

/** The spellings that somebody gives instead; an empty cell stays missing. */
export function spellingsOf(given: readonly string[]): readonly string[] {
  return [...new Set(["", ...given.map(plain)])];
}

/** Whether a cell's text means that its value is missing. */
export function isMissing(text: string, spellings: readonly string[] = missingSpellings): boolean {
  const set = spellings === missingSpellings ? usual : setOf(spellings);
  return set.has(plain(text));
}

function plain(text: string): string {
  return text.trim().toLowerCase();
}

const usual: ReadonlySet<string> = new Set(missingSpellings);
const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

function setOf(spellings: readonly string[]): ReadonlySet<string> {
  const known = sets.get(spellings) ?? new Set(spellings);
  sets.set(spellings, known);
  return known;
}
