// The WASM back end: problems that its kernels cover run there, all others on the reference.
import type { Problem } from "../../batch/problem.ts";
import { fail, texts } from "../../errors.ts";
import type { Loss } from "../../losses/define.ts";
import type { Backend, Outputs } from "../backend.ts";
import { reference } from "../reference.ts";
import { CompensatedSum } from "../sum.ts";
import { type Call, Caller } from "./call.ts";
import { detectFeatures, type Features } from "./features.ts";
import { Heap, type HeapArray, Scratch } from "./heap.ts";
import { callSymbols } from "./kernel.ts";
import { type KernelLoss, Kernels, kernelLoss, type ReadyKernel } from "./kernels.ts";
import { plainProducts } from "./products/plain.ts";
import { KernelProducts, type Products } from "./products/products.ts";
import { Threads } from "./threads.ts";

/** Options of {@link WasmBackend.create}. */
export interface WasmOptions {
  /** How many threads share the work of a large batch. Default 1. */
  readonly threads?: number | undefined;
  /** Whether to use the multiply-add of relaxed SIMD where the engine has one. Default true. */
  readonly relaxed?: boolean | undefined;
}

/** A back end of WASM SIMD kernels, assembled from the formulas of the losses, with arrays that they read in place. */
export interface WasmBackend extends Backend {
  /**
   * The relative error on float32 logits of every magnitude: of a value that of the number itself, of a gradient under
   * softmax that of the largest of its row, of a soft label that of its own two terms, of a curvature that of the slope
   * where this is larger. Of focal loss with a gamma of 4 and more, or of no whole number, and of generalized cross
   * entropy it may be up to 10 times as much, and 5 gamma times where that is more. Probabilities below 1e-37 may count
   * as 0, curvatures below 1e-35.
   */
  readonly tolerance: { readonly value: number; readonly gradient: number; readonly curvature: number };
  /** What the engine can do; without `simd` everything runs on the reference. */
  readonly features: Features;
  /** A Float32Array of zeros on the heap of the back end: it is read and written without being copied. */
  float32(length: number): Float32Array;
  /** The same for integers, such as class indices. */
  int32(length: number): Int32Array;
  /** The same for bytes, such as labels 0 and 1. */
  uint8(length: number): Uint8Array;
  /** Gives back the memory of an array that this back end made. */
  free(array: HeapArray): void;
  /** What training a small network needs besides its loss, on arrays of this heap. */
  readonly products: Products;
  /** Makes another back end, with a heap of its own. */
  create(options?: WasmOptions): WasmBackend;
}

let engine: Features | null = null;

/**
 * The WASM SIMD back end: pass it to `evaluate` as `backend`.
 *
 * Each loss becomes a kernel, assembled from its formula when it is first used, in about 2 ms. Arrays made by
 * `wasm.float32` are read and written in place; others are copied on the way. Logits in a Float64Array are rounded to
 * float32. What no kernel covers runs on the reference, in float64: soft labels and curvature of softmax,
 * `labelSmoothing`, `logitAdjustment`, parameters per class, inputs other than logits, and batches with NaN or infinite
 * logits.
 *
 * @example
 * const logits = wasm.float32(3); // one example, three classes
 * const gradient = wasm.float32(3);
 * logits.set([2, 0, 1]);
 * const { loss } = evaluate(focal(), { logits, labels: [0] }, { activation: "softmax", gradient, backend: wasm });
 * console.log(loss.toFixed(4), gradient[0].toFixed(4));
 */
export const wasm: WasmBackend = /* @__PURE__ */ createWasm();

/** Makes a back end. */
function createWasm({ threads = 1, relaxed }: WasmOptions = {}): WasmBackend {
  if (!Number.isInteger(threads) || threads < 1) fail("wasm.create", texts.threadsNotCount(threads));
  let made: Engine | null = null;
  const features = () => {
    engine ??= detectFeatures();
    return engine;
  };
  const engineOf = () => {
    made ??= new Engine(relaxed !== false && features().relaxedSimd, features().threads ? threads : 1);
    return made;
  };
  return {
    get name() {
      return features().simd ? "wasm" : "wasm (no SIMD here: the reference)";
    },
    tolerance: { value: 1e-6, gradient: 1e-6, curvature: 1e-5 },
    get features() {
      return features();
    },
    float32: (length) => (features().simd ? engineOf().heap.float32(length) : new Float32Array(length)),
    int32: (length) => (features().simd ? engineOf().heap.int32(length) : new Int32Array(length)),
    uint8: (length) => (features().simd ? engineOf().heap.uint8(length) : new Uint8Array(length)),
    free(array) {
      if (features().simd) engineOf().heap.remove(array);
    },
    get products() {
      return features().simd ? engineOf().products : plainProducts;
    },
    create: createWasm,
    attempt: (loss, problem, scale, outputs) =>
      features().simd ? engineOf().attempt(loss, problem, scale, outputs) : null,
    run(loss, problem, scale, outputs) {
      const sum = features().simd ? engineOf().attempt(loss, problem, scale, outputs) : null;
      return sum ?? reference.run(loss, problem, scale, outputs);
    },
  };
}

