// The model on disk: written whole or not at all, read with every check.
import { open, readFile } from "node:fs/promises";
import { reasonOf, writeAtomically } from "../disk/atomicFile.ts";
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
  const bytes = modelBytes(saved);
  await writeAtomically(path, async (temporary) => {
    const file = await open(temporary, "w");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

/**
 * Reads a model that `writeModelFile` has written.
 *
 * @throws CliError if it cannot be read, is cut off or damaged, or another program's
 */
export async function readModelFile(path: string): Promise<SavedModel> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new CliError(fileTexts.cannotRead(path, reasonOf(error)));
  }
  return readModel(bytes, path);
}
