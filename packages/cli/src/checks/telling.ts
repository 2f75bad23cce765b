// How notes are told: the heaviest first, those of one kind in one line, each with the number of its check.
import { anyColumn, type Note, type Subject, type Weight } from "../notes.ts";
import { plainName } from "../words/quoted.ts";
import { checks } from "./catalogue.ts";

/** A note as the JSON has it. */
export interface Told {
  /** The stable number of its check, on the page docs/checks.md. */
  readonly code: string;
  readonly about: Subject;
  readonly weight: Weight;
  readonly text: string;
  /** The column that it is of, where it is of one. */
  readonly column?: string;
  /** The text with `COLUMN` for the column's name. */
  readonly pattern?: string;
  /** Whether `--ignore` silences it. */
  readonly ignored?: true;
}

/** Notes with their numbers; those that are ignored are marked, and none is left out. */
export function toldOf(notes: readonly Note[], ignore: readonly string[] = []): readonly Told[] {
  return notes.map(({ code, about, weight, text, column, pattern }) => {
    const { number } = checks[code];
    return {
      code: number,
      about,
      weight,
      text,
      ...(column !== undefined && { column }),
      ...(pattern !== undefined && { pattern }),
      ...(ignore.includes(number) && { ignored: true as const }),
    };
  });
}

/** A line for the notes of one check. */
export type Line = Pick<Told, "code" | "about" | "weight" | "text">;

const heaviness: readonly Weight[] = ["warning", "notice", "detail"];

/** The lines of notes without those that are ignored. */
export function heardOf(notes: readonly Note[], ignore: readonly string[] = []): readonly Line[] {
  return linesOf(toldOf(notes, ignore).filter(({ ignored }) => ignored !== true));
}

/** The lines of notes: the heaviest first, else in the order of the notes. */
export function linesOf(notes: readonly Told[]): readonly Line[] {
  const kinds = new Map<string, Told[]>();
  for (const note of notes) kinds.set(note.code, [...(kinds.get(note.code) ?? []), note]);
  return [...kinds.values()]
    .map((kind) => ({ ...kind[0], text: textOf(kind) }))
    .map(({ code, about, weight, text }) => ({ code, about, weight, text }))
    .sort((a, b) => heaviness.indexOf(a.weight) - heaviness.indexOf(b.weight));
}

/** The most names and texts that are told in one line. */
const most = { names: 12, texts: 3 } as const;

function textOf(notes: readonly Told[]): string {
  const [first, ...others] = notes;
  const columns = [...new Set(notes.flatMap(({ column }) => column ?? []))];
  const texts = [...new Set(notes.map(({ text }) => text))];
  if (others.length === 0 || columns.length <= 1) return joined(texts, most.texts, " · ");
  const names = columns.map(plainName);
  // A verb would have to change its number; behind a colon there is none.
  const start = `${anyColumn}: `;
  if (first.pattern?.startsWith(start) && notes.every(({ pattern }) => pattern === first.pattern)) {
    return `${joined(names, most.names, ", ")}: ${first.pattern.slice(start.length)}`;
  }
  return `${first.text}; also ${joined(names.slice(1), most.names, ", ")}`;
}

/** The first few texts, and how many more there are. */
function joined(texts: readonly string[], mostTexts: number, between: string): string {
  const more = texts.length - mostTexts;
  return texts.slice(0, mostTexts).join(between) + (more > 0 ? ` and ${more} more` : "");
}
