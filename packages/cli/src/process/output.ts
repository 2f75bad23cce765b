// Standard output or error: a reader that has gone is no fault, a full disk is one that is told at the end.
import type { Writable } from "node:stream";

/** A stream of the process that takes texts until it fails. */
export class Output {
  /** Why it could not be written, such as a full disk; null where it could, or where nobody reads it any more. */
  failure: Error | null = null;
  #open = true;
  /** Resolved once the last text is printed, or cannot be. */
  #last: Promise<void> = Promise.resolve();

  constructor(private readonly stream: Writable) {
    stream.on("error", (error) => this.#close(error));
  }

  /** Prints a text; after a failure nothing more. */
  write(text: string): void {
    if (!this.#open || text === "") return;
    this.#last = new Promise((resolve) => {
      this.stream.write(text, (error) => {
        if (error) this.#close(error);
        resolve();
      });
    });
  }

  /** Waits until all is printed, or cannot be. */
  written(): Promise<void> {
    return this.#last;
  }

  #close(error: NodeJS.ErrnoException): void {
    if (this.#open && !goneReader.has(error.code ?? "")) this.failure = error;
    this.#open = false;
  }
}

/** A pipe whose reader has ended, as of `| head -1`, and a terminal that was closed. */
const goneReader: ReadonlySet<string> = new Set(["EPIPE", "ECONNRESET", "EIO", "EOF"]);
