// Threads that share the runs of a large batch, over shared memory.
//
// The main thread waits for nobody to begin: it takes runs itself until none is left, so threads that are still
// starting, or that never come, cost no time. Each run has its own place for its sum, and these are added in the order
// of the runs: the result does not depend on who did what.
import type { Heap } from "../memory/heap.ts";
import { addressesLeft, nodeModule } from "../memory/system.ts";
import { type Job, type ThreadStart, threadCode } from "./threadCode.ts";

/** More threads than this are not asked for on purpose. */
export const mostThreads = 256;
const controlWords = 32;
const { open, close, takeRuns, arrived } = /* @__PURE__ */ threadCode();

/** Ends a thread. */
type End = () => void;

/** Ends the threads of pools that nobody has any more: they sleep, and would for ever. */
const endings = /* @__PURE__ */ new FinalizationRegistry<readonly End[]>(endAll);

function endAll(ends: readonly End[]): void {
  for (const end of ends) end();
}

/** A pool of threads on a heap. */
export class Threads {
  private readonly control: number;
  private readonly words: Int32Array;
  private readonly ends: End[] = [];
  /** Why there are fewer threads than were asked for; null if nobody forbade them. */
  readonly obstacle: string | null;

  /** @param wanted how many threads, the main one among them */
  constructor(
    private readonly heap: Heap,
    wanted: number,
  ) {
    this.control = heap.allocate(4 * controlWords);
    this.words = new Int32Array(heap.memory.buffer, this.control, controlWords).fill(0);
    this.obstacle = this.start(wanted);
    endings.register(this, this.ends, this);
  }

  /** How many threads there are, the main one among them. */
  get threads(): number {
    return 1 + this.ends.length;
  }

  /** How many of them have begun to work. */
  get arrived(): number {
    return 1 + arrived(this.words);
  }

  /** Does all runs of a job and returns when they are done; their sums are on the heap. */
  run(job: Job, run: (...values: readonly number[]) => number): void {
    open(this.words, job, this.threads - 1);
    const fault = takeRuns(this.words, this.heap.memory, run, 0);
    close(this.words);
    if (fault !== null) throw fault;
  }

  /** Ends all threads but the main one, which then does the work alone. */
  end(): void {
    endings.unregister(this);
    endAll(this.ends);
    this.ends.length = 0;
  }

  /** Starts threads for as long as nothing forbids it. */
  private start(wanted: number): string | null {
    const room = addressesLeft();
    for (let thread = 1; thread < wanted; thread++) {
      if (room < (thread + 1) * addressesPerThread) return "the address space of the process is limited (ulimit -v)";
      try {
        this.ends.push(startThread({ memory: this.heap.memory, control: this.control, thread }));
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    }
    return null;
  }
}

/** The text of a thread; `start` and the function that waits for it differ between Node and browsers. */
const text = (receive: string) => `
const compile = (memory) => (bytes) =>
  new WebAssembly.Instance(new WebAssembly.Module(bytes), { heap: { memory } }).exports.run;
const begin = (start) => (${threadCode})().serve(start, compile(start.memory));
${receive}`;

interface BrowserWorker {
  postMessage(message: unknown): void;
  terminate(): void;
}

declare const Worker: new (url: string) => BrowserWorker;
declare const Blob: new (parts: string[], options: object) => object;
declare const URL: { createObjectURL(blob: object): string };

/**
 * A thread of Node reserves 600 MB of addresses, with these limits 120: kernels need hardly any memory of V8's heap.
 */
const threadLimits = { codeRangeSizeMb: 16, maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 };
/** Twice of that. */
const addressesPerThread = 256 * 2 ** 20;

/** Where browsers find the text of a thread. */
let place: string | null = null;

/** Starts a thread. In Node it does not keep the program alive, and one that cannot begin is silent. */
function startThread(start: ThreadStart): End {
  const node = nodeModule("node:worker_threads");
  if (node !== undefined) {
    const code = text('begin(process.getBuiltinModule("node:worker_threads").workerData);');
    const options = { eval: true, workerData: start, execArgv: [], resourceLimits: threadLimits };
    const worker = new node.Worker(code, options);
    worker.on("error", () => {});
    worker.unref();
    return () => void worker.terminate();
  }
  place ??= URL.createObjectURL(
    new Blob([text("onmessage = ({ data }) => begin(data);")], { type: "text/javascript" }),
  );
  const worker = new Worker(place);
  worker.postMessage(start);
  return () => worker.terminate();
}
