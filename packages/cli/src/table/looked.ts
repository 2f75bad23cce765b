// Cells that are looked at one by one: their numbers, and what is told of those that do not fit.
import { isGrouped } from "./quantities.ts";
import { cellReader, type DateReading, type NumberReading } from "./reading.ts";

/** A cell that is shown: its row from 0, and its text. */
export interface Shown {
  readonly row: number;
  readonly text: string;
}

/** So many cells are shown of those that do not fit. */
const mostShown = 5;

/** Takes cells in the order of their rows. */
export class Looked {
  /** How many cells do not fit, and the first few different ones. */
  misfits = 0;
  readonly shown: Shown[] = [];
  /** The first row with an infinite number, -1 if none has. */
  infinite = -1;
  /** Whether a whole number had a leading zero. */
  padded = false;
  /** The first number that is written otherwise than every program would write it. */
  written: string | null = null;
  readonly #reading: NumberReading | DateReading | null;
  readonly #numberIn: (text: string) => number | null;

  /** @param reading null for numbers that are no texts */
  constructor(reading: NumberReading | DateReading | null) {
    this.#reading = reading;
    this.#numberIn = reading === null ? () => null : cellReader(reading);
  }

  /** The number of a cell, NaN for none; of a number that is no text itself. */
  value(cell: unknown, row: number, own: number): number {
    if (cell === null || cell === undefined) return Number.NaN;
    const text = String(cell);
    const value = this.#reading === null ? own : this.#numberIn(text);
    if (value === null) {
      this.misfits++;
      if (this.shown.length < mostShown && this.shown.every((each) => each.text !== text))
        this.shown.push({ row, text });
      return Number.NaN;
    }
    if (Number.isNaN(value)) return value;
    if (value === Infinity || value === -Infinity) {
      if (this.infinite === -1) this.infinite = row;
      return value;
    }
    if (this.#reading?.as === "number") {
      this.padded ||= /^\s*0\d/.test(text);
      if (this.written === null && isWritten(this.#reading, text)) this.written = text.trim();
    }
    return value;
  }
}

/** Whether a number is written in a way that deserves a word. */
function isWritten({ decimal, prefix, suffix }: NumberReading, text: string): boolean {
  return (
    prefix !== "" ||
    suffix !== "" ||
    (decimal === "," && text.includes(",")) ||
    isGrouped(text, decimal) ||
    /[()\u2212]|-\s*$/.test(text)
  );
}
