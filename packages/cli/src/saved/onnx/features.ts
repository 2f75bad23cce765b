// From a table's columns to features in ONNX: imputation, indicators, standardisation, one-hot.
import type { EncodedColumn, Encoder } from "../../learning/encode.ts";
import { type Reading, readingWords } from "../../table/reading.ts";
import { type GraphBuilder, mlDomain } from "./graph.ts";
import { elementTypes } from "./schema.ts";
import { innerPrefix } from "./tensors.ts";

type NumberColumn = Extract<EncodedColumn, { kind: "number" }>;
type CategoryColumn = Extract<EncodedColumn, { kind: "category" }>;
type LevelColumn = Extract<EncodedColumn, { kind: "level" }>;

/** Columns of the feature matrix that one tensor holds. */
interface Piece {
  readonly tensor: string;
  readonly positions: readonly number[];
}

/** The names of the model's outputs, which no input may have. */
export const outputNames = { probabilities: "probabilities", label: "label" } as const;

/** The name of the input of each column: the column's own, unless the graph needs that for itself. */
export function inputNames({ columns }: Pick<Encoder, "columns">): readonly string[] {
  const taken = new Set<string>(Object.values(outputNames));
  const wanted = new Set(columns.map(({ name }) => name));
  return columns.map(({ name }) => {
    let free = name;
    while (taken.has(free) || free === "" || free.startsWith(innerPrefix) || (free !== name && wanted.has(free))) {
      free = `input_${free}`;
    }
    taken.add(free);
    return free;
  });
}

/**
 * Adds an input per column and the nodes that make the features.
 *
 * Numbers are float64, so that dates and large identifiers stay exact; each standardised value is rounded to float32
 * once, as in training, and at most the largest float32.
 *
 * @param readings how each column is read from a text, for the description of its input
 * @returns the name of the features, float64 `[N, width]`
 */
export function addFeatures(graph: GraphBuilder, encoder: Encoder, readings: readonly Reading[]): string {
  const names = inputNames(encoder);
  const inputs = encoder.columns.map((column, k) => {
    const doc = inputDocs[readings[k].as];
    const read = readingWords(readings[k]);
    const doneAs = `${doc} Column: ${column.name}${read === readings[k].as ? "" : ` (${read})`}`;
    return graph.input(names[k], column.kind === "number" ? "double" : "string", doneAs);
  });
  const numberAt = encoder.columns.flatMap((column, k) => (column.kind === "number" ? [k] : []));
  const numbers = numberAt.map((k) => encoder.columns[k] as NumberColumn);
  const pieces: Piece[] =
    numbers.length === 0
      ? []
      : addNumbers(
          graph,
          numberAt.map((k) => inputs[k]),
          numbers,
        );
  encoder.columns.forEach((column, k) => {
    if (column.kind === "category") pieces.push(...addCategory(graph, inputs[k], column));
    if (column.kind === "level") pieces.push(addLevel(graph, inputs[k], column));
  });
  return inOrder(graph, pieces);
}

const inputDocs: { readonly [R in Reading["as"]]: string } = {
  number: "A number; NaN if missing.",
  date: "A date as days since 1970-01-01; NaN if missing.",
  category: "A category as text; empty if missing.",
};

const largestFloat32 = 3.4028234663852886e38;

function addNumbers(graph: GraphBuilder, inputs: readonly string[], columns: readonly NumberColumn[]): Piece[] {
  const row = (pick: (column: NumberColumn) => number) => graph.double(columns.map(pick), [1, columns.length]);
  const values = graph.node("Concat", inputs, { axis: 1 });
  const missing = graph.node("IsNaN", [values]);
  const filled = graph.node("Where", [missing, row(({ fill }) => fill ?? Number.NaN), values]);
  const centered = graph.node("Sub", [filled, row(({ center }) => center)]);
  const scaled = graph.node("Div", [centered, row(({ scale }) => scale)]);
  const finite = graph.node("Clip", [scaled, graph.double(-largestFloat32), graph.double(largestFloat32)]);
  const rounded = toDouble(graph, graph.node("Cast", [finite], { to: elementTypes.float }));
  // A value that stays missing is put back: what becomes of NaN in a Clip is not said.
  const stays = columns.some(({ fill }) => fill === null);
  const kept = stays ? keptMissing(graph, graph.node("IsNaN", [filled]), rounded) : rounded;
  const pieces: Piece[] = [{ tensor: kept, positions: columns.map(({ at }) => at) }];
  const marked = columns.flatMap(({ missingAt }, k) => (missingAt === null ? [] : [{ k, missingAt }]));
  if (marked.length > 0) {
    const which = graph.int64(
      marked.map(({ k }) => k),
      [marked.length],
    );
    const indicators = graph.node("Gather", [toDouble(graph, missing), which], { axis: 1 });
    pieces.push({ tensor: indicators, positions: marked.map(({ missingAt }) => missingAt) });
  }
  return pieces;
}

function addCategory(graph: GraphBuilder, input: string, column: CategoryColumn): Piece[] {
  const { at, levels, otherAt, missingAt } = column;
  const positions = [...levels.map((_, k) => at + k), ...[otherAt, missingAt].filter((position) => position !== null)];
  if (positions.length === 0) return [];
  const known = levels.map((level, k) => [level, at + k] as const).filter(([level]) => level !== "");
  const keys = ["", ...known.map(([level]) => level)];
  const values = [missingAt ?? -1, ...known.map(([, position]) => position)];
  const lit = graph.node(
    "LabelEncoder",
    [input],
    { keys_strings: keys, values_int64s: values, default_int64: otherAt ?? -1 },
    mlDomain,
  );
  const isLit = graph.node("Equal", [lit, graph.int64(positions, [1, positions.length])]);
  return [{ tensor: toDouble(graph, isLit), positions }];
}

/** The number of a level among those that are known, NaN for every other text. */
function addLevel(graph: GraphBuilder, input: string, { at, levels }: LevelColumn): Piece {
  const known = levels.map((level, k) => [level, k] as const).filter(([level]) => level !== "");
  const keys = ["", ...known.map(([level]) => level)];
  const values = [-1, ...known.map(([, k]) => k)];
  const number = graph.node(
    "LabelEncoder",
    [input],
    { keys_strings: keys, values_int64s: values, default_int64: -1 },
    mlDomain,
  );
  const missing = graph.node("Less", [number, graph.int64([0], [1])]);
  return { tensor: keptMissing(graph, missing, toDouble(graph, number)), positions: [at] };
}

function keptMissing(graph: GraphBuilder, missing: string, tensor: string): string {
  return graph.node("Where", [missing, graph.double(Number.NaN), tensor]);
}

function toDouble(graph: GraphBuilder, tensor: string): string {
  return graph.node("Cast", [tensor], { to: elementTypes.double });
}

/** The pieces side by side, their columns brought into the order of the encoder. */
function inOrder(graph: GraphBuilder, pieces: readonly Piece[]): string {
  const tensors = pieces.map(({ tensor }) => tensor);
  const all = tensors.length === 1 ? tensors[0] : graph.node("Concat", tensors, { axis: 1 });
  const positions = pieces.flatMap((piece) => piece.positions);
  const order = positions.map((_, feature) => positions.indexOf(feature));
  if (order.every((place, k) => place === k)) return all;
  return graph.node("Gather", [all, graph.int64(order, [order.length])], { axis: 1 });
}
