// The model on disk: written whole or not at all, read with every check.
import { readWhole, writeWhole } from "../disk/atomicFile.ts";
import { CliError, fileTexts } from "../errors.ts";
import { makeModelProto } from "./onnx/pipeline.ts";
import { readModel } from "./onnx/read.ts";
import { encodeModel } from "./onnx/schema.ts";
import type { SavedModel } from "./savedModel.ts";

/** The bytes of a model's file; equal models have equal bytes. */
export function modelBytes(saved: SavedModel): Uint8Array {
  if (saved.encoder.width === 0) throw new CliError(fileTexts.noFeatures());
  return encodeModel(makeModelProto(saved));
}

/**
 * Writes a model as an ONNX file.
 *
 * @throws CliError if the place cannot be written to; then nothing is left behind
 */
export async function writeModelFile(path: string, saved: SavedModel): Promise<void> {
  await writeWhole(path, modelBytes(saved));
}

/**
 * Reads a model that `writeModelFile` has written.
 *
 * @throws CliError if it cannot be read, is cut off or damaged, or another program's
 */
export async function readModelFile(path: string): Promise<SavedModel> {
  return readModel(await readWhole(path), path);
}
