// The WASM back end: problems that its kernels cover run there, all others on the reference.
import { checkedOptions } from "../../batch/shape.ts";
import { fail, heapTexts, isRecord } from "../../errors.ts";
import type { Backend } from "../backend.ts";
import { reference } from "../reference.ts";
import { Machine } from "./machine.ts";
import { detectFeatures, type Features } from "./memory/features.ts";
import { checkedLength, type HeapArray } from "./memory/heap.ts";
import { mostThreads } from "./threads/threads.ts";

/** Options of {@link WasmBackend.create}. */
export interface WasmOptions {
  /**
   * How many threads share the work of a large batch, up to 256. Default 1. They sleep while there is none, and end
   * with `dispose` or when nothing refers to the back end any more. Where others cannot be started, one does the work.
   */
  readonly threads?: number | undefined;
  /** Whether to use the multiply-add of relaxed SIMD where the JavaScript engine has one. Default true. */
  readonly relaxed?: boolean | undefined;
}

/** A back end of WASM SIMD kernels, assembled from the formulas of the losses, with arrays that they read in place. */
export interface WasmBackend extends Backend {
  /**
   * The relative error on float32 logits of every magnitude: of a value that of the number itself, of a gradient under
   * softmax that of the largest of its row, of a soft label that of its own two terms, of a curvature that of the slope
   * where this is larger. Of focal loss with a gamma of 3 and more, or of no whole number, and of generalized cross
   * entropy it may be up to 10 times as much, and 5 gamma times where that is more. Probabilities below 1e-37 may count
   * as 0, curvatures below 1e-35.
   */
  readonly tolerance: { readonly value: number; readonly gradient: number; readonly curvature: number };
  /** What the JavaScript engine can do; without `simd` everything runs on the reference. */
  readonly features: Features;
  /** What runs where, in words: how many threads have begun, or why there are fewer, or why the reference runs. */
  readonly status: string;
  /** A Float32Array of zeros on the heap of the back end: it is read and written without being copied. */
  float32(length: number): Float32Array;
  /** The same for large sums, such as those of a histogram. */
  float64(length: number): Float64Array;
  /** The same for integers, such as class indices. */
  int32(length: number): Int32Array;
  /** The same for bytes, such as labels 0 and 1. */
  uint8(length: number): Uint8Array;
  /** Gives back the memory of an array that this back end made, once; what is made next may lie there. */
  free(array: HeapArray): void;
  /** Makes another back end, with a heap of its own. */
  create(options?: WasmOptions): WasmBackend;
  /**
   * Ends the threads of a back end that `create` made and lets go of its heap. Its arrays stay readable; what is asked
   * of the back end from then on is an error. `using backend = wasm.create()` does so at the end of a block.
   */
  dispose(): void;
  [Symbol.dispose](): void;
}

