// JSON that is no list of records, as pandas and services write it: found by its shape, and given as records.
import { CliError, tableTexts } from "../errors.ts";
import { fileNotes, type Note } from "../notes.ts";
import type { JsonText, Member, Span } from "./jsonText.ts";
import type { Place } from "./place.ts";

/** Records, each as the text of an object, and what is told of where they were. */
export interface Reshaped {
  readonly records: Iterable<string>;
  readonly notes: readonly Note[];
}

/** Names under which services give their rows. */
const usualKeys: ReadonlySet<string> = new Set(["data", "results", "items", "records", "rows", "values"]);
/** Rows are looked for so many objects deep. */
const deepest = 3;
const rowNames = "row names";

/** @returns null where the JSON is records already, or one record */
export function reshaped(json: JsonText, place: Place): Reshaped | null {
  const at = json.skip(0);
  if (json.text[at] === "[") return lists(json, place, at, "lists");
  const members = json.members(at);
  // An object that has what is looked for is a row.
  if (place.only !== undefined && members.some(({ key }) => place.only!.includes(key))) return null;
  return split(json, place, members) ?? wrapped(json, place, members) ?? nested(json, place, members);
}

const told = (where: string): readonly Note[] => [fileNotes.jsonShape(where)];

function isList(json: JsonText, span: Span | undefined): span is Span {
  return span !== undefined && json.text[span.from] === "[";
}

/** {"columns": [...], "index": [...], "data": [[...]]} */
function split(json: JsonText, place: Place, members: readonly Member[]): Reshaped | null {
  const member = (key: string) => members.find((each) => each.key === key);
  const [columns, index, data] = [member("columns"), member("index"), member("data")];
  if (!isList(json, columns) || !isList(json, data)) return null;
  if (json.text[json.first(data.from)?.from ?? 0] !== "[") return null;
  const names = json.elements(columns.from).map((span) => nameOf(json.raw(span)));
  const labels = isList(json, index) ? labelsOf(json.elements(index.from).map((span) => json.raw(span))) : null;
  const records = rowsOfLists(json, place, json.elements(data.from), names, labels);
  return { records, notes: told('the lists under "data", with the names under "columns"') };
}

/** The text of a name; another value stands for itself. */
function nameOf(raw: string): string {
  const value = JSON.parse(raw) as unknown;
  return typeof value === "string" ? value : raw;
}

/** Names of rows, unless they only count from 0. */
function labelsOf(raw: readonly string[]): readonly string[] | null {
  return raw.every((label, k) => label === String(k) || label === `"${k}"`) ? null : raw;
}

function* rowsOfLists(
  json: JsonText,
  { path }: Place,
  rows: readonly Span[],
  names: readonly string[],
  labels: readonly string[] | null,
): Generator<string> {
  const keys = (labels === null ? names : [rowNames, ...names]).map((name) => JSON.stringify(name));
  for (const [k, row] of rows.entries()) {
    const cells = json.text[row.from] === "[" ? json.elements(row.from).map((span) => json.raw(span)) : [];
    if (cells.length !== names.length) {
      throw new CliError(tableTexts.jsonRagged(path, k + 1, cells.length, names.length));
    }
    const all = labels === null ? cells : [labels[k] ?? "null", ...cells];
    yield oneLine(`{${all.map((cell, i) => `${keys[i]}:${cell}`).join(",")}}`);
  }
}

/** Line ends in JSON stand between values only. */
function oneLine(record: string): string {
  return record.replace(/[\r\n]+/g, " ");
}

/** A list of lists, of which the first may hold the names. */
function lists(json: JsonText, place: Place, at: number, where: string): Reshaped {
  const { path, options } = place;
  const rows = json.elements(at);
  const letters = rows.slice(0, 100).map(({ from }) => {
    return json.text[from] === "[" ? json.elements(from).map((span) => json.text[span.from]) : [];
  });
  const [first = [], ...others] = letters;
  const isText = (letter: string | undefined) => letter === '"';
  const named =
    first.every(isText) &&
    first.some((_, k) => others.some((row) => row[k] !== undefined && !isText(row[k]) && row[k] !== "n"));
  if (options.header === undefined && !named) throw new CliError(tableTexts.jsonLists(path));
  if (options.header === false) {
    const names = first.map((_, k) => `column ${k + 1}`);
    return {
      records: rowsOfLists(json, place, rows, names, null),
      notes: [...told(where), fileNotes.noHeader(names.length)],
    };
  }
  const names = json.elements(rows[0]!.from).map((span) => nameOf(json.raw(span)));
  return {
    records: rowsOfLists(json, place, rows.slice(1), names, null),
    notes: told(`${where}, the first of which names columns`),
  };
}

