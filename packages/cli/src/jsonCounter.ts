// Counting the records of JSON, byte by byte, and finding what DuckDB must not be given: nesting without end.

/** Deeper nesting is refused, since parsers that call themselves for each level run out of stack. */
export const deepestNesting = 500;

const lineFeed = 10;
const quote = 34;
const backslash = 92;
const openBrace = 123;
const closeBrace = 125;
const openBracket = 91;
const closeBracket = 93;
const comma = 44;
const colon = 58;

/** Counts the values of a list, or those that stand one after the other. What is wrong inside them DuckDB tells. */
export class JsonCounter {
  /** Records so far. */
  records = 0;
  /** Whether a record has the key "". */
  emptyKey = false;
  /** The line on which the nesting becomes too deep, or null. */
  tooDeep: number | null = null;
  #line = 1;
  #depth = 0;
  #string: "no" | "inside" | "escape" = "no";
  #stringLength = 0;
  /** Whether the string before this byte is empty and may be a key of a record. */
  #empty = false;
  /** Whether a number, a word or a string that stands for a record has begun. */
  #scalar = false;
  #form: "unknown" | "list" | "list ended" | "values" = "unknown";
  #first = true;
  #surplus = false;

  /** The depth at which records stand. */
  get #base(): number {
    return this.#form === "list" ? 1 : 0;
  }

  push(block: Buffer): void {
    const mark = this.#first && block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf ? 3 : 0;
    this.#first = false;
    for (let i = mark; i < block.length; i++) {
      const byte = block[i]!;
      if (this.#string !== "no") {
        if (this.#string === "escape") this.#string = "inside";
        else if (byte === backslash) this.#string = "escape";
        else if (byte === quote) {
          this.#string = "no";
          this.#empty = this.#stringLength === 0 && this.#depth === this.#base + 1;
          continue;
        } else {
          // Most bytes of JSON stand in strings.
          let last = i;
          while (last + 1 < block.length && block[last + 1] !== quote && block[last + 1] !== backslash) last++;
          for (let at = i; at <= last; at++) if (block[at] === lineFeed) this.#line++;
          i = last;
        }
        this.#stringLength++;
        continue;
      }
      if (byte <= 32) {
        if (byte === lineFeed) this.#line++;
        this.#scalar = false;
        continue;
      }
      this.#take(byte);
      if (this.tooDeep !== null) return;
    }
  }

  /** What is wrong with the whole, or null: DuckDB might take the end of what it understands for the end of the file. */
  complaint(): string | null {
    if (this.#surplus) return "something follows the end of the list";
    if (this.#string !== "no" || this.#depth > 0) return "unexpected end of data";
    return null;
  }

  #take(byte: number): void {
    if (this.#empty && byte === colon) this.emptyKey = true;
    this.#empty = false;
    if (this.#form === "unknown") {
      this.#form = byte === openBracket ? "list" : "values";
      if (byte === openBracket) {
        this.#depth = 1;
        return;
      }
    }
    if (this.#form === "list ended") this.#surplus = true;
    const nested = this.#depth > this.#base;
    if (byte === openBrace || byte === openBracket) {
      if (!nested) this.records++;
      this.#scalar = false;
      if (++this.#depth > deepestNesting) this.tooDeep = this.#line;
    } else if (byte === closeBrace || byte === closeBracket) {
      this.#scalar = false;
      if (--this.#depth === 0 && this.#form === "list") this.#form = "list ended";
    } else if (byte === comma) this.#scalar = false;
    else {
      if (!nested && !this.#scalar) {
        this.records++;
        this.#scalar = true;
      }
      if (byte === quote) {
        this.#string = "inside";
        this.#stringLength = 0;
      }
    }
  }
}
