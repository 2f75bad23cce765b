// JSON as a source: records that stand in a list or one after the other, and other shapes by way of such a list.
import { CliError, tableTexts } from "../errors.ts";
import { countJson } from "./census.ts";
import { withoutTimes } from "./field.ts";
import type { Head } from "./head.ts";
import { describe, type Place, rowsOf, type Source, typedSource } from "./place.ts";
import { literal } from "./sql.ts";

/** Opens JSON. */
export async function jsonSource(place: Place, head: Head): Promise<Source> {
  const { path, watched, budget } = place;
  const counted = await countJson(watched, head.gzip, budget);
  const options = `hive_partitioning = false, compression = ${literal(head.gzip ? "gzip" : "uncompressed")}`;
  const from = `read_json($1, sample_size = -1, ${options})`;
  const described = await describe(place, from);
  const complaint = counted.complaint();
  if (complaint !== null) throw new CliError(tableTexts.malformedJson(path, complaint));
  if (!/^\s*(\[\s*)?\{/.test(head.text)) throw new CliError(tableTexts.jsonNotRecords(path));
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
