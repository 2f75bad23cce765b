// What the system around gives: the modules of Node where it is Node, and how many addresses are left.

/** A thread of Node. */
export interface NodeWorker {
  unref(): void;
  on(event: "error", listener: () => void): void;
  terminate(): Promise<unknown>;
}

interface NodeModules {
  readonly "node:worker_threads": { readonly Worker: new (code: string, options: object) => NodeWorker };
  readonly "node:fs": { readFileSync(path: string, encoding: "latin1"): string };
}

declare const process:
  | { getBuiltinModule?<N extends keyof NodeModules>(name: N): NodeModules[N] | undefined }
  | undefined;

/** A module of Node; undefined elsewhere. */
export function nodeModule<N extends keyof NodeModules>(name: N): NodeModules[N] | undefined {
  return typeof process === "undefined" ? undefined : process.getBuiltinModule?.(name);
}

/**
 * How many bytes of addresses the process may still take, where Linux limits them; a thread for which they do not
 * suffice ends the process.
 */
export function addressesLeft(): number {
  try {
    const files = nodeModule("node:fs");
    const limit = files && /^Max address space +(\d+)/m.exec(files.readFileSync("/proc/self/limits", "latin1"));
    if (!files || !limit) return Number.POSITIVE_INFINITY;
    const taken = /^VmSize:\s*(\d+) kB/m.exec(files.readFileSync("/proc/self/status", "latin1"));
    return Number(limit[1]) - 1024 * Number(taken?.[1] ?? 0);
  } catch {
    return Number.POSITIVE_INFINITY; // no such file, or it may not be read: no such limit is known
  }
}
