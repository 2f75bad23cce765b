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
  /** The encoding of the text. */
  readonly encoding: string;
  /** Whether the text begins with a byte-order mark. */
  readonly marked: boolean;
}

const binary = { gzip: false, text: "", whole: false, encoding: "utf-8", marked: false } as const;

/**
 * Looks at a file's first bytes; every file that cannot hold a table is refused here, with the way out.
 *
 * @param asked the encoding, where the caller knows it
 */
export async function readHead(file: WatchedFile, asked?: string): Promise<Head> {
  const { path } = file;
  if (file.size === 0) throw new CliError(tableTexts.emptyFile(path));
  const raw = await file.head();
  if (startsWith(raw, [0x50, 0x41, 0x52, 0x31])) return { format: "parquet", ...binary };
  if (startsWith(raw, [0x50, 0x4b, 0x03, 0x04])) throw new CliError(tableTexts.archive(path));
  const gzip = startsWith(raw, [0x1f, 0x8b]);
  const bytes = gzip ? await unzippedHead(file) : raw;
  if (bytes.length === 0) throw new CliError(tableTexts.emptyFile(path));
  const whole = gzip ? bytes.length < headBytes : raw.length === file.size;
  const encoding = marks.find(({ bytes: mark }) => startsWith(bytes, mark))?.encoding ?? asked ?? "utf-8";
  const marked = marks.some(({ bytes: mark }) => startsWith(bytes, mark));
  const text = decode(bytes, { whole, path, encoding });
  if (text.trim() === "") throw new CliError(tableTexts.emptyFile(path));
  return { format: isJson(path, text) ? "json" : "delimited", gzip, text, whole, encoding, marked };
}

const marks = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: "utf-8" },
  { bytes: [0xff, 0xfe], encoding: "utf-16le" },
  { bytes: [0xfe, 0xff], encoding: "utf-16be" },
] as const;

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

interface Decoding {
  readonly whole: boolean;
  readonly path: string;
  readonly encoding: string;
}

function decode(bytes: Uint8Array, { whole, path, encoding }: Decoding): string {
  if (encoding === "utf-8" && bytes.includes(0)) {
    const wide = wideEncoding(bytes);
    if (wide === null) throw new CliError(tableTexts.binary(path));
    throw new CliError(tableTexts.utf16(path, wide));
  }
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: !whole });
  } catch {
    if (encoding !== "utf-8")
      throw new CliError(tableTexts.notInEncoding(path, firstBadLine(bytes, encoding), encoding));
    const shown = new TextDecoder("utf-8").decode(bytes).slice(0, 4096);
    const odd = [...shown].filter((letter) => letter < "\t" || letter === "\ufffd").length;
    if (odd > shown.length / 5) throw new CliError(tableTexts.binary(path));
    throw new CliError(tableTexts.notUtf8(path, firstBadLine(bytes)));
  }
}

/** UTF-16 where every other byte of the first hundreds is 0, as Latin letters have it; null where that is not so. */
function wideEncoding(bytes: Uint8Array): string | null {
  const first = bytes.subarray(0, 512);
  const zeros = [0, 1].map((from) => first.filter((byte, k) => k % 2 === from && byte === 0).length);
  if (zeros[1]! > first.length * 0.35 && zeros[0] === 0) return "utf-16le";
  return zeros[0]! > first.length * 0.35 && zeros[1] === 0 ? "utf-16be" : null;
}

/** The line of the first bytes that are not what they should be, counted from 1. */
export function firstBadLine(bytes: Uint8Array, encoding = "utf-8"): number {
  if (encoding.startsWith("utf-16")) return 1; // its line ends are two bytes
  let line = 1;
  let from = 0;
  const decoder = new TextDecoder(encoding, { fatal: true });
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
  return /^\s*(\{|\[\s*[{[])/.test(text);
}
