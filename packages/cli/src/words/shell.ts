// Words for a command line that is shown: pasted into a shell they are the names they stand for, and run nothing.
import { unseen } from "./visible.ts";

/**
 * A word as a POSIX shell takes it: plain where it is plain, else in single quotes. What a terminal would obey instead
 * of showing, such as an escape code, is made by `printf`, so that a command is always one line of visible text.
 */
export function shellWord(word: string): string {
  if (/^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word)) return word;
  const whole = word.replace(/\n+$/, "");
  // `$(printf ...)` loses line ends at its end: a letter follows them, and at a word's end comes what IFS ends with.
  const parts = whole.split(unseenParts).map((part, k) => (k % 2 === 1 ? printed(part) : inQuotes(part)));
  return parts.join("") + lineEnd.repeat(word.length - whole.length) || "''";
}

/** What {@link shellWord} makes of a word that is not plain, to be found in a text. */
export const shellQuotation =
  /(?:'[^']*'|"\$\(printf '[\\0-7]*'\)"|"\$\{IFS#\?\?\}")(?:'[^']*'|\\'|"\$\(printf '[\\0-7]*'\)"|"\$\{IFS#\?\?\}")*/;

/** A path as a shell and a command take it: one that begins with a minus sign would be taken for a flag. */
export function pathWord(path: string): string {
  return shellWord(path.startsWith("-") ? `./${path}` : path);
}

/** Names as a flag takes several, `list` in commands/values.ts reads them: `'"a,b",c'`. */
export function listWord(names: readonly string[]): string {
  const quotedName = (name: string) => (/[,"]|^\s|\s$/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
  return shellWord(names.map(quotedName).join(","));
}

/** The command that predicts a table with a saved model. */
export function predictCommand(model: string): string {
  return `surprisal predict ${pathWord(model)} NEW_TABLE`;
}

const lineEnd = `"\${IFS#??}"`;
const unseenParts = new RegExp(`((?:${unseen.source})+(?:(?<=\\n)[^])?)`, "u");

function inQuotes(text: string): string {
  return text === "" ? "" : `'${text.replaceAll("'", "'\\''")}'`;
}

const utf8 = new TextEncoder();

function printed(text: string): string {
  const bytes = Array.from(utf8.encode(text), (byte) => `\\${byte.toString(8).padStart(3, "0")}`);
  return `"$(printf '${bytes.join("")}')"`;
}
