// A chart on the page: what it shows, the drawing, and the numbers behind it.

import { type Html, html, type Part } from "./html.ts";
import { counted } from "./numbers.ts";

/** A table as data: the first column names the row. */
export interface DataTable {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | Html)[])[];
}

/** The most rows of a table on the page; the JSON file has all. */
export const mostRows = 100;

/** A table that scrolls by itself where it is too wide, also by keyboard. */
export function dataTable({ caption, columns, rows }: DataTable): Html {
  const [first, ...others] = columns;
  const rest = rows.length - mostRows;
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr><th scope="col">${first}</th>${others.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows.slice(0, mostRows).map(
    ([name, ...cells]) => html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
`,
  )}</tbody></table></div>${rest > 0 ? html`<p class="note">and ${counted(rest, "more row")} in the JSON file</p>` : null}`;
}

/** The table of a chart, folded away. */
export function numbersBehind(table: DataTable): Html {
  return html`<details class="data"><summary>The numbers: ${table.caption}</summary>${dataTable(table)}</details>`;
}

/** What a section says: what is to be seen, how to read it, and its drawings. */
export interface Content {
  readonly title: string;
  readonly lead: Part;
  readonly body: Part;
}

/** A drawing with its table. */
export function figure(drawing: Part, table: DataTable, caption: Part = null): Html {
  return html`<figure>${drawing}${caption === null ? null : html`<figcaption>${caption}</figcaption>`}${numbersBehind(table)}</figure>
`;
}

/** A word in the colour of its line. */
export function inColour(colour: "ink" | "blue" | "orange", text: string): Html {
  return html`<b class="${colour}">${text}</b>`;
}
