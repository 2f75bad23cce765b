// Threads that share the runs of a large batch, over shared memory.
//
// The main thread waits for nobody to begin: it takes runs itself until none is left, so threads that are still starting
// cost no time. Each run has its own place for its sum, and these are added in the order of the runs: the result does
// not depend on who did what.
import type { Heap } from "./heap.ts";
import { type Job, type ThreadStart, threadCode } from "./threadCode.ts";

const controlWords = 32;
const { open, close, takeRuns } = /* @__PURE__ */ threadCode();

/** A pool of threads on a heap. */
export class Threads {
  private readonly control: number;
  private readonly words: Int32Array;

  /** @param threads how many, the main one among them */
  constructor(
    private readonly heap: Heap,
    readonly threads: number,
  ) {
    this.control = heap.allocate(4 * controlWords);
    this.words = heap.int32s.subarray(this.control / 4, this.control / 4 + controlWords);
    for (let thread = 1; thread < threads; thread++) {
      startThread({ memory: heap.memory, control: this.control, thread });
    }
  }

  /** Does all runs of a job and returns when they are done; their sums are on the heap. */
  run(job: Job, run: (...values: readonly number[]) => number): void {
    open(this.words, job, this.threads - 1);
    takeRuns(this.words, this.heap.memory, run, 0);
    close(this.words);
  }
}

/** The text of a thread; `start` and the function that waits for it differ between Node and browsers. */
const text = (receive: string) => `
const compile = (memory) => (bytes) =>
  new WebAssembly.Instance(new WebAssembly.Module(bytes), { heap: { memory } }).exports.run;
const begin = (start) => (${threadCode})().serve(start, compile(start.memory));
${receive}`;

interface NodeThreads {
  readonly Worker: new (code: string, options: object) => { unref(): void };
}
interface BrowserWorker {
  postMessage(message: unknown): void;
}

declare const process: { getBuiltinModule?(name: string): NodeThreads } | undefined;
declare const Worker: new (url: string) => BrowserWorker;
declare const Blob: new (parts: string[], options: object) => object;
declare const URL: { createObjectURL(blob: object): string };

/** Starts a thread. In Node it does not keep the program alive. */
function startThread(start: ThreadStart): void {
  const node = typeof process === "undefined" ? undefined : process.getBuiltinModule?.("node:worker_threads");
  if (node !== undefined) {
    const code = text('begin(require("node:worker_threads").workerData);');
    new node.Worker(code, { eval: true, workerData: start }).unref();
    return;
  }
  const blob = new Blob([text("onmessage = ({ data }) => begin(data);")], { type: "text/javascript" });
  new Worker(URL.createObjectURL(blob)).postMessage(start);
}
