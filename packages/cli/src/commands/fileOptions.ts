// The flags that say how a file is written: its delimiter, its line of names, what stands above it, its encoding.
import { type Command, InvalidArgumentError } from "commander";
import { valueTexts } from "../errors.ts";
import { delimiterWords, encodingNamed, type FileOptions } from "../table/fileOptions.ts";
import { wholeNumber } from "./values.ts";

export type { FileOptions } from "../table/fileOptions.ts";

/** What the flags hold. */
export interface FileFlags {
  readonly delimiter?: string;
  readonly header?: boolean;
  readonly skip?: number;
  readonly encoding?: string;
}

/** Adds the flags to a command that reads a table. */
export function fileFlags(command: Command): Command {
  return command
    .option("--delimiter <letter>", "what parts the values of a text; also tab, or space for runs of blanks", delimiter)
    .option("--header", "the first line holds the names of the columns, whatever it looks like")
    .option("--no-header", 'no line holds names: columns are called "column 1", "column 2"')
    .option("--skip <lines>", "how many lines stand above the names", wholeNumber({ least: 0 }))
    .option("--encoding <name>", "of a text that is not UTF-8: windows-1252, utf-16le", encoding);
}

/** What the flags ask for. */
export function fileOptionsOf({ delimiter, header, skip, encoding }: FileFlags): FileOptions {
  return { delimiter, header, skip, encoding };
}

function delimiter(text: string): string {
  const word = Object.hasOwn(delimiterWords, text.toLowerCase()) ? delimiterWords[text.toLowerCase()]! : text;
  if ([...word].length === 1 && !/["\r\n]/.test(word)) return word;
  const code = /^\\x([0-9a-f]{2})$/i.exec(word)?.[1];
  if (code !== undefined && !["22", "0a", "0d", "00"].includes(code.toLowerCase())) {
    return String.fromCharCode(Number.parseInt(code, 16));
  }
  throw new InvalidArgumentError(valueTexts.delimiter());
}

function encoding(text: string): string {
  const known = encodingNamed(text);
  if (known === null) throw new InvalidArgumentError(valueTexts.encoding());
  return known;
}
