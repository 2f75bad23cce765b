// How much memory the reading of a table may take, and who has taken how much of it.
import { totalmem } from "node:os";
import { constrainedMemory } from "node:process";
import { getHeapStatistics } from "node:v8";
import { CliError, tableTexts } from "../errors.ts";

const megabyte = 1024 * 1024;
/** Less would not hold what DuckDB takes for its buffers beside a table. */
export const leastBytes = 256 * megabyte;
/** An object of the engine around each text, its places in a list, a set and a map, and its number. */
const bytesPerText = 160;

/** Half of the memory of the machine, or of the part of it that a container may use. */
export function defaultMemory(): number {
  // Without a limit this is 0, undefined, or more than any machine has.
  const limit = constrainedMemory() || Number.POSITIVE_INFINITY;
  return Math.max(leastBytes, Math.floor(Math.min(totalmem(), limit) / 2));
}

/** The bytes that "4GB", "512 MB" or "1.5g" mean, a thousand being 1024; null for no size, or one that is too small. */
export function parseMemory(text: string): number | null {
  const parts = /^(\d+(?:\.\d+)?)\s*([kmgt])i?b?$/i.exec(text.trim());
  const bytes = parts === null ? 0 : Number(parts[1]) * 1024 ** ("kmgt".indexOf(parts[2]!.toLowerCase()) + 1);
  return bytes >= leastBytes ? Math.min(Math.floor(bytes), Number.MAX_SAFE_INTEGER) : null;
}

/** A number of bytes as 512 MB or 1.5 GB. */
export function formatMemory(bytes: number): string {
  const [unit, name] = bytes < 1024 * megabyte ? [megabyte, "MB"] : [1024 * megabyte, "GB"];
  return `${(bytes / unit).toLocaleString("en", { maximumFractionDigits: bytes < 100 * unit ? 1 : 0 })} ${name}`;
}

/** Counts what a table takes before it is taken. A quarter of the limit, from 128 MB to 2 GB, belongs to DuckDB. */
export class Budget {
  readonly limit: number;
  /** What DuckDB may take. */
  readonly engine: number;
  readonly #path: string;
  #taken = 0;
  #texts = 0;
  #textBytes = 0;

  constructor(path: string, limit: number) {
    this.#path = path;
    this.limit = limit;
    this.engine = Math.min(Math.max(limit / 4, 128 * megabyte), 2048 * megabyte);
  }

  /** Takes memory for so many rows; `columns` are those of the table, for the message. */
  takeRows(rows: number, bytesPerRow: number, columns: number): void {
    const needed = this.#needed(rows, bytesPerRow);
    if (needed > this.limit) throw this.#tooLarge(rows.toLocaleString("en"), columns, `${formatMemory(needed)}, more`);
    this.#taken += rows * bytesPerRow;
  }

  giveBack(bytes: number): void {
    this.#taken -= bytes;
  }

  /** Whether so many rows would fit, before all are counted. */
  checkRows(rows: number, bytesPerRow: number, columns: number): void {
    if (this.#needed(rows, bytesPerRow) <= this.limit) return;
    throw this.#tooLarge(`more than ${(rows - 1).toLocaleString("en")}`, columns, "more");
  }

  #needed(rows: number, bytesPerRow: number): number {
    return this.engine + this.#taken + rows * bytesPerRow;
  }

  #tooLarge(rows: string, columns: number, needed: string): CliError {
    return new CliError(tableTexts.tooLarge(this.#path, rows, columns, needed, formatMemory(this.limit)));
  }

  /** Takes memory for one more text; the engine's own heap is smaller than the memory. */
  takeText(length: number): void {
    this.#texts++;
    this.#textBytes += 2 * length + bytesPerText;
    const room = Math.min(this.limit - this.engine - this.#taken, getHeapLimit() / 2);
    if (this.#textBytes > room) {
      throw new CliError(tableTexts.tooManyTexts(this.#path, this.#texts - 1, formatMemory(Math.max(room, 0))));
    }
  }

  /** The error for what DuckDB could not fit. */
  engineFull(): CliError {
    return new CliError(tableTexts.outOfMemory(this.#path, formatMemory(this.limit)));
  }
}

let heapLimit = 0;
function getHeapLimit(): number {
  heapLimit ||= getHeapStatistics().heap_size_limit;
  return heapLimit;
}
