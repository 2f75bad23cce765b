// JSON as a source: records that stand in a list or one after the other, and other shapes by way of such a list.
import { CliError, tableTexts } from "../errors.ts";
import { fileNotes, type Note } from "../notes.ts";
import { countJson } from "./census.ts";
import { type Coding, decodedText, unmarked } from "./decoded.ts";
import { withoutTimes } from "./field.ts";
import type { Head } from "./head.ts";
import type { JsonCounter } from "./jsonCounter.ts";
import { reshaped } from "./jsonShape.ts";
import { JsonText, longestJson } from "./jsonText.ts";
import { formatMemory } from "./memory.ts";
import { describe, madePlace, type Place, rowsOf, type Source, typedSource } from "./place.ts";
import { literal } from "./sql.ts";
import { WatchedFile } from "./watchedFile.ts";

/** JSON whose records DuckDB reads. */
interface Records {
  readonly place: Place;
  readonly gzip: boolean;
  readonly counted: JsonCounter;
  readonly notes: readonly Note[];
  readonly isReshaped: boolean;
}

/** Opens JSON. */
export async function jsonSource(given: Place, head: Head): Promise<Source> {
  const { place, gzip, counted, notes, isReshaped } = await recordsOf(given, head);
  const findMistake = () => blame(given, head);
  try {
    const complaint = counted.complaint();
    if (complaint !== null) throw new CliError(tableTexts.malformedJson(place.path, complaint));
    const source = await recordSource(place, gzip, counted);
    if (!isReshaped && !/^\s*(\[\s*)?\{/.test(head.text)) throw new CliError(tableTexts.jsonNotRecords(place.path));
    const verify = () => given.watched.verify();
    return { ...source, notes: [...notes, ...source.notes], findMistake, verify };
  } catch (error) {
    await findMistake();
    throw error;
  }
}

/** The records as they stand in the file, or those that are made of it. */
async function recordsOf(given: Place, head: Head): Promise<Records> {
  let { gzip } = head;
  let place = given;
  const count = () => countJson(place.watched, gzip, place.budget);
  const withoutMarks = async () => {
    place = madePlace(given, await WatchedFile.made(given.path, unmarked(given.watched, head)));
    gzip = false;
  };
  const marked = head.marked || head.encoding !== "utf-8";
  if (marked) await withoutMarks();
  let counted = await count();
  if (counted.marks && !marked) {
    await withoutMarks();
    counted = await count();
  }
  const encoded = marked && head.encoding !== "utf-8" ? [fileNotes.encodingFound(head.encoding.toUpperCase())] : [];
  const asTheyAre = { place, gzip, counted, notes: encoded, isReshaped: false };
  const other = /^\s*\[\s*\[/.test(head.text) || (/^\s*\{/.test(head.text) && counted.records === 1);
  if (!other || counted.complaint() !== null) return asTheyAre;
  const json = await wholeText(place, { gzip, encoding: "utf-8" });
  if (json === null) throw new CliError(tableTexts.jsonTooLarge(place.path, formatMemory(longestJson)));
  if (json.mistake() !== null) return asTheyAre;
  const shape = reshaped(json, place);
  if (shape === null) return asTheyAre;
  place = madePlace(place, await WatchedFile.made(given.path, inBlocks(shape.records)));
  gzip = false;
  return { place, gzip, counted: await count(), notes: [...encoded, ...shape.notes], isReshaped: true };
}

async function* inBlocks(records: Iterable<string>): AsyncGenerator<string> {
  let block = "";
  for (const record of records) {
    block += `${record}\n`;
    if (block.length < 256 * 1024) continue;
    yield block;
    block = "";
  }
  yield block;
}

/** All of a text, unless it is too long. */
async function wholeText({ watched }: Place, coding: Coding): Promise<JsonText | null> {
  const parts: string[] = [];
  let length = 0;
  for await (const part of decodedText(watched, coding)) {
    parts.push(part);
    length += part.length;
    if (length > longestJson) return null;
  }
  return new JsonText(parts.join(""));
}

/** Looks for the line that is wrong, which DuckDB does not always tell. @throws CliError that names it */
async function blame(place: Place, head: Head): Promise<void> {
  const json = await wholeText(place, head);
  const mistake = json?.mistake() ?? null;
  if (mistake !== null) throw new CliError(tableTexts.malformedJson(place.path, mistake));
}

async function recordSource(place: Place, gzip: boolean, counted: JsonCounter): Promise<Source> {
  const options = `hive_partitioning = false, compression = ${literal(gzip ? "gzip" : "uncompressed")}`;
  const from = `read_json($1, sample_size = -1, ${options})`;
  const described = await describe(place, from);
  // DuckDB calls the key "" by the letter C and its place.
  const given = described.map(([name], i) => (counted.emptyKey && name === `C${i}` ? "" : name!));
  const names = mayBeRenamed(given) ? await keysOf(place, options, given) : given;
  const types = described.map(([, type]) => withoutTimes(type!));
  // Once the types are known DuckDB need not look for them again at each scan, but it finds a key by its own name only.
  const known = !given.includes("") && !mayBeRenamed(given);
  // As JSON a fraction or a nested value keeps how it is written.
  const raw = types.map((type) => !known || !/^(VARCHAR|BOOLEAN|U?(BIG|HUGE)INT)$/.test(type));
  const listed = names.map((name, i) => `${literal(name)}: ${literal(raw[i] ? "JSON" : types[i]!)}`);
  const scanned = known
    ? `read_json($1, columns = {${listed.join(", ")}}, ${options})`
    : `read_json($1, sample_size = -1, maximum_depth = 1, ${options})`;
  return { ...typedSource(place, scanned, names, types, raw), rows: counted.records };
}

/** Whether DuckDB may have put a number behind a name because another differs from it in capitals only. */
function mayBeRenamed(names: readonly string[]): boolean {
  const all = new Set(names.map((name) => name.toLowerCase()));
  return names.some((name) => all.has(name.replace(/_\d+$/, "").toLowerCase()) && /_\d+$/.test(name));
}

/** The keys of JSON behind the names that DuckDB gives them: `a` and `A` become `a` and `A_1`. */
async function keysOf(place: Place, options: string, given: readonly string[]): Promise<string[]> {
  const keys = `SELECT DISTINCT unnest(json_keys(json)) FROM read_json_objects($1, ${options})`;
  const left = new Set((await rowsOf(place, keys)).map(([key]) => key!));
  for (const name of given) left.delete(name);
  return given.map((name) => {
    const key = /^(.*)_\d+$/s.exec(name)?.[1];
    return key !== undefined && left.delete(key) ? key : name;
  });
}
