// What a caller may say of a file that its bytes do not tell, or tell wrongly.
import { basename } from "node:path";

export interface FileOptions {
  /** What parts values in a delimited text: one letter; " " means runs of blanks. */
  readonly delimiter?: string | undefined;
  /** Whether the first line holds the names of the columns; if left out, its cells say so. */
  readonly header?: boolean | undefined;
  /** How many lines stand above the names; if left out, titles and comments are found. */
  readonly skip?: number | undefined;
  /** The encoding of a text, a name that `TextDecoder` knows; UTF-8 if left out, UTF-16 where a mark says so. */
  readonly encoding?: string | undefined;
}

/** The words that stand for a delimiter which is hard to write. */
export const delimiterWords: Readonly<Record<string, string>> = {
  tab: "\t",
  "\\t": "\t",
  space: " ",
  blanks: " ",
  comma: ",",
  semicolon: ";",
  pipe: "|",
};

/** The name by which `TextDecoder` knows an encoding, also as other programs call it; null if it knows none. */
export function encodingNamed(name: string): string | null {
  const plain = name.trim().toLowerCase().replaceAll("_", "-");
  const known = {
    "latin-1": "latin1",
    utf16: "utf-16",
    "utf-8-sig": "utf-8",
    "mac-roman": "macintosh",
    ansi: "cp1252",
  };
  for (const each of [plain, known[plain as keyof typeof known] ?? plain, plain.replaceAll("-", "")]) {
    try {
      return new TextDecoder(each).encoding;
    } catch {
      // The next spelling.
    }
  }
  return null;
}

/** What outputs are called after: the name of the table's file; a pipe has none. */
export function outputName(path: string): string {
  if (/^(-|\/dev\/(stdin|fd\/\d+)|\/proc\/(self|\d+)\/fd\/\d+)$/.test(path)) return "stdin";
  return basename(path);
}
