// The lines of the terminal: a subject in the margin and its text beside it, as wide as the terminal is.

import { wrapped } from "../words/text.ts";
import { visibleLine } from "../words/visible.ts";
import type { World } from "../world.ts";

/** How wide, and whether in colour. */
export interface Style {
  readonly columns: number;
  readonly colour: boolean;
}

/** As wide as the terminal is, but no wider than can be read. */
export function styleOf({ columns, colour }: Pick<World, "columns" | "colour">): Style {
  return { columns: Math.min(columns, 120), colour };
}

/** A note that is told as it comes up, on a line of its own however long. */
export function noteLine(text: string): string {
  return ` check    ${text}\n`;
}

/** A line with its subject in the margin: ` read     churn.csv ...`. */
export function entry(name: string, text: string, columns: number): string {
  const [first, ...rest] = wrapped(visibleLine(text), columns - 10, "").split("\n");
  return [` ${name.padEnd(9)}${first}`, ...rest.map((line) => `${" ".repeat(10)}${line}`)].join("\n");
}
