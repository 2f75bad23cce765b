// The first bytes of a file: what kind of table it is, before anything reads it in full.
import { CliError, tableTexts } from "../errors.ts";
import { headBytes, type WatchedFile } from "./watchedFile.ts";

export interface Head {
  readonly format: "parquet" | "json" | "delimited";
  readonly gzip: boolean;
  /** The beginning of the text, decoded and without its byte-order mark; empty for Parquet. */
  readonly text: string;
  /** Whether `text` is all of the file. */
  readonly whole: boolean;
}

/** Looks at a file's first bytes; every file that cannot hold a table is refused here, with the way out. */
export async function readHead(file: WatchedFile): Promise<Head> {
  const { path } = file;
  if (file.size === 0) throw new CliError(tableTexts.emptyFile(path));
  const raw = await file.head();
  if (startsWith(raw, [0x50, 0x41, 0x52, 0x31])) return { format: "parquet", gzip: false, text: "", whole: false };
  if (startsWith(raw, [0x50, 0x4b, 0x03, 0x04])) throw new CliError(tableTexts.archive(path));
  const gzip = startsWith(raw, [0x1f, 0x8b]);
  const bytes = gzip ? await unzippedHead(file) : raw;
  if (bytes.length === 0) throw new CliError(tableTexts.emptyFile(path));
  const whole = gzip ? bytes.length < headBytes : raw.length === file.size;
  const text = decode(bytes, whole, path);
  if (text.trim() === "") throw new CliError(tableTexts.emptyFile(path));
  return { format: isJson(path, text) ? "json" : "delimited", gzip, text, whole };
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

async function unzippedHead(file: WatchedFile): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of file.text(true)) {
    parts.push(part);
    length += part.length;
    if (length >= headBytes) break;
  }
  return Buffer.concat(parts).subarray(0, headBytes);
}

function decode(bytes: Uint8Array, whole: boolean, path: string): string {
  if (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])) throw new CliError(tableTexts.utf16(path));
  if (bytes.includes(0)) throw new CliError(tableTexts.binary(path));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: !whole });
  } catch {
    const shown = new TextDecoder("utf-8").decode(bytes).slice(0, 4096);
    const odd = [...shown].filter((letter) => letter < "\t" || letter === "\ufffd").length;
    if (odd > shown.length / 5) throw new CliError(tableTexts.binary(path));
    throw new CliError(tableTexts.notUtf8(path, firstBadLine(bytes)));
  }
}

/** The line of the first bytes that are no UTF-8, counted from 1. */
export function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  let from = 0;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  while (from < bytes.length) {
    const end = bytes.indexOf(10, from);
    const to = end === -1 ? bytes.length : end;
    try {
      decoder.decode(bytes.subarray(from, to));
    } catch {
      return line;
    }
    line++;
    from = to + 1;
  }
  return line;
}

function isJson(path: string, text: string): boolean {
  const name = path.toLowerCase().replace(/\.gz$/, "");
  if (/\.(json|jsonl|ndjson)$/.test(name)) return true;
  if (/\.(csv|tsv|txt|tab)$/.test(name)) return false;
  return /^\s*(\[\s*)?\{/.test(text);
}
