// What an ONNX graph cannot say by itself, as JSON in the file's metadata: the encoder, classes, loss and provenance.
import { createHash } from "node:crypto";
import { type Alpha, losses } from "surprisal";
import { type EncodedColumn, type Encoder, mostOrdered } from "../../learning/encode.ts";
import { isReading } from "../../table/reading.ts";
import type { SavedModel } from "../savedModel.ts";
import { isListOf, isNumbers, isPlace, isRecord, isText, isTexts } from "./json.ts";
import { isModelFields, type ModelFields, modelFields, versionsOf } from "./models.ts";
import { encodeGraph, type GraphProto } from "./schema.ts";

/** The key of the metadata in the file. */
export const metadataKey = "surprisal";

/** The metadata without its checksum. */
export interface MetadataContent extends Omit<SavedModel, "loss" | "model">, ModelFields {
  readonly format: number;
  readonly loss: { readonly name: string; readonly parameters: Readonly<Record<string, number | readonly number[]>> };
}

/** The metadata as it stands in the file. */
export interface Metadata extends MetadataContent {
  readonly checksum: string;
}

/** The metadata of a model, its fields in a fixed order. */
export function toMetadata(saved: SavedModel): MetadataContent {
  const { target, encoder, readings, model, loss, alpha, thresholds, provenance } = saved;
  const { kind, activation, columns, classes, outputs } = target;
  return {
    format: versionsOf(model).format,
    target: { kind, activation, columns, classes, outputs },
    loss: { name: loss.name, parameters: loss.parameters },
    alpha: plainAlpha(alpha),
    thresholds: Array.from(thresholds),
    ...modelFields(model),
    encoder,
    readings,
    provenance,
  };
}

/** The weights as JSON can hold them. */
function plainAlpha(alpha: Alpha | null): Alpha | null {
  const plain = (weights: number | ArrayLike<number>) => (typeof weights === "number" ? weights : Array.from(weights));
  if (alpha === null || typeof alpha === "number") return alpha;
  if ("positive" in alpha) return { positive: plain(alpha.positive), negative: plain(alpha.negative) };
  return plain(alpha);
}

/** A checksum over everything that decides a prediction, so that a damaged file does not predict nonsense. */
export function checksum(content: MetadataContent, graph: GraphProto): string {
  return createHash("sha256").update(JSON.stringify(content)).update(encodeGraph(graph)).digest("hex");
}

/** The loss that the metadata names, or null where this version of the library does not have it. */
export function lossOf({ loss: { name, parameters } }: MetadataContent): SavedModel["loss"] | null {
  return losses.find(({ definition }) => definition.name === name)?.(parameters) ?? null;
}

/** Whether parsed JSON has the form of metadata, down to the parts on which the prediction relies. */
export function isMetadata(json: unknown): json is Metadata {
  if (!isRecord(json) || !isRecord(json.target) || !isRecord(json.loss) || !isRecord(json.provenance)) return false;
  const { target, loss, encoder, readings, thresholds } = json;
  return (
    typeof json.checksum === "string" &&
    isText(target.kind) &&
    ["binary", "multiclass", "multilabel"].includes(target.kind) &&
    (target.activation === "sigmoid" || target.activation === "softmax") &&
    isTexts(target.columns) &&
    isTexts(target.classes) &&
    target.classes.length === (target.kind === "binary" ? 2 : target.outputs) &&
    typeof loss.name === "string" &&
    isRecord(loss.parameters) &&
    isNumbers(thresholds) &&
    thresholds.length === (target.kind === "multiclass" ? 0 : target.outputs) &&
    isEncoder(encoder) &&
    isListOf(readings, isReading) &&
    readings.length === encoder.columns.length &&
    readings.every(({ as }, k) => (as === "category") === (encoder.columns[k].kind !== "number")) &&
    isModelFields(json, encoder.width, target.outputs)
  );
}

function isEncoder(json: unknown): json is Encoder {
  return isRecord(json) && isPlace(json.width) && isTexts(json.names) && isListOf(json.columns, isColumn);
}

function isColumn(json: unknown): json is EncodedColumn {
  if (!isRecord(json) || typeof json.name !== "string" || !isPlace(json.at)) return false;
  const isOptional = (place: unknown) => place === null || isPlace(place);
  if (json.kind === "number")
    return isNumbers([json.fill === null ? 0 : json.fill, json.center, json.scale]) && isOptional(json.missingAt);
  if (json.kind === "level") return isTexts(json.levels) && json.levels.length <= mostOrdered;
  return json.kind === "category" && isTexts(json.levels) && isOptional(json.otherAt) && isOptional(json.missingAt);
}
