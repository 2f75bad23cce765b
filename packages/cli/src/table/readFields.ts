// The fields of a source as they are to be read: by the readings of a model, as asked, or as their cells decide.

import type { DuckDBConnection } from "@duckdb/node-api";
import { askedOf, changed, type ReadingOptions } from "./asked.ts";
import { numbersOf } from "./column.ts";
import {
  type Asked,
  type CountedTexts,
  countTexts,
  type Decision,
  decide,
  type Evidence,
  evidenceOf,
} from "./decide.ts";
import { asExact, type Field } from "./field.ts";
import { missingSpellings } from "./missing.ts";
import { gapsOf, type NumberReading, type Reading } from "./reading.ts";
import { type Raw, type RawTexts, sampleTexts, scan, type Wanted } from "./scan.ts";
import type { Source } from "./source.ts";

/** What is wanted of a source. */
export interface FieldsWanted {
  readonly asked: ReadingOptions;
  /** By column, as a model has learnt them. */
  readonly readings: ReadonlyMap<string, Reading> | null;
  /** Columns whose texts are wanted, too. */
  readonly texts: readonly Field[];
  /** Other numbers of each row. */
  readonly numbers: readonly Field[];
}

/** A column as it was read, and how. */
export interface ReadColumn {
  readonly raw: Raw;
  readonly reading: Reading;
  /** Why, where it was decided here. */
  readonly decision: Decision | null;
}

/** What a source gave. */
export interface FieldsRead {
  readonly columns: readonly ReadColumn[];
  readonly texts: readonly RawTexts[];
  readonly numbers: readonly Float64Array[];
}

/** A column on its way. */
interface Plan {
  readonly field: Field;
  readonly asked: Asked;
  reading: Reading;
  /** Null where nothing is decided: a model or the format says how. */
  decision: Decision | null;
  /** What the decision stands on: the first cells, or all. */
  known: CountedTexts;
}

/** Reads all fields, in one scan where nothing is in doubt. */
export async function readFields(
  connection: DuckDBConnection,
  source: Source,
  wanted: FieldsWanted,
): Promise<FieldsRead> {
  const plans = source.fields.map((field) => planOf(field, wanted));
  const open = plans.filter(({ decision }) => decision !== null);
  const sample = await sampleTexts(
    connection,
    source,
    open.map(({ field }) => field),
  );
  open.forEach((plan, k) => {
    plan.known = countTexts(sample[k]!);
  });
  const first = decideAll(open, source, open);
  const more = [
    ...wanted.texts.map((field): Wanted => ({ field, how: "texts" })),
    ...wanted.numbers.map((field): Wanted => ({ field, how: "numbers" })),
  ];
  // What fits two readings waits for the others, which may tell how this file is written.
  const sure = plans.filter(({ decision }) => decision?.even !== true);
  const even = plans.filter(({ decision }) => decision?.even === true);
  const found = new Map<Plan, Raw>();
  const rest = await scanPlans(connection, source, { plans: sure, more, found, evidence: first });
  if (even.length > 0) {
    const evidence = decideAll(open, source, even);
    await scanPlans(connection, source, { plans: even, more: [], found, evidence });
  }
  const { decimal } = evidenceOf(open.map(({ known }) => known));
  return {
    columns: plans.map((plan) => ({
      raw: found.get(plan)!,
      reading: neutral(plan, decimal),
      decision: plan.decision,
    })),
    texts: rest.filter((raw) => raw.kind === "text"),
    numbers: rest.flatMap((raw) => (raw.kind === "number" ? [raw.values] : [])),
  };
}

function planOf(field: Field, { asked: flags, readings }: FieldsWanted): Plan {
  const asked = askedOf(flags, field.name);
  const known: CountedTexts = { texts: [], rows: [] };
  const learnt = readings?.get(field.name);
  if (learnt !== undefined) return { field, asked, known, reading: changed(learnt, asked, field.name), decision: null };
  const missing = asked.missing ?? missingSpellings;
  const fixed = (reading: Reading): Plan => ({ field, asked, known, reading, decision: null });
  const number = plainNumbers(missing);
  const { kind } = asked;
  if (field.type === "boolean" || kind === "category") return fixed({ as: "category", missing });
  if (field.type === "number" && (kind === undefined || kind === "number")) return fixed(number);
  if (field.type === "date" && (kind === undefined || kind === "date"))
    return fixed({ as: "date", order: "ymd", missing });
  return { ...fixed(number), decision: { reading: number, even: false, because: null, example: null } };
}

