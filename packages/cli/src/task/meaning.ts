// What the words of a label mean, and which of them a reader would take for one.
import { sameDecimal } from "../table/decimal.ts";

/** Words that say yes beside others that say no. Those of the first pair may be mixed. */
const families: readonly { readonly yes: readonly string[]; readonly no: readonly string[] }[] = [
  { yes: ["1", "true", "yes"], no: ["0", "false", "no"] },
  { yes: ["y"], no: ["n"] },
  { yes: ["t"], no: ["f"] },
  { yes: ["positive"], no: ["negative"] },
  { yes: ["pos"], no: ["neg"] },
  { yes: ["+"], no: ["-"] },
];

/** One text for all that mean the same in a label: the number, or a word that says yes or no, in any capitals. */
export function meaningOf(text: string): string {
  const word = text.toLowerCase();
  return sameDecimal(text) ?? (families.some(({ yes, no }) => yes.includes(word) || no.includes(word)) ? word : text);
}

/** What a text says, and in which family of words; null for one that says neither. */
export function saidBy(text: string): { readonly family: number; readonly yes: boolean } | null {
  const number = sameDecimal(text);
  const word = number === null ? text.toLowerCase() : number === "0" ? "0" : number === sameDecimal("1") ? "1" : "";
  const family = families.findIndex(({ yes, no }) => yes.includes(word) || no.includes(word));
  return family === -1 ? null : { family, yes: families[family].yes.includes(word) };
}

/** Which of two texts says yes where the other says no: 0 or 1; null where they are no such pair. */
export function whichSaysYes(one: string, other: string): 0 | 1 | null {
  const [a, b] = [saidBy(one), saidBy(other)];
  if (a === null || b === null || a.family !== b.family || a.yes === b.yes) return null;
  return a.yes ? 0 : 1;
}

/** Names that a reader may take for one, and in what they differ. */
export interface Alike {
  readonly names: readonly string[];
  /** `capitals`, or `blanks and capitals`. */
  readonly differ: string;
}

/** What a reader may overlook, each with how names look once it is overlooked. */
const overlooked: readonly { readonly what: string; readonly without: (name: string) => string }[] = [
  { what: "how a number is written", without: (name) => sameDecimal(name) ?? name },
  { what: "characters that look the same", without: (name) => name.normalize("NFC") },
  { what: "characters that are not seen", without: (name) => name.replace(/\p{Cf}/gu, "") },
  { what: "blanks", without: (name) => name.replace(/\s/gu, "") },
  { what: "capitals", without: (name) => name.toUpperCase().toLowerCase() },
];

const lookOf = (name: string, without: typeof overlooked) => without.reduce((text, each) => each.without(text), name);

/** Groups of names that a reader may take for one. */
export function lookAlikes(names: readonly string[]): readonly Alike[] {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const key = lookOf(name, overlooked);
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) => {
      // What is not needed to make them equal is not what they differ in.
      const needed = overlooked.reduce((left, each) => {
        const fewer = left.filter((other) => other !== each);
        return new Set(group.map((name) => lookOf(name, fewer))).size === 1 ? fewer : left;
      }, overlooked);
      return { names: group, differ: needed.map(({ what }) => what).join(" and ") };
    });
}
