// The part of the thread pool that runs in every thread. Its text is sent to the others, so it may use nothing outside.

/** What the runs of a job share. Addresses are those of the heap. */
export interface Job {
  /** The module of the kernel. */
  readonly module: number;
  readonly moduleBytes: number;
  readonly constants: number;
  readonly classes: number;
  readonly count: number;
  readonly countPerRun: number;
  /** Scratch memory of the main thread; that of the others follows. */
  readonly scratch: number;
  readonly scratchBytes: number;
  /** A float64 for each run. */
  readonly sums: number;
  readonly pointers: readonly number[];
  readonly strides: readonly number[];
}

/** What a thread is given when it starts. */
export interface ThreadStart {
  readonly memory: { readonly buffer: ArrayBufferLike };
  readonly control: number;
  /** Its number; the main thread has 0. */
  readonly thread: number;
}

type Run = (...values: readonly number[]) => number;

/** Makes what a thread needs. The words of a control block tell the threads of a job. */
export function threadCode() {
  // The places in the control block. Threads sleep on the number of the job; while some are inside, it must stay as it
  // is.
  const [job, isOpen, inside, next, finished, runs, module, moduleBytes, constants] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const [classes, count, countPerRun, scratch, scratchBytes, sums, present] = [9, 10, 11, 12, 13, 14, 15];
  const [pointers, strides] = [16, 24];
  const largestPointers = 8;
  const roundsAwake = 20_000;

  /** Writes a job into the control block and lets the threads in. */
  function open(words: Int32Array, given: Job, threads: number): void {
    words[module] = given.module;
    words[moduleBytes] = given.moduleBytes;
    words[constants] = given.constants;
    words[classes] = given.classes;
    words[count] = given.count;
    words[countPerRun] = given.countPerRun;
    words[scratch] = given.scratch;
    words[scratchBytes] = given.scratchBytes;
    words[sums] = given.sums;
    words[runs] = Math.ceil(given.count / given.countPerRun);
    for (let p = 0; p < largestPointers; p++) {
      words[pointers + p] = given.pointers[p] ?? 0;
      words[strides + p] = given.strides[p] ?? 0;
    }
    words[next] = 0;
    words[finished] = 0;
    Atomics.store(words, isOpen, 1);
    Atomics.add(words, job, 1);
    Atomics.notify(words, job, threads);
  }

  /** Waits until every run is done and no thread looks at the job any more. */
  function close(words: Int32Array): void {
    while (Atomics.load(words, finished) < words[runs]);
    Atomics.store(words, isOpen, 0);
    while (Atomics.load(words, inside) > 0);
  }

  /**
   * Takes one run after the other until none is left. The sum of one that fails is NaN, for the others wait for all.
   *
   * @returns what made one fail
   */
  function takeRuns(words: Int32Array, memory: ThreadStart["memory"], run: Run, thread: number): unknown {
    let fault: unknown = null;
    for (let k = Atomics.add(words, next, 1); k < words[runs]; k = Atomics.add(words, next, 1)) {
      const first = k * words[countPerRun];
      const here: number[] = [];
      for (let p = 0; p < largestPointers; p++) {
        const address = words[pointers + p] >>> 0;
        here.push(address === 0 ? 0 : address + first * words[strides + p]);
      }
      const own = (words[scratch] >>> 0) + thread * words[scratchBytes];
      const rows = Math.min(words[countPerRun], words[count] - first);
      let sum = Number.NaN;
      try {
        sum = run(words[constants] >>> 0, own, words[classes], rows, ...here);
      } catch (error) {
        fault ??= error;
      }
      new Float64Array(memory.buffer, words[sums] >>> 0, k + 1)[k] = sum;
      Atomics.add(words, finished, 1);
    }
    return fault;
  }

  /** Waits for jobs, a while awake, then asleep, and makes the kernels that it meets. */
  function serve({ memory, control, thread }: ThreadStart, compile: (bytes: Uint8Array) => Run): void {
    const words = new Int32Array(memory.buffer, control, 32);
    const kernels = new Map<number, Run>();
    Atomics.add(words, present, 1);
    for (let seen = Atomics.load(words, job); ; ) {
      for (let round = 0; round < roundsAwake && Atomics.load(words, job) === seen; round++);
      Atomics.wait(words, job, seen);
      seen = Atomics.load(words, job);
      Atomics.add(words, inside, 1);
      try {
        if (Atomics.load(words, isOpen) === 1) {
          const place = words[module] >>> 0;
          const run = kernels.get(place) ?? compile(new Uint8Array(memory.buffer, place, words[moduleBytes]).slice());
          kernels.set(place, run);
          takeRuns(words, memory, run, thread);
        }
      } catch {
        // It could not make the kernel, so it does nothing; above all it must not stay inside.
      } finally {
        Atomics.sub(words, inside, 1);
      }
    }
  }

  /** How many threads beside the main one have come so far. */
  function arrived(words: Int32Array): number {
    return Atomics.load(words, present);
  }
  return { open, close, takeRuns, serve, arrived };
}