/** What the columns of a file show together. */
type Shown = ReturnType<typeof evidenceOf>;

/** Decides on some of the open columns by what all of them show. */
function decideAll(open: readonly Plan[], source: Source, some: readonly Plan[]): Shown {
  const evidence = evidenceOf(open.map(({ known }) => known));
  for (const plan of some) decideOn(plan, source, evidence);
  return evidence;
}

function decideOn(plan: Plan, { delimiter }: Source, evidence: Shown): void {
  plan.decision = decide(plan.known, { ...evidence, delimiter, typed: plan.field.typed }, plan.asked);
  plan.reading = plan.decision.reading;
}

interface Scanning {
  readonly plans: readonly Plan[];
  readonly more: readonly Wanted[];
  readonly found: Map<Plan, Raw>;
  readonly evidence: Shown;
}

/** Scans columns, and once more as texts those whose first cells decided otherwise than all do. */
async function scanPlans(
  connection: DuckDBConnection,
  source: Source,
  { plans, more, found, evidence }: Scanning,
): Promise<readonly Raw[]> {
  const all = await scan(connection, source, [...plans.map(wantedOf), ...more]);
  const again: Plan[] = [];
  plans.forEach((plan, k) => {
    const raw = all[k]!;
    if (plan.decision !== null && raw.kind === "number" && (raw.looked.misfits > 0 || raw.looked.padded)) {
      source.budget.giveBack(raw.values.byteLength);
      again.push(plan);
    } else found.set(plan, settled(plan, raw, source, evidence));
  });
  if (again.length > 0) {
    const texts = await scan(
      connection,
      source,
      again.map(({ field }): Wanted => ({ field: asExact(field), how: "texts" })),
    );
    again.forEach((plan, k) => {
      found.set(plan, settled(plan, texts[k]!, source, evidence));
    });
  }
  return all.slice(plans.length);
}

function wantedOf({ field, reading, decision }: Plan): Wanted {
  if (reading.as === "category") {
    // A number that a float64 would change is the text that it is.
    const exact = field.type !== "boolean" && (field.type !== "number" || field.wide || decision === null);
    return { field: exact ? asExact(field) : field, how: "texts" };
  }
  // A number with a type of its own has no writing: unit, marks and order are those of texts.
  if (field.type !== reading.as) return { field, how: reading };
  if (gapsOf(reading).length === 0) return { field, how: "numbers" };
  const { missing } = reading;
  return { field, how: field.type === "number" ? plainNumbers(missing) : { as: "date", order: "ymd", missing } };
}

const plainNumbers = (missing: readonly string[]): NumberReading => ({
  as: "number",
  decimal: ".",
  prefix: "",
  suffix: "",
  missing,
});

/** A column whose texts are all known is decided by them. */
function settled(plan: Plan, raw: Raw, source: Source, evidence: Shown): Raw {
  if (raw.kind === "number" || plan.decision === null) return raw;
  const rows = new Int32Array(raw.texts.length);
  for (const code of raw.codes) if (code !== -1) rows[code]!++;
  plan.known = { texts: raw.texts, rows };
  decideOn(plan, source, evidence);
  if (plan.reading.as === "category") return raw;
  source.budget.takeRows(source.rows, 8, source.fields.length);
  source.budget.giveBack(raw.codes.byteLength);
  return numbersOf(raw, plan.reading);
}

/** Whole numbers show no mark: theirs is that of the file, so that a model knows what a later one means. */
function neutral({ reading, decision, known }: Plan, decimal: Evidence["decimal"]): Reading {
  if (reading.as !== "number" || decision === null || decimal === null) return reading;
  return known.texts.some((text) => /[.,]/.test(text)) ? reading : { ...reading, decimal };
}
