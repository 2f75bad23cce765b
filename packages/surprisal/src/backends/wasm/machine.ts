// A heap with its kernels and threads: what a back end is made of once it is first used.
import type { FloatArray } from "../../batch/arrays.ts";
import { mayOverlap } from "../../batch/memory.ts";
import type { Problem } from "../../batch/problem.ts";
import { fail, heapTexts, isRecord, texts } from "../../errors.ts";
import type { Loss } from "../../losses/define.ts";
import type { Outputs } from "../backend.ts";
import { CompensatedSum } from "../sum.ts";
import type { Target } from "./assembler/code.ts";
import { type Call, Caller } from "./call.ts";
import { type KernelLoss, kernelLossOf } from "./formula/parameters.ts";
import { callSymbols } from "./kernel/kernel.ts";
import { Kernels, type ReadyKernel } from "./kernels.ts";
import { FreedArray, Heap, type HeapArray, HeapFull } from "./memory/heap.ts";
import { Scratch } from "./memory/scratch.ts";
import { isRefusal } from "./memory/webAssembly.ts";
import { countPerRun, isCut, runInTurn } from "./runs.ts";
import { sigmoidPointers } from "./sigmoid/variant.ts";
import { softmaxPointers } from "./softmax/variant.ts";
import { Threads } from "./threads/threads.ts";

/** What a machine is made for. */
export interface MachineOptions {
  readonly target: Target;
  /** How many threads share large batches, the main one among them. */
  readonly threads: number;
}

/** A heap with its kernels and threads. */
export class Machine {
  /** Memory for the length of one call. */
  readonly scratch: Scratch;
  readonly target: Target;
  private readonly wanted: number;
  private readonly caller: Caller;
  private readonly kernels: Kernels;
  private readonly losses = new WeakMap<Loss, KernelLoss>();
  private readonly modules = new Map<Uint8Array, number>();
  private readonly pool: Threads | null;
  /**
   * Whether a call is under way: a caller's own code, in a getter or a formula, may ask for another in the midst of it.
   */
  private isBusy = false;
  /** The call whose kernel met a number that it was not made for. */
  private failed: Call | null = null;
  /** Whether a batch found no room, or no kernel, and ran on the reference. */
  private wasRefused = false;

  /** Makes one; null where the system has no room for a heap. */
  static create(options: MachineOptions): Machine | null {
    const heap = Heap.create();
    return heap && new Machine(heap, options);
  }

  private constructor(
    readonly heap: Heap,
    { target, threads }: MachineOptions,
  ) {
    this.target = target;
    this.wanted = threads;
    this.scratch = new Scratch(heap);
    this.caller = new Caller(heap, this.scratch);
    this.kernels = new Kernels(heap, target);
    this.pool = threads > 1 && heap.kind.shared ? new Threads(heap, threads) : null;
  }

  /** What runs where, in words. */
  get status(): string {
    const { heap, pool, wanted } = this;
    const obstacle = heap.kind.shared ? pool?.obstacle : "memory cannot be shared between threads";
    const parts = [
      wanted === 1 ? "kernels on one thread" : `kernels on ${pool?.arrived ?? 1} of ${wanted} threads`,
      wanted > 1 && obstacle ? `others cannot be started: ${obstacle}` : null,
      wanted > 1 && !obstacle && pool?.arrived !== wanted ? "the others have not begun yet" : null,
      heap.limit,
      this.wasRefused ? "a batch for which the heap or the engine had no room ran on the reference" : null,
    ];
    return parts.filter((part) => part !== null).join("; ");
  }

  /** Says which of some arrays lies on the heap, but where nothing that is in use does. */
  checkArrays(where: string, arrays: Readonly<Record<string, unknown>>): void {
    for (const [name, array] of Object.entries(arrays)) {
      if (isRecord(array)) for (const part in array) this.checkArrays(where, { [`${name}.${part}`]: array[part] });
      if (ArrayBuffer.isView(array) && this.heap.isFreed(array)) fail(where, heapTexts.arrayFreed(name));
    }
  }

  remove(array: HeapArray): void {
    if (this.isBusy) fail("wasm", heapTexts.backendBusy());
    this.heap.remove(array);
  }

  /** Ends the threads. */
  end(): void {
    if (this.isBusy) fail("wasm", heapTexts.backendBusy());
    this.pool?.end();
  }

