// Our own contenders: the reference back end, and the WASM one with and without relaxed SIMD.
import { type Backend, crossEntropy, evaluate, focal, type Loss, reference } from "surprisal";
import { wasm } from "surprisal/wasm";
import type { Case, Instructions } from "../cases.ts";
import { type Contender, inProcess, type Kernels } from "../contender.ts";
import type { Data } from "../data.ts";

/** A WASM back end with its heap. */
export type Heap = typeof wasm;

/** The loss of a case. */
export function lossOf({ gamma }: Pick<Case, "gamma">): Loss {
  return gamma === 0 ? crossEntropy() : focal({ gamma });
}

/** The float64 reference, which every other contender is checked against. Timed where one need not wait for it. */
export async function openReference(): Promise<Contender> {
  const refuses = ({ examples, classes }: Case) => (examples * classes > 1e6 ? "slower than one can wait for" : null);
  const about = { id: "reference", name: "our reference", version: "", isOurs: true, refuses };
  return inProcess(about, (task, data) => plainKernels(reference, task, data));
}

/** The WASM back end with one thread. */
export async function openWasm(instructions: Instructions): Promise<Contender> {
  if (!wasm.features.simd) throw new Error("this engine has no SIMD");
  if (instructions === "relaxed" && !wasm.features.relaxedSimd) throw new Error("this engine has no relaxed SIMD");
  const heap = wasm.create({ threads: 1, relaxed: instructions === "relaxed" });
  const name = instructions === "relaxed" ? "ours, relaxed SIMD" : "ours, SIMD";
  return inProcess({ id: instructions, name, version: "", isOurs: true }, (task, data) =>
    heapKernels(heap, task, data),
  );
}

/** A case on arrays that live on the heap of a back end: nothing is copied when it runs. */
export function heapKernels(backend: Heap, task: Case, data: Data, loss: Loss = lossOf(task)): Kernels {
  const { activation, classes } = task;
  const logits = backend.float32(data.logits.length);
  const count = data.labels.length;
  const labels = activation === "softmax" ? backend.int32(count) : backend.uint8(count);
  const output = backend.float32(data.logits.length);
  logits.set(data.logits);
  labels.set(data.labels);
  const once = (gradient: Float32Array | false) =>
    evaluate(loss, { logits, labels, classes }, { activation, gradient, backend }).loss;
  return {
    run: { forward: () => once(false), gradient: () => once(output) },
    gradient: output,
    release() {
      for (const array of [logits, labels, output]) backend.free(array);
    },
  };
}

/** A case on arrays of JavaScript's own; the WASM back end copies them in and out. */
export function plainKernels(backend: Backend, task: Case, { logits, labels }: Data): Kernels {
  const { activation, classes } = task;
  const output = new Float32Array(logits.length);
  const loss = lossOf(task);
  const once = (gradient: Float32Array | false) =>
    evaluate(loss, { logits, labels, classes }, { activation, gradient, backend }).loss;
  return { run: { forward: () => once(false), gradient: () => once(output) }, gradient: output };
}
