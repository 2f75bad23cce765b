// HTML text that escapes by default: what a table says can only ever be shown, never run.
import { shellQuotation } from "../../words/shell.ts";

/** A piece of HTML that is safe to paste into a page. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: HTML stays as it is, text is escaped, lists are joined, null is nothing. */
export type Part = Html | string | number | null | readonly Part[];

/** A template that escapes every string in it: html`<td>${name}</td>`. Attributes must be in double quotes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((text, string, k) => text + render(parts[k - 1] ?? null) + string));
}

/** Text that is known to be HTML: the style sheet, and charts that were escaped when they were drawn. */
export function raw(trusted: string): Html {
  return new Html(trusted);
}

function render(part: Part): string {
  if (part === null) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "string" || typeof part === "number") return escapeHtml(String(part));
  return part.map(render).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as HTML; also inside an attribute in quotes. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities[character]);
}

/** Text on one line without what would act instead of being seen: control characters, changes of writing direction. */
export function visible(text: string): string {
  return text
    .replace(/[\t\n\v\f\r]/g, " ")
    .replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029\ufffe\uffff]/gu, "\ufffd");
}

/** A name that may be long, cut for a label in a chart; its table has it whole. */
export function shortened(name: string, length: number): string {
  const letters = [...visible(name)];
  return letters.length <= length ? letters.join("") : `${letters.slice(0, length - 1).join("")}…`;
}

/**
 * A sentence with its flags, `--fast`, set as code, and its per cents kept on one line. A word for a shell in it stays
 * as it is, blanks too, so that it can be copied.
 */
export function withFlags(text: string): Part {
  return text.split(shellPiece).map((piece, k) => (k % 2 === 1 ? asTyped(piece) : sentence(piece)));
}

/** Text of a command, in which a page would make one blank of several. */
export function asTyped(text: string): Part {
  return /\s\s/.test(text) ? html`<span style="white-space: pre-wrap">${text}</span>` : text;
}

const shellPiece = new RegExp(`(?<![^\\s(=])(${shellQuotation.source})`);

function sentence(text: string): Part {
  const parts = text.replace(/(\d) %/g, "$1\u00a0%").split(/(--[a-z][a-z-]*)/);
  return parts.map((part, k) => (k % 2 === 1 ? html`<code>${part}</code>` : part));
}
