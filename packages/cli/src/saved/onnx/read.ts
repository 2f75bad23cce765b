// From the bytes of a file back to a saved model, with every doubt turned into a clear error.
import { CliError, fileTexts } from "../../errors.ts";
import type { SavedModel } from "../savedModel.ts";
import { checksum, isMetadata, lossOf, type Metadata, metadataKey } from "./metadata.ts";
import { formats, readModelOf } from "./models.ts";
import { decodeModel, type GraphProto, type ModelProto } from "./schema.ts";

/**
 * Reads a model that `makeModelProto` has made.
 *
 * @param path what a message begins with
 * @throws CliError if the bytes are cut off, damaged, or another program's
 */
export function readModel(bytes: Uint8Array, path: string): SavedModel {
  const { graph, metadata } = contentOf(decoded(bytes, path), path);
  const { checksum: expected, ...content } = metadata;
  if (checksum(content, graph) !== expected) throw new CliError(fileTexts.damagedModel(path));
  const loss = lossOf(content);
  if (loss === null) throw new CliError(fileTexts.modelLossUnknown(path, content.loss.name));
  const { target, encoder, readings, alpha, thresholds, provenance } = content;
  const model = readModelOf(graph, content);
  if (model === null) throw new CliError(fileTexts.damagedModel(path));
  return { target, encoder, readings, model, loss, alpha, thresholds, provenance };
}

function decoded(bytes: Uint8Array, path: string): Partial<ModelProto> {
  try {
    return decodeModel(bytes);
  } catch {
    throw new CliError(fileTexts.notOnnx(path));
  }
}

function contentOf(file: Partial<ModelProto>, path: string): { graph: GraphProto; metadata: Metadata } {
  const { graph, metadataProps = [], producerName = "", irVersion } = file;
  if (irVersion === undefined || graph === undefined) throw new CliError(fileTexts.notOnnx(path));
  const text = metadataProps.find(({ key }) => key === metadataKey)?.value;
  if (text === undefined) throw new CliError(fileTexts.foreignModel(path, producerName));
  const json = parsed(text);
  const format = typeof json === "object" && json !== null && "format" in json ? json.format : undefined;
  if (typeof format === "number" && !formats.includes(format)) {
    throw new CliError(fileTexts.newerModel(path, format, formats));
  }
  if (!isMetadata(json)) throw new CliError(fileTexts.damagedModel(path));
  return { graph, metadata: json };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
