// The lines of the terminal: a subject in the margin and its text beside it, as wide as the terminal is.

import pc from "picocolors";
import type { Line } from "../checks/telling.ts";
import { wordsOf, wrapped } from "../words/text.ts";
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

/** A note that is told as it comes up, on a line of its own however long; the number of its check stands behind it. */
export function noteLine(text: string, code = ""): string {
  return ` check    ${text}${code === "" ? "" : ` ${code}`}\n`;
}

/** A note among others, with the number of its check behind it; in `most` lines, of as many as it takes. */
export function checkEntry(
  name: string,
  { text, code }: Pick<Line, "text" | "code">,
  { columns, colour }: Style,
  most = Number.POSITIVE_INFINITY,
): string {
  const lines = entry(name, `${text} ${code}`, columns).split("\n");
  if (lines.length > most) {
    let words = wordsOf(lines[most - 1]);
    const cut = () => `${" ".repeat(10)}${words.join(" ")} … ${code}`;
    while (words.length > 1 && cut().length > columns) words = words.slice(0, -1);
    lines.splice(most - 1, lines.length, cut());
  }
  const all = lines.join("\n");
  return `${all.slice(0, -code.length)}${pc.createColors(colour).dim(code)}`;
}

/** A line with its subject in the margin: ` read     churn.csv ...`. */
export function entry(name: string, text: string, columns: number): string {
  const [first, ...rest] = wrapped(visibleLine(text), columns - 10, "").split("\n");
  return [` ${name.padEnd(9)}${first}`, ...rest.map((line) => `${" ".repeat(10)}${line}`)].join("\n");
}
