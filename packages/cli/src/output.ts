// Standard output or error: a reader that has gone is no fault, a full disk is one that is told at the end.
import type { Writable } from "node:stream";

/** A stream of the process that takes texts until it fails. */
export class Output {
  /** Why it could not be written, such as a full disk; null where it could, or where nobody reads it any more. */
  failure: Error | null = null;
  #open = true;

  constructor(private readonly stream: Writable) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (this.#open && !goneReader.has(error.code ?? "")) this.failure = error;
      this.#open = false;
    });
  }

  /** Prints a text; after a failure nothing more. */
  write(text: string): void {
    if (this.#open && text !== "") this.stream.write(text);
  }

  /** Waits until all is printed, or cannot be. */
  written(): Promise<void> {
    return new Promise((resolve) => {
      if (!this.#open) return resolve();
      this.stream.once("error", () => resolve());
      this.stream.write("", () => setImmediate(resolve)); // an error is told to listeners just after
    });
  }
}

/** A pipe whose reader has ended, as of `| head -1`, and a terminal that was closed. */
const goneReader: ReadonlySet<string> = new Set(["EPIPE", "ECONNRESET", "EIO", "EOF"]);