declare global {
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

/** What the JavaScript engine can do, once somebody has asked. */
let detected: Features | null = null;
/** Where a system lacks the symbol, nobody asks by that name. */
const disposeSymbol: typeof Symbol.dispose = /* @__PURE__ */ nameOfDispose();

/** Where the machine of each back end is: null where everything runs on the reference. */
const machines = /* @__PURE__ */ new WeakMap<object, () => Machine | null>();

/**
 * The WASM SIMD back end: pass it to `evaluate` as `backend`.
 *
 * Each loss becomes a kernel, assembled from its formula when it is first used, in about 2 ms. Arrays made by
 * `wasm.float32` are read and written in place; others are copied on the way. Logits in a Float64Array are rounded to
 * float32. What no kernel covers runs on the reference, in float64: soft labels of softmax, its curvature for more than
 * 128 classes, `labelSmoothing`, `logitAdjustment`, parameters per class, inputs other than logits, and batches with
 * NaN or infinite logits.
 *
 * @example
 * const logits = wasm.float32(3); // one example, three classes
 * const gradient = wasm.float32(3);
 * logits.set([2, 0, 1]);
 * const { loss } = evaluate(focal(), { logits, labels: [0] }, { activation: "softmax", gradient, backend: wasm });
 * console.log(loss.toFixed(4), gradient[0].toFixed(4));
 */
export const wasm: WasmBackend = /* @__PURE__ */ makeWasm({ threads: 1, relaxed: true, isForAll: true });

/**
 * The machine of a back end, for what shares its heap.
 *
 * @returns a function, as a machine is made when it is first needed, and gone when its back end is disposed of
 */
export function machineOf(where: string, backend: unknown): () => Machine | null {
  return (isRecord(backend) && machines.get(backend)) || fail(where, heapTexts.backendForeign(backend));
}

function nameOfDispose(): typeof Symbol.dispose {
  return Symbol.dispose ?? Symbol.for("Symbol.dispose");
}

/** Makes a back end of its own. */
function createWasm(options: WasmOptions = {}): WasmBackend {
  const where = "wasm.create";
  const { threads = 1, relaxed = true } = checkedOptions(where, options, ["threads", "relaxed"], "{ threads: 2 }");
  if (!Number.isInteger(threads) || threads < 1) fail(where, heapTexts.threadsNotCount(threads));
  if (threads > mostThreads) fail(where, heapTexts.threadsTooMany(threads, mostThreads));
  if (typeof relaxed !== "boolean") fail(where, heapTexts.relaxedNotBoolean(relaxed));
  return makeWasm({ threads, relaxed, isForAll: false });
}

/** What a back end is made of: its options, and whether it is one for all, which cannot be disposed of. */
interface Making {
  readonly threads: number;
  readonly relaxed: boolean;
  readonly isForAll: boolean;
}

/** Makes a back end. */
function makeWasm({ threads, relaxed, isForAll }: Making): WasmBackend {
  let made: Machine | null | undefined;
  let isDisposed = false;
  const features = () => {
    detected ??= detectFeatures();
    return detected;
  };
  /** Null where everything runs on the reference. */
  const machine = () => {
    if (made !== undefined) return made;
    if (isDisposed) fail("wasm", heapTexts.backendDisposed());
    made = features().simd ? Machine.create({ target: { fused: relaxed && features().relaxedSimd }, threads }) : null;
    return made;
  };
  const reasonForReference = () => (features().simd ? "no memory for a heap" : "no SIMD");
  const advice = () =>
    features().simd
      ? "; where addresses are limited (ulimit -v), it needs fewer with NODE_OPTIONS=--disable-wasm-trap-handler"
      : "";
  const dispose = () => {
    if (isForAll) fail("wasm.dispose", heapTexts.backendForAll());
    made?.end();
    made = undefined;
    isDisposed = true;
  };
  const backend: WasmBackend = {
    get name() {
      if (isDisposed) return "wasm (disposed)";
      return machine() === null ? `wasm (${reasonForReference()} here: the reference)` : "wasm";
    },
    tolerance: { value: 1e-6, gradient: 1e-6, curvature: 1e-5 },
    get features() {
      return features();
    },
    get status() {
      if (isDisposed) return "disposed";
      return machine()?.status ?? `everything runs on the reference: there is ${reasonForReference()} here${advice()}`;
    },
    float32: (length) => machine()?.heap.float32(length) ?? new Float32Array(checkedLength(length)),
    float64: (length) => machine()?.heap.float64(length) ?? new Float64Array(checkedLength(length)),
    int32: (length) => machine()?.heap.int32(length) ?? new Int32Array(checkedLength(length)),
    uint8: (length) => machine()?.heap.uint8(length) ?? new Uint8Array(checkedLength(length)),
    free: (array) => machine()?.remove(array),
    checkArrays: (where, arrays) => made?.checkArrays(where, arrays),
    create: createWasm,
    dispose,
    [disposeSymbol]: dispose,
    attempt: (loss, problem, scale, outputs) => machine()?.attempt(loss, problem, scale, outputs) ?? null,
    run: (loss, problem, scale, outputs) =>
      machine()?.attempt(loss, problem, scale, outputs) ?? reference.run(loss, problem, scale, outputs),
  };
  machines.set(backend, machine);
  return backend;
}
