// The text of a file, decoded block by block; bytes that are none in its encoding are told with their line.
import { CliError, tableTexts } from "../errors.ts";
import { checkedText } from "./census.ts";
import type { Head } from "./head.ts";
import { lineBreaks } from "./records.ts";
import type { WatchedFile } from "./watchedFile.ts";

/** How the bytes of a text become letters. */
export type Coding = Pick<Head, "gzip" | "encoding">;

/** All of the text, without the mark at its beginning. */
export async function* decodedText(file: WatchedFile, { gzip, encoding }: Coding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let line = 1;
  const decode = (block?: Uint8Array): string => {
    try {
      return block === undefined ? decoder.decode() : decoder.decode(block, { stream: true });
    } catch {
      const shown = block === undefined ? "" : new TextDecoder(encoding).decode(block);
      const bad = shown.indexOf("\ufffd");
      const below = bad === -1 ? 0 : lineBreaks(shown.slice(0, bad));
      throw new CliError(tableTexts.notInEncoding(file.path, line + below, encoding));
    }
  };
  for await (const block of encoding === "utf-8" ? checkedText(file, gzip) : file.text(gzip)) {
    const text = decode(block);
    if (encoding !== "utf-8") {
      if (text.includes("\0")) throw new CliError(tableTexts.binary(file.path));
      line += lineBreaks(text);
    }
    yield text;
  }
  yield decode();
}

/** The file as UTF-8, without the marks that joining JSON files has left between their values. */
export async function* unmarked(file: WatchedFile, coding: Coding): AsyncGenerator<Buffer> {
  let before = "";
  for await (const text of decodedText(file, coding)) {
    const joined = (before + text).replace(/(^|[\]}\s])\ufeff(?=\s*[[{])/g, "$1");
    // A mark, and what stands before it, are looked at together, and a letter of two halves is not cut.
    const kept = joined.length - (/[\ud800-\udbff]$/.test(joined.slice(0, -2)) ? 3 : 2);
    before = joined.slice(Math.max(0, kept));
    yield Buffer.from(joined.slice(0, Math.max(0, kept)));
  }
  yield Buffer.from(before);
}
