// What no library would refuse, although it could only go wrong: we do.
import { CliError, libraryTexts } from "../../../errors.ts";
import type { Features } from "../../features.ts";
import type { Objective } from "../../objective.ts";

/** @throws RangeError unless rows, columns and labels are as many as they say, and the same for all */
export function refuseStrange(features: Features, watched: Features | undefined, objective: Objective): void {
  for (const { rows, width, values } of [features, ...(watched === undefined ? [] : [watched])]) {
    if (values.length !== rows * width) {
      throw new RangeError(`features: ${values.length} values, expected ${rows} rows of ${width}`);
    }
  }
  if (watched !== undefined && watched.width !== features.width) {
    throw new RangeError(`watched features: ${watched.width} columns, expected ${features.width}`);
  }
  const { activation, outputs, labels } = objective;
  const wanted = activation === "softmax" ? features.rows : features.rows * outputs;
  if (labels.length !== wanted) throw new RangeError(`labels: ${labels.length}, expected ${wanted}`);
}

/** @throws CliError where slopes are no numbers: trees would be grown from them all the same */
export function refuseNaN(title: string, ...slopes: readonly Float32Array[]): void {
  for (const each of slopes) {
    let sum = 0;
    for (let row = 0; row < each.length; row++) sum += each[row] * 0;
    if (sum !== 0) throw new CliError(libraryTexts.slopesNotFinite(title));
  }
}
