// What a contender is: something that computes a case, and can be asked for one timed run at a time.
import type { Case, Pass } from "./cases.ts";
import type { Data } from "./data.ts";

/** The reduced loss, and the gradient where it was computed. */
export interface Numbers {
  readonly loss: number;
  readonly gradient: Float32Array | null;
}

/** A library, or a way to use it, that computes the same as the others. */
export interface Contender {
  readonly id: string;
  /** What the page calls it. */
  readonly name: string;
  readonly version: string;
  /** Ours must compute the right numbers; of a peer we say how far it is off. */
  readonly isOurs: boolean;
  /** Why it does not compute this; null if it does. */
  refuses(task: Case, pass: Pass): string | null;
  /** Takes the data in, in the form that it likes best. Not timed. */
  prepare(task: Case, data: Data): Promise<void>;
  /** The seconds of one run: the CPU time of its process over `repeats` runs, divided. */
  time(pass: Pass, repeats: number): Promise<number>;
  /** What the last run of a pass computed. */
  numbers(pass: Pass): Promise<Numbers>;
  /** Lets go of the case. */
  release(): Promise<void>;
  /** Ends what it started. */
  close(): Promise<void>;
}

/** A contender that may not be installed: `open` throws with the reason. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
  open(): Promise<Contender>;
}

/** How a contender inside this process computes a case. */
export interface Kernels {
  /** Runs once and gives the loss. */
  readonly run: { readonly [pass in Pass]?: () => number | Promise<number> };
  /** Where a run with gradient leaves it. */
  readonly gradient: Float32Array | null;
  readonly release?: () => void;
}

/** A contender inside this process, from a function that makes its kernels for a case. */
export function inProcess(
  about: Pick<Contender, "id" | "name" | "version"> & Partial<Pick<Contender, "isOurs" | "refuses">>,
  makeKernels: (task: Case, data: Data) => Kernels | Promise<Kernels>,
): Contender {
  let kernels: Kernels | null = null;
  const losses: { [pass in Pass]?: number } = {};
  return {
    isOurs: false,
    refuses: () => null,
    ...about,
    async prepare(task, data) {
      kernels = await makeKernels(task, data);
    },
    async time(pass, repeats) {
      const run = kernels?.run[pass];
      if (run === undefined) throw new Error(`${about.name} was asked for what it refuses`);
      const before = process.cpuUsage();
      for (let k = 0; k < repeats; k++) {
        const loss = run();
        losses[pass] = typeof loss === "number" ? loss : await loss;
      }
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1e6 / repeats;
    },
    async numbers(pass) {
      return { loss: losses[pass] ?? Number.NaN, gradient: pass === "gradient" ? (kernels?.gradient ?? null) : null };
    },
    async release() {
      kernels?.release?.();
      kernels = null;
    },
    async close() {},
  };
}
