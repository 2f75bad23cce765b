// Names and texts of the user in a sentence: in quotes, short, and told apart from the words around them.
import { unseen, visibleLine } from "./visible.ts";

/** Shows text from a table or the command line in a message: quoted, short, without what would act when shown. */
export function quoted(text: string): string {
  return visibleLine(JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text));
}

/** A name at the start of a note: as it is where it can be told from the words around it, else quoted. */
export function plainName(name: string): string {
  return /(^|[\s(=])['"]|^\s|\s$/.test(name) || unseen.test(name) ? quoted(name) : name;
}

/** The first few of some names in a message, and how many more there are. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 5).map(quoted).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
