// A file that must stay as it is while it is read: looked at before and after, by its attributes and by its bytes.
import { type FileHandle, open, stat } from "node:fs/promises";
import { crc32, createGunzip } from "node:zlib";
import { pipedBytes, removePassing, writePassing } from "../disk/passing.ts";
import { CliError, detailTexts, tableTexts } from "../errors.ts";

/** How much of a file is looked at to find its kind, its delimiter and its column names. */
export const headBytes = 4 * 1024 * 1024;
/** A pass takes blocks of this size; the head is a whole number of them. */
const blockBytes = 1024 * 1024;

/**
 * An open file. Whoever reads a table looks at its file several times, and so does DuckDB, which opens it by its path:
 * all of them must have seen the same. Attributes tell most changes, but a clock that is too coarse hides some, and
 * writing through mapped memory others; therefore every pass over the bytes must give the same checksum, too.
 */
export class WatchedFile {
  /** What it is called in messages. */
  readonly path: string;
  /** Where it stands. */
  readonly place: string;
  readonly size: number;
  readonly #handle: FileHandle;
  readonly #attributes: string;
  #head: { readonly length: number; readonly checksum: number } | null = null;
  #checksum: number | null = null;

  readonly #passes: boolean;

  private constructor(path: string, place: string, handle: FileHandle, attributes: Attributes) {
    this.path = path;
    this.place = place;
    this.size = attributes.size;
    this.#handle = handle;
    this.#attributes = attributes.text;
    this.#passes = path !== place;
  }

  /**
   * Opens a table; `-` is standard input. What comes through a pipe is written into a temporary file first.
   *
   * @throws CliError if there is none, if it cannot be read, or if it is neither a plain file nor a pipe
   */
  static async open(path: string): Promise<WatchedFile> {
    if (path === "-") return WatchedFile.made(standardInput, pipedBytes(null));
    const attributes = await attributesOf(path);
    if (attributes.piped) return WatchedFile.made(path, pipedBytes(path));
    const handle = await open(path).catch(() => {
      throw new CliError(tableTexts.noPermission(path));
    });
    return new WatchedFile(path, path, handle, attributes);
  }

  /** A temporary file of these bytes, called as the file that they were made of; it is gone once it is closed. */
  static async made(path: string, bytes: AsyncIterable<Uint8Array | string>): Promise<WatchedFile> {
    const place = await writePassing(bytes);
    return new WatchedFile(path, place, await open(place), await attributesOf(place));
  }

  /** The first bytes, at most `headBytes`. */
  async head(): Promise<Buffer> {
    const head = Buffer.allocUnsafe(Math.min(headBytes, this.size));
    const length = await this.#fill(head, 0);
    this.#head = { length, checksum: crc32(head.subarray(0, length)) };
    return head.subarray(0, length);
  }

  /** All bytes; a block is good until the next one is asked for, unless `kept`. */
  async *blocks(kept = false): AsyncGenerator<Buffer> {
    let block = Buffer.allocUnsafe(Math.max(1, Math.min(blockBytes, this.size)));
    let position = 0;
    let checksum = 0;
    for (;;) {
      const length = await this.#fill(block, position);
      if (length === 0) break;
      const part = block.subarray(0, length);
      checksum = crc32(part, checksum);
      position += length;
      if (position === this.#head?.length && checksum !== this.#head.checksum) throw this.#changed();
      if (position > this.size) throw this.#changed();
      yield part;
      if (kept) block = Buffer.allocUnsafe(block.length);
    }
    if (position !== this.size) throw this.#changed();
    this.#checksum ??= checksum;
    if (checksum !== this.#checksum) throw this.#changed();
  }

  /** All bytes of the text, unzipped if the file is gzipped; damage to a gzip file is an error, up to its checksum. */
  async *text(gzip: boolean): AsyncGenerator<Buffer> {
    if (!gzip) {
      yield* this.blocks();
      return;
    }
    const output = createGunzip({ chunkSize: blockBytes / 4 });
    const feeding = this.#feed(output);
    try {
      yield* output as AsyncIterable<Buffer>;
    } catch (error) {
      await feeding;
      throw error instanceof CliError
        ? error
        : new CliError(tableTexts.unreadable(this.path, detailTexts.damagedGzip()));
    } finally {
      output.destroy();
    }
    await feeding;
  }

  /** @throws CliError if the file is not what it was when it was opened and first read */
  async verify(): Promise<void> {
    if (await this.#looksChanged()) throw this.#changed();
    for await (const _ of this.blocks());
    if (await this.#looksChanged()) throw this.#changed();
  }

  async close(): Promise<void> {
    await this.#handle.close();
    if (this.#passes) await removePassing(this.place);
  }

  async #looksChanged(): Promise<boolean> {
    const now = await attributesOf(this.place).catch(() => null);
    return now?.text !== this.#attributes;
  }

  #changed(): CliError {
    return new CliError(tableTexts.changed(this.path));
  }

  async #fill(block: Buffer, position: number): Promise<number> {
    let filled = 0;
    while (filled < block.length) {
      const { bytesRead } = await this.#handle
        .read(block, filled, block.length - filled, position + filled)
        .catch((error: NodeJS.ErrnoException) => {
          throw new CliError(tableTexts.unreadable(this.path, error.code ?? detailTexts.diskFailed()));
        });
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled;
  }

  /** Writes all bytes into a stream and waits where it is full; an error goes through the stream. */
  async #feed(output: NodeJS.WritableStream & { destroy(error?: Error): void; destroyed: boolean }): Promise<void> {
    try {
      for await (const block of this.blocks(true)) {
        if (output.destroyed) return;
        await new Promise<void>((resolve) => {
          const done = () => {
            output.off("close", done);
            resolve();
          };
          output.once("close", done);
          output.write(block, done);
        });
      }
      output.end();
    } catch (error) {
      output.destroy(error as Error);
    }
  }
}

/** What standard input is called in messages. */
const standardInput = "standard input";

interface Attributes {
  readonly text: string;
  readonly size: number;
  /** Whether its bytes come once, from another program. */
  readonly piped: boolean;
}

/** What tells one state of a file from another without reading it. */
async function attributesOf(path: string): Promise<Attributes> {
  const found = await stat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    throw new CliError(error.code === "EACCES" ? tableTexts.noPermission(path) : tableTexts.noSuchFile(path));
  });
  if (found.isDirectory()) throw new CliError(tableTexts.notAFile(path));
  const piped = found.isFIFO() || found.isSocket();
  if (!found.isFile() && !piped) throw new CliError(tableTexts.notPlain(path));
  const text = [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(" ");
  return { text, size: Number(found.size), piped };
}
