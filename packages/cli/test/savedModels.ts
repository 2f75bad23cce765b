// Random saved models and tables for tests, and what onnxruntime says about them.
import { InferenceSession, Tensor } from "onnxruntime-node";
import { type Alpha, asymmetric, crossEntropy, focal, generalizedCrossEntropy, type Loss, poly1 } from "surprisal";
import type { EncodedColumn, Encoder } from "../src/learning/encode.ts";
import type { Layer } from "../src/learning/layers.ts";
import { Random } from "../src/random.ts";
import { modelBytes } from "../src/saved/modelFile.ts";
import { inputNames } from "../src/saved/onnx/features.ts";
import type { SavedModel } from "../src/saved/savedModel.ts";
import type { Column, Table } from "../src/table/table.ts";
import { plainDates, plainNames, plainNumbers } from "./columns.ts";

export const kinds = ["binary", "multiclass", "multilabel"] as const;
export type Kind = (typeof kinds)[number];

/** Losses with and without weights. */
export const trainings: Readonly<Record<string, { readonly loss: Loss; readonly weighted: boolean }>> = {
  crossEntropy: { loss: crossEntropy(), weighted: false },
  "weighted cross entropy": { loss: crossEntropy(), weighted: true },
  focal: { loss: focal({ gamma: 2 }), weighted: false },
  "focal, gamma 5": { loss: focal({ gamma: 5 }), weighted: false },
  "focal, gamma 0.5": { loss: focal({ gamma: 0.5 }), weighted: false },
  "focal, gamma 0": { loss: focal({ gamma: 0 }), weighted: false },
  "balanced focal": { loss: focal({ gamma: 2 }), weighted: true },
  poly1: { loss: poly1({ epsilon: 1 }), weighted: false },
  "poly1, epsilon -0.5": { loss: poly1({ epsilon: -0.5 }), weighted: true },
  generalizedCrossEntropy: { loss: generalizedCrossEntropy(), weighted: true },
  "generalizedCrossEntropy, q 0.99": { loss: generalizedCrossEntropy({ q: 0.99 }), weighted: false },
  "generalizedCrossEntropy, q 1": { loss: generalizedCrossEntropy({ q: 1 }), weighted: true },
  asymmetric: { loss: asymmetric(), weighted: false },
  "asymmetric, weighted, no margin": { loss: asymmetric({ margin: 0 }), weighted: true },
  "asymmetric, gammaNegative 0": { loss: asymmetric({ gammaNegative: 0, margin: 0.2 }), weighted: false },
};

/** A target with so many outputs. */
export function makeTarget(kind: Kind, outputs: number): SavedModel["target"] {
  const names = ["no", "yes", "<script>alert(1)</script>", 'say "hi"\n', "🦊 fox"];
  const more = Array.from({ length: Math.max(0, outputs - names.length) }, (_, k) => `class ${k}`);
  const all = [...names, ...more];
  return {
    kind,
    activation: kind === "multiclass" ? "softmax" : "sigmoid",
    columns: kind === "multilabel" ? all.slice(0, outputs) : ["target"],
    classes: all.slice(0, kind === "binary" ? 2 : outputs),
    outputs,
  };
}

export function outputsOf(kind: Kind, random: Random): number {
  return kind === "binary" ? 1 : 2 + random.integer(5);
}

function randomAlpha(kind: Kind, outputs: number, random: Random): Alpha {
  const weights = () => Array.from({ length: outputs }, () => 0.1 + 3 * random.next());
  if (kind === "multiclass") return weights();
  if (kind === "binary") return 0.25;
  return { positive: weights(), negative: weights() };
}

const noProvenance = {
  source: "t.csv",
  rows: 100,
  foldHash: null,
  seed: 1,
  command: "surprisal fit t.csv y",
  versions: {},
};

/** A model whose logits are its columns, so that any logits can be tried. */
export function logitModel(kind: Kind, outputs: number, training: { loss: Loss; weighted: boolean }): SavedModel {
  const columns = Array.from({ length: outputs }, (_, at): EncodedColumn => {
    return { kind: "number", name: `z${at}`, at, fill: 0, center: 0, scale: 1, missingAt: null };
  });
  const weights = Float64Array.from({ length: outputs * outputs }, (_, k) => Number(k % (outputs + 1) === 0));
  const layer: Layer = { inputs: outputs, outputs, weights, bias: new Float64Array(outputs), activation: "identity" };
  return {
    target: makeTarget(kind, outputs),
    encoder: { width: outputs, names: columns.map(({ name }) => name), columns },
    readings: columns.map(() => plainNumbers),
    model: { kind: "layers", layers: [layer] },
    loss: training.loss,
    alpha: training.weighted ? randomAlpha(kind, outputs, new Random(7)) : null,
    thresholds: kind === "multiclass" ? [] : new Array<number>(outputs).fill(0.4),
    provenance: noProvenance,
  };
}

