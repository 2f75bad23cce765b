// What a journal belongs to: all that the result of a fold depends on.
import { createHash } from "node:crypto";
import type { Folds } from "../folds/assignment.ts";
import type { Study } from "../selection/study.ts";
import { versions } from "../version.ts";

/**
 * A hash of the plans, the folds and every value that is learnt from; equal only where a fold gives the same result.
 */
export function identityOf(studies: readonly Study<Folds>[]): string {
  const [{ folds, groups, time, task }] = studies; // they differ in their plans only
  const { columns, target } = task;
  const { kind, columns: targets, classes, rows, labels, weights } = target;
  const features = columns.map((column) => [
    column.name,
    column.reading,
    column.kind === "number" ? null : column.levels,
  ]);
  const hash = createHash("sha256").update(
    JSON.stringify([
      versions,
      studies.map(({ plan }) => plan),
      folds.hash,
      kind,
      targets,
      classes,
      rows.length,
      features,
      groups === null,
      time !== undefined,
    ]),
  );
  for (const column of columns) hash.update(bytesOf(column.kind === "number" ? column.values : column.codes));
  for (const array of [rows, labels, groups, weights, time ?? null]) if (array !== null) hash.update(bytesOf(array));
  return hash.digest("hex");
}

function bytesOf({ buffer, byteOffset, byteLength }: NodeJS.ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
