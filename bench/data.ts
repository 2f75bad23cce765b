// The numbers that a case is computed on: the same for every contender, in memory and as files for other processes.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Case } from "./cases.ts";

/** Logits and labels of a case. */
export interface Data {
  /** `[examples, classes]`, normal with standard deviation 3. */
  readonly logits: Float32Array;
  /** Softmax: the class of each example. Sigmoid: 0 or 1 per logit. */
  readonly labels: Int32Array | Uint8Array;
  /** Both as raw little-endian files, written when first asked for. */
  files(): { readonly logits: string; readonly labels: string };
}

type Shape = Pick<Case, "activation" | "examples" | "classes">;

let folder: string | null = null;

/** A new path in a folder that is removed when this process ends. */
export function temporary(name: string): string {
  if (folder === null) {
    const made = mkdtempSync(join(tmpdir(), "surprisal-bench-"));
    process.on("exit", () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return join(folder, name);
}

/** Random data of a shape, always the same. */
export function makeData({ activation, examples, classes }: Shape): Data {
  const random = uniform(1952);
  const logits = new Float32Array(examples * classes);
  // The sum of four uniform numbers has variance 1/3 and is near enough to normal.
  for (let k = 0; k < logits.length; k++)
    logits[k] = 3 * Math.sqrt(3) * (random() + random() + random() + random() - 2);
  const labels = activation === "softmax" ? new Int32Array(examples) : new Uint8Array(examples * classes);
  const kinds = activation === "softmax" ? classes : 2;
  for (let k = 0; k < labels.length; k++) labels[k] = Math.floor(random() * kinds);
  return given(logits, labels);
}

/** Data that a caller made. */
export function given(logits: Float32Array, labels: Int32Array | Uint8Array): Data {
  let written: ReturnType<Data["files"]> | null = null;
  return {
    logits,
    labels,
    files() {
      if (written === null) {
        written = { logits: temporary("logits"), labels: temporary("labels") };
        writeFileSync(written.logits, logits);
        writeFileSync(written.labels, labels);
      }
      return written;
    },
  };
}

/** Uniform numbers from 0 to 1 (xorshift32, Marsaglia 2003). */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