/** Rows under a key, or under keys of keys: what services answer, and pandas' orient="table". */
function wrapped(json: JsonText, place: Place, members: readonly Member[]): Reshaped | null {
  const found = rowsBelow(json, members, [], 1);
  const least = Math.min(...found.map(({ keys }) => keys.length));
  const near = found.filter(({ keys }) => keys.length === least);
  const usual = near.filter(({ keys }) => usualKeys.has(keys.at(-1)!));
  const meant = near.length === 1 ? near : usual;
  if (near.length > 1 && meant.length !== 1) {
    throw new CliError(
      tableTexts.jsonSeveral(
        place.path,
        near.map(({ keys }) => keys.join(".")),
      ),
    );
  }
  const [rows] = meant;
  if (rows === undefined) {
    const empty = members.some(
      (each) => usualKeys.has(each.key) && isList(json, each) && json.first(each.from) === null,
    );
    if (empty) throw new CliError(tableTexts.jsonNotRecords(place.path));
    return null;
  }
  const where = `those under "${rows.keys.join(".")}"`;
  if (rows.lists) return lists(json, place, rows.from, `the lists under "${rows.keys.join(".")}"`);
  const records = json.elements(rows.from);
  const schema = members.find(({ key }) => key === "schema");
  const counted = schema !== undefined && /"primaryKey"\s*:\s*\[\s*"index"\s*\]/.test(json.raw(schema));
  const without = counted ? withoutIndex(json, records) : null;
  return { records: without ?? plainRecords(json, records), notes: told(where) };
}

function* plainRecords(json: JsonText, records: readonly Span[]): Generator<string> {
  for (const record of records) yield oneLine(json.raw(record));
}

/** The records without the key "index" of a pandas table, if it only counts them. */
function withoutIndex(json: JsonText, records: readonly Span[]): readonly string[] | null {
  const without: string[] = [];
  for (const [k, { from }] of records.entries()) {
    const members = json.text[from] === "{" ? json.members(from) : [];
    if (members.find(({ key }) => key === "index") === undefined) return null;
    const kept = members.filter((each) => each.key !== "index" || json.raw(each) !== String(k));
    if (kept.length === members.length) return null;
    without.push(oneLine(`{${kept.map((each) => `${JSON.stringify(each.key)}:${json.raw(each)}`).join(",")}}`));
  }
  return without;
}

interface RowsBelow extends Span {
  readonly keys: readonly string[];
  /** Whether they are lists, not objects. */
  readonly lists: boolean;
}

/** The lists of objects, or of lists, that stand below an object. */
function rowsBelow(
  json: JsonText,
  members: readonly Member[],
  above: readonly string[],
  depth: number,
): readonly RowsBelow[] {
  return members.flatMap((member): readonly RowsBelow[] => {
    const keys = [...above, member.key];
    const begins = json.text[member.from];
    if (begins === "[") {
      const first = json.text[json.first(member.from)?.from ?? -1];
      const isRows = first === "{" || (first === "[" && usualKeys.has(member.key));
      return isRows ? [{ ...member, keys, lists: first === "[" }] : [];
    }
    // An object of many objects is no wrapper.
    if (begins !== "{" || depth === deepest || members.length > 50) return [];
    return rowsBelow(json, json.members(member.from), keys, depth + 1);
  });
}

/** Objects in an object: {"a": {"0": 1, "1": 2}} by columns, {"0": {"a": 1}, "1": {"a": 2}} by rows. */
function nested(json: JsonText, { path }: Place, members: readonly Member[]): Reshaped | null {
  if (members.length === 0 || !members.every(({ from }) => json.text[from] === "{")) return null;
  const inner = json.members(members[0]!.from);
  const isCount = (each: readonly Member[]) => each.every(({ key }) => /^\d+$/.test(key));
  const [outerCounts, innerCounts] = [isCount(members), isCount(inner)];
  if (members.length === 1 && !innerCounts && !outerCounts) return null;
  const even = outerCounts === innerCounts;
  if (even && !innerCounts && members.length === inner.length) throw new CliError(tableTexts.jsonEven(path));
  const byColumns = even ? innerCounts || members.length < inner.length : innerCounts;
  if (byColumns) return { records: transposed(json, members), notes: told('those of orient="columns"') };
  const labels = labelsOf(members.map(({ key }) => JSON.stringify(key)));
  return { records: labelled(json, members, labels), notes: told('those of orient="index"') };
}

function* labelled(json: JsonText, rows: readonly Member[], labels: readonly string[] | null): Generator<string> {
  for (const [k, row] of rows.entries()) {
    const record = json.raw(row);
    if (labels === null) yield oneLine(record);
    else {
      const rest = record.slice(1).trimStart();
      yield oneLine(`{${JSON.stringify(rowNames)}:${labels[k]}${rest === "}" ? "" : ","}${rest}`);
    }
  }
}

function* transposed(json: JsonText, columns: readonly Member[]): Generator<string> {
  const rows = new Map<string, string[]>();
  columns.forEach((column, k) => {
    for (const cell of json.members(column.from)) {
      const row = rows.get(cell.key) ?? new Array<string>(columns.length).fill("null");
      row[k] = json.raw(cell);
      rows.set(cell.key, row);
    }
  });
  const labels = labelsOf([...rows.keys()].map((key) => JSON.stringify(key)));
  const keys = columns.map(({ key }) => JSON.stringify(key));
  let k = 0;
  for (const row of rows.values()) {
    const label = labels === null ? "" : `${JSON.stringify(rowNames)}:${labels[k]},`;
    yield oneLine(`{${label}${row.map((cell, i) => `${keys[i]}:${cell}`).join(",")}}`);
    k++;
  }
}
