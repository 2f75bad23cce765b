// The part of WebAssembly's JavaScript interface that is used here, with its types.

/** Memory that modules and typed arrays see. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
  grow(pages: number): number;
}

/** The functions that a module exports. */
export type Exports = Readonly<Record<string, (...values: readonly number[]) => number>>;

interface WebAssemblyInterface {
  readonly Memory: new (options: { initial: number; maximum: number; shared: boolean }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Exports };
}

/** Undefined in a JavaScript engine that has none. */
declare const WebAssembly: WebAssemblyInterface;

/** New memory, in pages of 64 KiB. */
export function newMemory(initial: number, maximum: number, shared: boolean): WasmMemory {
  return new WebAssembly.Memory({ initial, maximum, shared });
}

/** Compiles a module and gives it its memory, at once: modules are small, and a loss is wanted now. */
export function instantiate(bytes: Uint8Array, memory: WasmMemory | null): Exports {
  const imports = memory === null ? {} : { heap: { memory } };
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports;
}

/** Whether an error means that an engine refuses a module as too large, or has no memory for it. */
export function isRefusal(error: unknown): boolean {
  return error instanceof RangeError || (error instanceof Error && error.name === "CompileError");
}
