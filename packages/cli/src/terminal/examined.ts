// What `surprisal check` shows: the notes, the heaviest first, and a line for each column.
import pc from "picocolors";
import { linesOf } from "../checks/telling.ts";
import type { ExaminedColumn, ExaminedTable } from "../verdict/examined.ts";
import { count, counted } from "../words/text.ts";
import { visibleLine } from "../words/visible.ts";
import { checkEntry, entry, type Style } from "./lines.ts";

/** Everything that was found. */
export function examinedLines({ table, columns, target, notes }: ExaminedTable, style: Style): string {
  const heard = linesOf(notes.filter(({ ignored }) => ignored !== true));
  const ignored = notes.filter((note) => note.ignored === true);
  const warnings = heard.filter(({ weight }) => weight === "warning");
  const others = heard.filter(({ weight }) => weight !== "warning");
  const found = [
    counted(warnings.length, "warning"),
    counted(others.length, "note"),
    ...(ignored.length > 0 ? [`${count(new Set(ignored.map(({ code }) => code)).size)} ignored`] : []),
  ].join(", ");
  const read = `${table.source} · ${counted(table.rows, "row")} · ${counted(columns.length, "column")}`;
  return [
    entry("read", read, style.columns),
    ...[...warnings, ...others].map((line) => checkEntry(line.about === "target" ? "target" : "check", line, style)),
    ...(target === null
      ? [entry("target", "none named: surprisal check TABLE TARGET checks it, too", style.columns)]
      : []),
    "",
    ...columnLines(columns, style),
    "",
    entry("FOUND", `${found}${warnings.length > 0 ? " · exit code 1 (--ignore silences)" : ""}`, style.columns),
    "",
  ].join("\n");
}

/** More columns than this are counted. */
const mostColumns = 200;
const longestName = 30;

function columnLines(columns: readonly ExaminedColumn[], { columns: width, colour }: Style): readonly string[] {
  const shown = columns.slice(0, mostColumns);
  const rows = shown.map((column) => [
    cut(visibleLine(column.name), longestName),
    column.role,
    column.reading,
    column.missing === 0 ? "" : `${count(column.missing)} missing`,
    valuesOf(column),
  ]);
  const widths = [0, 1, 2, 3].map((k) => Math.max(0, ...rows.map((row) => row[k].length)));
  const lines = rows.map((row) =>
    cut(` ${row.map((cell, k) => cell.padEnd(widths[k] ?? 0)).join("  ")}`.trimEnd(), width),
  );
  const paint = pc.createColors(colour);
  return [
    ...lines.map((line, k) => (shown[k].role === "left out" ? paint.dim(line) : line)),
    ...(columns.length > mostColumns
      ? [` and ${counted(columns.length - mostColumns, "more column")}: --json has all`]
      : []),
  ];
}

function valuesOf({ levels, range }: ExaminedColumn): string {
  if (levels !== null) return counted(levels, "text");
  return range === null ? "" : range[0] === range[1] ? String(range[0]) : `${range[0]} to ${range[1]}`;
}

const cut = (text: string, width: number) => (text.length > width ? `${text.slice(0, width - 1)}…` : text);
