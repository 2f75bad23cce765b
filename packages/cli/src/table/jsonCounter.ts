// Counting the records of JSON, byte by byte, and finding what DuckDB must not be given: nesting without end.
import { detailTexts } from "../errors.ts";

/** Deeper nesting is refused, since parsers that call themselves for each level run out of stack. */
export const deepestNesting = 500;

const lineFeed = 10;
const quote = 34;
const comma = 44;
const colon = 58;
const openBracket = 91;
const backslash = 92;
const openBrace = 123;
const closeBrace = 125;
const closeBracket = 93;

/** The bytes outside of strings that matter inside of a record. */
const telling = new Uint8Array(256);
for (const byte of [lineFeed, quote, colon, openBracket, openBrace, closeBrace, closeBracket]) telling[byte] = 1;

function passValues(block: Buffer, from: number): number {
  let i = from;
  while (i < block.length && telling[block[i]!] === 0) i++;
  return i;
}

/** Counts the values of a list, or those that stand one after the other. What is wrong inside them DuckDB tells. */
export class JsonCounter {
  /** Records so far. */
  records = 0;
  /** Whether a record has the key "". */
  emptyKey = false;
  /** The line on which the nesting becomes too deep, or null. */
  tooDeep: number | null = null;
  /** Whether byte-order marks may stand between records. */
  marks = false;
  #line = 1;
  #depth = 0;
  #string: "no" | "inside" | "escape" = "no";
  /** Whether letters of the string stood in a block before this. */
  #stringBegun = false;
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

  /** Takes the next bytes, as far as the nesting is not too deep. */
  push(block: Buffer): void {
    let i = this.#first && block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf ? 3 : 0;
    this.#first = false;
    while (i < block.length && this.tooDeep === null) {
      if (this.#string !== "no") i = this.#passString(block, i);
      else {
        // Most of what is no string stands inside of a record and is of no interest.
        if (this.#depth > this.#base && !this.#empty) i = passValues(block, i);
        if (i < block.length) this.#take(block[i++]!);
      }
    }
  }

  /** Passes the rest of a string as far as it is in this block; the place of the byte behind it. */
  #passString(block: Buffer, from: number): number {
    let i = from;
    if (this.#string === "escape") {
      this.#string = "inside";
      i++;
    }
    for (; i < block.length; i++) {
      const byte = block[i]!;
      if (byte === quote) {
        this.#string = "no";
        this.#empty = i === from && !this.#stringBegun && this.#depth === this.#base + 1;
        return i + 1;
      }
      if (byte === backslash) {
        if (i + 1 === block.length) this.#string = "escape";
        i++;
      } else if (byte === lineFeed) this.#line++;
    }
    this.#stringBegun = true;
    return i;
  }

  /** What is wrong with the whole, or null: DuckDB might take the end of what it can read for the end of the file. */
  complaint(): string | null {
    if (this.#surplus) return detailTexts.afterTheList();
    if (this.#string !== "no" || this.#depth > 0) return detailTexts.endOfData();
    return null;
  }

  #take(byte: number): void {
    if (byte <= 32) {
      if (byte === lineFeed) this.#line++;
      this.#scalar = false;
      return;
    }
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
    if (!nested && (byte === 0xef || byte === 0xbb || byte === 0xbf)) {
      this.marks = true;
      return;
    }
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
        this.#stringBegun = false;
      }
    }
  }
}