/** A heap with its kernels. */
class Engine {
  readonly heap = new Heap();
  private readonly scratch = new Scratch(this.heap);
  private readonly caller = new Caller(this.heap, this.scratch);
  private readonly kernels: Kernels;
  private readonly losses = new WeakMap<Loss, KernelLoss>();
  private readonly modules = new Map<Uint8Array, number>();
  private madeProducts: KernelProducts | null = null;

  private readonly pool: Threads | null;

  constructor(
    private readonly fused: boolean,
    threads: number,
  ) {
    this.kernels = new Kernels(this.heap, fused);
    this.pool = threads > 1 ? new Threads(this.heap, threads) : null;
  }

  get products(): Products {
    this.madeProducts ??= new KernelProducts(this.heap, this.scratch, this.fused);
    return this.madeProducts;
  }

  attempt(loss: Loss, problem: Problem, scale: number, outputs: Outputs): number | null {
    const known = this.losses.get(loss) ?? kernelLoss(loss);
    if (known === null) return null;
    this.losses.set(loss, known);
    const needsBoth = problem.activation === "sigmoid" && loss.definition.negativeFormula !== undefined;
    return (
      (needsBoth ? null : this.run(loss, known, problem, scale, outputs, false)) ??
      (problem.activation === "sigmoid" ? this.run(loss, known, problem, scale, outputs, true) : null)
    );
  }

  private run(
    loss: Loss,
    known: KernelLoss,
    problem: Problem,
    scale: number,
    outputs: Outputs,
    areLabelsSoft: boolean,
  ): number | null {
    try {
      const call = this.caller.prepare(problem, scale, outputs, areLabelsSoft);
      if (call === null) return null;
      const kernel = this.kernels.of(loss, known, call.variant);
      if (kernel === null) return null;
      this.fill(kernel, known, call);
      const sum = this.runAll(kernel, call);
      if (!Number.isFinite(sum)) return null;
      this.caller.finish();
      return sum;
    } finally {
      this.scratch.reset();
    }
  }

  /** Fills in what a kernel finds among its constants: what is new with this call, and the parameters of the loss. */
  private fill({ symbols }: ReadyKernel, { symbols: parameters }: KernelLoss, call: Call): void {
    const { float32s } = this.heap;
    for (const [name, index] of symbols) float32s[index] = callSymbol(name, call) ?? parameters[name];
  }

  private runAll(kernel: ReadyKernel, call: Call): number {
    if (this.pool !== null && call.count * call.classes >= smallestShared)
      return this.runShared(kernel, call, this.pool);
    const { run, constants } = kernel;
    const { classes, count, countPerRun, pointers, strides } = call;
    const scratch = this.scratch.take(call.scratchBytes);
    if (count <= countPerRun) return run(constants, scratch, classes, count, ...pointers);
    const total = new CompensatedSum();
    for (let first = 0; first < count; first += countPerRun) {
      const rows = Math.min(countPerRun, count - first);
      const here = pointers.map((address, k) => (address === 0 ? 0 : address + first * strides[k]));
      const sum = run(constants, scratch, classes, rows, ...here);
      if (!Number.isFinite(sum)) return sum;
      total.add(sum);
    }
    return total.value;
  }

  /** The same by several threads, in smaller portions, so that the last one keeps nobody waiting long. */
  private runShared({ run, constants, bytes }: ReadyKernel, call: Call, pool: Threads): number {
    const { classes, count, pointers, strides } = call;
    const portions = 4 * pool.threads;
    const countPerRun = Math.min(call.countPerRun, 4 * Math.ceil(count / portions / 4));
    const runs = Math.ceil(count / countPerRun);
    const scratchBytes = 64 * Math.ceil(call.scratchBytes / 64);
    const scratch = this.scratch.take(scratchBytes * pool.threads);
    const sums = this.scratch.take(8 * runs);
    const { module, moduleBytes } = this.moduleOf(bytes);
    pool.run(
      { module, moduleBytes, constants, classes, count, countPerRun, scratch, scratchBytes, sums, pointers, strides },
      run,
    );
    const total = new CompensatedSum();
    for (const sum of new Float64Array(this.heap.memory.buffer, sums, runs)) total.add(sum);
    return total.value;
  }

  /** Where the other threads find the module of a kernel. */
  private moduleOf(bytes: Uint8Array): { module: number; moduleBytes: number } {
    const module = this.modules.get(bytes) ?? this.heap.allocate(bytes.length);
    if (!this.modules.has(bytes)) this.heap.uint8s.set(bytes, module);
    this.modules.set(bytes, module);
    return { module, moduleBytes: bytes.length };
  }
}

/** Fewer numbers than this are not worth waking a thread. */
const smallestShared = 65536;

/** A number that changes from call to call, by the symbol under which kernels know it. */
function callSymbol(name: string, { scale, weightOfOne, weightOfZero }: Call): number | null {
  switch (name) {
    case callSymbols.scale:
      return scale;
    case callSymbols.minusScale:
      return -scale;
    case callSymbols.weightOfOne:
      return weightOfOne;
    case callSymbols.weightOfZero:
      return weightOfZero;
    default:
      return null;
  }
}
