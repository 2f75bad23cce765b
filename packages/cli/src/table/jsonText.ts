// The text of JSON, walked without being taken apart: where values begin and end, so that each is kept as written.
import { detailTexts } from "../errors.ts";

/** Larger texts are not walked. */
export const longestJson = 500 * 1024 * 1024;

/** A value by its place. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A member of an object. */
export interface Member extends Span {
  readonly key: string;
}

/** What stands where something else was expected. */
class Mistake extends Error {
  constructor(
    readonly at: number,
    readonly expected: string,
  ) {
    super();
  }
}

const plain = /-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|nan|inf(?:inity)?)|true|false|null/iy;
const blanks = /[ \t\r\n]*/y;

export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Where the next thing begins. */
  skip(at: number): number {
    blanks.lastIndex = at;
    blanks.test(this.text);
    return blanks.lastIndex;
  }

  raw({ from, to }: Span): string {
    return this.text.slice(from, to);
  }

  /** The members of the object that begins at a place. */
  members(from: number): readonly Member[] {
    const found: Member[] = [];
    this.#object(from, (key, span) => found.push({ key: JSON.parse(this.raw(key)) as string, ...span }));
    return found;
  }

  /** The elements of the list that begins at a place. */
  elements(from: number): readonly Span[] {
    const found: Span[] = [];
    this.#list(from, (span) => found.push(span));
    return found;
  }

  /** The first element of a list, where there is one. */
  first(from: number): Span | null {
    const at = this.skip(from + 1);
    return this.text[at] === "]" ? null : { from: at, to: this.#value(at) };
  }

  /** What is wrong, and on which line; null if nothing is. */
  mistake(): string | null {
    const { text } = this;
    let at = this.skip(0);
    let begin = at;
    const isList = text[at] === "[";
    let lines = !isList;
    try {
      do {
        begin = at;
        at = this.#value(at);
        lines &&= !text.slice(begin, at).includes("\n");
        at = this.skip(at);
        if (isList && at < text.length) throw new Mistake(at, detailTexts.jsonEnd());
      } while (at < text.length);
      return null;
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      // Where a record stands on each line it is the line of the record that is wrong.
      const place = lines ? begin : Math.min(error.at, text.trimEnd().length);
      let line = 1;
      for (let feed = text.indexOf("\n"); feed !== -1 && feed < place; feed = text.indexOf("\n", feed + 1)) line++;
      const letter = lines ? 1 : place - text.lastIndexOf("\n", place - 1);
      return detailTexts.jsonLine(line, letter, error.expected);
    }
  }

  #value(at: number): number {
    switch (this.text[at]) {
      case "{":
        return this.#object(at);
      case "[":
        return this.#list(at);
      case '"':
        return this.#string(at);
      default:
        plain.lastIndex = at;
        if (!plain.test(this.text)) throw new Mistake(at, detailTexts.jsonValue());
        return plain.lastIndex;
    }
  }

  #string(from: number): number {
    for (let at = from + 1; ; ) {
      const close = this.text.indexOf('"', at);
      const feed = this.text.indexOf("\n", at);
      if (close === -1 || (feed !== -1 && feed < close)) throw new Mistake(from, detailTexts.jsonQuote());
      let slashes = close;
      while (this.text[slashes - 1] === "\\") slashes--;
      at = close + 1;
      if ((close - slashes) % 2 === 0) return at;
    }
  }

  #object(from: number, take?: (key: Span, value: Span) => void): number {
    let at = this.skip(from + 1);
    while (this.text[at] !== "}") {
      if (this.text[at] !== '"') throw new Mistake(at, detailTexts.jsonKey());
      const key = { from: at, to: this.#string(at) };
      at = this.skip(key.to);
      if (this.text[at] !== ":") throw new Mistake(at, detailTexts.jsonColon());
      const value = this.skip(at + 1);
      const to = this.#value(value);
      take?.(key, { from: value, to });
      at = this.#next(to, "}");
    }
    return at + 1;
  }

  #list(from: number, take?: (span: Span) => void): number {
    let at = this.skip(from + 1);
    while (this.text[at] !== "]") {
      const to = this.#value(at);
      take?.({ from: at, to });
      at = this.#next(to, "]");
    }
    return at + 1;
  }

  /** Behind the comma that follows a value, or at the end of what holds it. */
  #next(from: number, close: string): number {
    const at = this.skip(from);
    if (this.text[at] === close) return at;
    if (this.text[at] !== ",") throw new Mistake(at, detailTexts.jsonNext(close));
    return this.skip(at + 1);
  }
}
