// The part of WebAssembly's JavaScript interface that is used here, with its types.

/** Memory that modules and typed arrays see. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
  grow(pages: number): number;
}

/** The functions that a module exports. */
export type Exports = Readonly<Record<string, (...values: readonly number[]) => number>>;

interface Interface {
  readonly Memory: new (options: { initial: number; maximum: number; shared: boolean }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly CompileError: new () => Error;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Exports };
}

/** The engine's own; undefined in one that has none. */
declare const WebAssembly: Interface;

/** New memory, in pages of 64 KiB. */
export function newMemory(initial: number, maximum: number, shared: boolean): WasmMemory {
  return new WebAssembly.Memory({ initial, maximum, shared });
}

/** Compiles a module and gives it its memory, at once: modules are small, and a loss is wanted now. */
export function instantiate(bytes: Uint8Array, memory: WasmMemory | null): Exports {
  const imports = memory === null ? {} : { heap: { memory } };
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports;
}

/** Whether the engine refused to make a module: it is too large for it, or there is no memory left. */
export function isRefusal(error: unknown): boolean {
  return error instanceof WebAssembly.CompileError || error instanceof RangeError;
}