  attempt(loss: Loss, problem: Problem, scale: number, outputs: Outputs): number | null {
    if (this.isBusy) return null;
    const known = this.losses.get(loss) ?? this.firstSeen(loss);
    if (known === null) return null;
    this.isBusy = true;
    let sum: number | null = null;
    try {
      this.checkApart(loss.name, outputs);
      sum = this.run(loss, known, problem, scale, outputs);
      return sum;
    } catch (error) {
      if (error instanceof FreedArray) {
        const { logits, labels } = problem;
        const { gradient, curvature } = outputs;
        this.checkArrays(loss.name, { logits, labels, gradient, curvature });
      }
      throw error;
    } finally {
      this.isBusy = false;
      if (this.failed !== null) {
        if (sum === null) this.clear(this.failed, outputs);
        this.failed = null;
      }
    }
  }

  /** Of one memory there may be several buffers; that two outputs share it can only be told here. */
  private checkApart(where: string, { gradient, curvature }: Outputs): void {
    if (gradient === null || curvature === null || !mayOverlap(gradient, curvature)) return;
    const isOnHeap = this.heap.owns(gradient) && this.heap.owns(curvature);
    if (isOnHeap) fail(where, texts.memoryShared("gradient", "curvature"));
  }

  private firstSeen(loss: Loss): KernelLoss | null {
    const known = kernelLossOf(loss);
    if (known !== null) this.losses.set(loss, known);
    return known;
  }

  /** Runs the kernel of a problem, once: what it refuses is for the reference. */
  private run(loss: Loss, known: KernelLoss, problem: Problem, scale: number, outputs: Outputs): number | null {
    try {
      const call = this.caller.prepare(loss, problem, scale, outputs);
      if (call === null) return null;
      let sum = this.runCall(loss, known, call);
      if (sum === null && this.failed === call) {
        const soft = this.caller.forSoftLabels(call);
        if (soft !== null) sum = this.runCall(loss, known, soft);
      }
      if (sum !== null) this.caller.finish();
      return sum;
    } catch (error) {
      if (!(error instanceof HeapFull) && !isRefusal(error)) throw error;
      this.wasRefused = true;
      return null;
    } finally {
      this.scratch.reset();
    }
  }

  /** Runs the kernel of a call; null where there is none, or where it met a number that it was not made for. */
  private runCall(loss: Loss, known: KernelLoss, call: Call): number | null {
    const kernel = this.kernels.of(loss, known, call.variant);
    if (kernel === null) return null;
    this.fill(kernel, known, call);
    const sum = this.runAll(kernel, call);
    if (Number.isFinite(sum)) return sum;
    this.failed = call;
    return null;
  }

  /**
   * Makes outputs on the heap NaN into which a kernel has written before it met a number that it was not made for. The
   * reference overwrites them, unless that number is an error; then what they hold is void, and is not to look like a
   * gradient.
   */
  private clear({ variant, pointers }: Call, outputs: Outputs): void {
    const names: readonly string[] = variant.activation === "softmax" ? softmaxPointers : sigmoidPointers;
    const clearOne = (name: string, array: FloatArray | null) => {
      if (array === null || !this.heap.owns(array)) return;
      if (pointers[names.indexOf(name)] === array.byteOffset) array.fill(Number.NaN);
    };
    clearOne("gradient", outputs.gradient);
    clearOne("curvature", outputs.curvature);
  }

  /** Fills in what a kernel finds among its constants: what is new with this call, and the parameters of the loss. */
  private fill({ symbols }: ReadyKernel, { symbols: parameters }: KernelLoss, call: Call): void {
    const { float32s } = this.heap;
    for (const [name, index] of symbols) float32s[index] = callSymbol(name, call) ?? parameters[name];
  }

  private runAll(kernel: ReadyKernel, call: Call): number {
    if (this.pool !== null && this.pool.threads > 1 && isCut(call)) return this.runShared(kernel, call, this.pool);
    return runInTurn(kernel, call, this.scratch.take(call.scratchBytes));
  }

  /** The same runs by several threads. */
  private runShared({ run, constants, bytes }: ReadyKernel, call: Call, pool: Threads): number {
    const { classes, count, pointers, strides } = call;
    const rows = countPerRun(call);
    const runs = Math.ceil(count / rows);
    const scratchBytes = 64 * Math.ceil(call.scratchBytes / 64);
    const scratch = this.scratch.take(scratchBytes * pool.threads);
    const sums = this.scratch.take(8 * runs);
    const { module, moduleBytes } = this.moduleOf(bytes);
    pool.run(
      {
        module,
        moduleBytes,
        constants,
        classes,
        count,
        countPerRun: rows,
        scratch,
        scratchBytes,
        sums,
        pointers,
        strides,
      },
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
