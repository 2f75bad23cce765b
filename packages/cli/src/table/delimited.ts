// A delimited text as a source: read as it stands where it is plain, else by way of a copy that is.
import { CliError, tableTexts } from "../errors.ts";
import { fileNotes, type Note } from "../notes.ts";
import { countDelimited, findRagged } from "./census.ts";
import type { Field } from "./field.ts";
import type { Head } from "./head.ts";
import { findLayout, type Layout, rowNamesName } from "./layout.ts";
import { makePlain } from "./madePlain.ts";
import { isAsked, madePlace, namesOf, type Place, refuseTooMany, type Source } from "./place.ts";
import { longestRecord } from "./recordCounter.ts";
import { recordAt } from "./records.ts";
import { literal } from "./sql.ts";

/** What is told of the rows, and how DuckDB is to read them. */
interface Rows {
  readonly place: Place;
  readonly rows: number;
  readonly delimiter: string;
  readonly header: boolean;
  readonly gzip: boolean;
  /** Whether DuckDB has to be lenient: strict parsing knows one kind of line end only. */
  readonly lenient: boolean;
  readonly oddNumbers: boolean;
  readonly padded: boolean;
  readonly notes: readonly Note[];
  findMistake(): Promise<void>;
}

/** Opens a delimited text. */
export async function delimitedSource(place: Place, head: Head): Promise<Source> {
  const { watched, path, only, options, budget } = place;
  const layout = findLayout({ path, head }, options, only);
  refuseTooMany(place, layout.columns);
  if (!head.whole && recordAt(head.text, layout.at, layout.delimiter, false) === null) {
    throw new CliError(tableTexts.headerTooLong(path));
  }
  const header = headerOf(layout);
  const { names, notes: named } = namesOf(
    place,
    header.map((name) => name.trim()),
  );
  const found =
    (isPlain(layout, head) ? await asItIs(place, head, layout) : null) ?? (await remade(place, head, layout));
  const columns = names.map((_, i) => `${literal(`c${i}`)}: ${literal("VARCHAR")}`).join(", ");
  const sql = [
    "auto_detect = false",
    `header = ${found.header}`,
    `delim = ${literal(found.delimiter)}`,
    `quote = ${literal('"')}`,
    `escape = ${literal('"')}`,
    // An empty cell is no value, "" an empty text: both are missing, but a copy of the file keeps them apart.
    "allow_quoted_nulls = false",
    "hive_partitioning = false",
    `max_line_size = ${longestRecord}`,
    `compression = ${literal(found.gzip ? "gzip" : "none")}`,
    // Lenient parsing is sure of its lines in one thread only.
    `strict_mode = ${!found.lenient}`,
    `parallel = ${!found.lenient}`,
  ];
  const encoded =
    head.marked && head.encoding !== "utf-8" ? [fileNotes.encodingFound(head.encoding.toUpperCase())] : [];
  return {
    path,
    file: found.place.file,
    from: `read_csv($1, ${sql.join(", ")}, columns = {${columns}})`,
    fields: names
      .map((name, i): Field => ({ name, sql: `c${i}`, type: "text", exact: `c${i}`, wide: true, typed: false }))
      .filter(({ name }) => isAsked(place, name)),
    own: header.map((name, i) => ({ name, called: names[i]!, sql: `c${i}`, type: "VARCHAR", json: false })),
    notes: [...encoded, ...layout.notes, ...named, ...found.notes],
    rows: found.rows,
    oddNumbers: found.oddNumbers,
    padded: found.padded,
    delimiter: layout.delimiter,
    budget,
    findMistake: found.findMistake,
    verify: () => watched.verify(),
  };
}

/** The names as the file has them, and those of columns that it gives none. */
function headerOf({ header, rowNames, columns }: Layout): readonly string[] {
  if (header === null) return Array.from({ length: columns }, (_, k) => `column ${k + 1}`);
  if (!rowNames) return header;
  return [rowNamesName(header), ...header];
}

/** Whether nothing about the layout is unusual. */
function isPlain({ at, rowNames, delimiter }: Layout, { encoding }: Head): boolean {
  const single = delimiter.length === 1 && delimiter.charCodeAt(0) < 128 && delimiter !== " ";
  return at === 0 && !rowNames && encoding === "utf-8" && single;
}

/** The file as it stands, if its bytes are as plain as its head. */
async function asItIs(place: Place, { gzip, text }: Head, layout: Layout): Promise<Rows | null> {
  const { watched, budget } = place;
  const { delimiter, columns, header } = layout;
  const first = header === null ? undefined : recordAt(text, 0, delimiter, true);
  const names = first && "cells" in first ? Buffer.from(text.slice(0, first.to - first.end.length)) : undefined;
  const form = { gzip, delimiter, columns, names };
  const { unusual, rows, mixed, oddNumbers, padded } = await countDelimited(watched, form, budget);
  if (unusual) return null;
  return {
    place,
    rows,
    delimiter,
    header: header !== null,
    gzip,
    lenient: mixed,
    oddNumbers,
    padded,
    notes: [],
    findMistake: () => findRagged(watched, form),
  };
}

/** A plain copy of the file. */
async function remade(place: Place, head: Head, layout: Layout): Promise<Rows> {
  const unusual = { layout, coding: head, feeds: head.text.includes("\n") };
  const { file, rows, returns, oddNumbers, padded, notes } = await makePlain(place.watched, unusual, place.budget);
  return {
    place: madePlace(place, file),
    rows,
    delimiter: ",",
    header: false,
    gzip: false,
    lenient: returns,
    oddNumbers,
    padded,
    notes,
    findMistake: async () => {},
  };
}
