// The WASM back end, with and without a multiply-add, beside the reference.
import { type EvaluateOptions, evaluate, type FloatArray, type Loss } from "../src/index.ts";
import { wasm } from "../src/wasm.ts";
import { expectClose } from "./support.ts";

const plain = wasm.create({ relaxed: false });

type Outputs = { readonly gradient?: FloatArray; readonly perExample?: FloatArray; readonly loss: number };

/** Expects both back ends to agree, in sum and row by row. */
export function expectSame(
  loss: Loss,
  batch: { logits: Float32Array; labels: Int32Array | Float64Array | Float32Array | Uint8Array; classes: number },
  options: Omit<EvaluateOptions, "backend">,
  tolerance = 2e-6,
  scale = 1e-30,
): void {
  const exact = evaluate(loss, batch, { gradient: true, ...options }) as Outputs;
  for (const backend of [wasm, plain]) {
    const found = evaluate(loss, batch, { gradient: true, ...options, backend }) as Outputs;
    expectClose(found.loss, exact.loss, tolerance, scale);
    const { classes } = batch;
    const wanted = exact.gradient as FloatArray;
    for (let row = 0; row < batch.logits.length; row += classes) {
      const actual = (found.gradient as FloatArray).slice(row, row + classes);
      expectClose(actual, wanted.slice(row, row + classes), tolerance, scale);
    }
    if (exact.perExample) expectClose(found.perExample as FloatArray, exact.perExample, tolerance, scale);
  }
}