const levelNames = ["a", "b b", "ä", '"; DROP TABLE', "<b>", "🦊", "0", "NA?", "line\nbreak"];

/** A model with random columns, layers and weights. */
export function randomModel(kind: Kind, training: { loss: Loss; weighted: boolean }, seed: number): SavedModel {
  const random = new Random(seed);
  const outputs = outputsOf(kind, random);
  let width = 0;
  const next = () => width++;
  const optional = () => (random.next() < 0.5 ? next() : null);
  const columns = Array.from({ length: 2 + random.integer(6) }, (_, k): EncodedColumn => {
    if (k !== 0 && random.next() < 0.5) {
      const levels = random.next() < 0.1 ? [] : levelNames.slice(0, 1 + random.integer(levelNames.length));
      const at = width;
      width += levels.length;
      return { kind: "category", name: `cat ${k} "é"`, at, levels, otherAt: optional(), missingAt: optional() };
    }
    const [fill, center, scale] = [random.normal(), 3 * random.normal(), 0.1 + random.next()];
    return { kind: "number", name: `number ${k}`, at: next(), fill, center, scale, missingAt: optional() };
  });
  const sizes = [width, ...Array.from({ length: random.integer(3) }, () => 1 + random.integer(8)), outputs];
  const strength = [0.3, 1, 30][random.integer(3)];
  const layers = sizes.slice(1).map((size, k): Layer => {
    const weights = Float64Array.from({ length: sizes[k] * size }, () => strength * random.normal());
    const bias = Float64Array.from({ length: size }, () => random.normal());
    return { inputs: sizes[k], outputs: size, weights, bias, activation: k === sizes.length - 2 ? "identity" : "relu" };
  });
  const encoder: Encoder = { width, names: Array.from({ length: width }, (_, k) => `f${k}`), columns };
  return {
    target: makeTarget(kind, outputs),
    encoder,
    readings: columns.map(({ kind }, k) => (kind === "category" ? plainNames : k === 0 ? plainDates : plainNumbers)),
    model: { kind: "layers", layers },
    loss: training.loss,
    alpha: training.weighted ? randomAlpha(kind, outputs, random) : null,
    thresholds: kind === "multiclass" ? [] : Array.from({ length: outputs }, () => random.next()),
    provenance: noProvenance,
  };
}

/** A table for a model, with missing values, levels it has never seen and far-out numbers. */
export function randomTable({ encoder }: SavedModel, rows: number, seed: number): Table {
  const random = new Random(seed);
  const columns = encoder.columns.map(({ name, kind }, k): Column => {
    if (kind !== "number") {
      const levels = [...levelNames, "unseen"].sort();
      const codes = Int32Array.from({ length: rows }, () => random.integer(levels.length + 1) - 1);
      return { kind: "category", name, codes, levels, reading: plainNames };
    }
    const number = () => (random.next() < 0.2 ? Number.NaN : random.normal() * (random.next() < 0.1 ? 1e3 : 3));
    const values = Float64Array.from({ length: rows }, number);
    return k === 0
      ? { kind, name, from: "date", reading: plainDates, values }
      : { kind, name, from: "number", reading: plainNumbers, values };
  });
  return { source: "t.csv", rows, columns, notes: [] };
}

/** What the outputs of a model's file are in onnxruntime. */
export async function runOnnx(saved: SavedModel, { columns, rows }: Table) {
  const session = await InferenceSession.create(modelBytes(saved), { logSeverityLevel: 4 });
  const feeds = inputNames(saved.encoder).map((input, k): readonly [string, Tensor] => {
    const column = columns.find(({ name }) => name === saved.encoder.columns[k].name);
    if (column === undefined) throw new Error(`no column ${input}`);
    if (column.kind === "number") return [input, new Tensor("float64", column.values, [rows, 1])];
    const texts = Array.from(column.codes, (code) => (code < 0 ? "" : column.levels[code]));
    return [input, new Tensor("string", texts, [rows, 1])];
  });
  const { probabilities, label } = await session.run(Object.fromEntries(feeds));
  await session.release();
  return {
    probabilities: probabilities.data as Float64Array,
    dims: probabilities.dims,
    label: label.data,
    labelDims: label.dims,
  };
}

/** The probabilities as the file has them, from those of the library: a binary model has a column per class. */
export function columnsOf(kind: Kind, probabilities: Float64Array): Float64Array {
  return kind === "binary"
    ? Float64Array.from({ length: 2 * probabilities.length }, (_, k) =>
        k % 2 ? probabilities[k >> 1] : 1 - probabilities[k >> 1],
      )
    : probabilities;
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let k = 0; k < a.length; k++) {
    const difference = Math.abs(a[k] - b[k]);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
