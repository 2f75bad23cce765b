// The part of WebAssembly's JavaScript interface that is used here, with its types.

/** Memory that modules and typed arrays see. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
  grow(pages: number): number;
}

/** How large a memory is and may become, in pages of 64 KiB. */
export interface MemorySize {
  readonly initial: number;
  readonly maximum: number;
  readonly shared: boolean;
}

/** The functions that a module exports. */
export type Exports = Readonly<Record<string, (...values: readonly number[]) => number>>;

interface WebAssemblyInterface {
  readonly Memory: new (size: MemorySize) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Exports };
}

/** Undefined in a JavaScript engine that has none. */
declare const WebAssembly: WebAssemblyInterface;

/** New memory. */
export function newMemory(size: MemorySize): WasmMemory {
  return new WebAssembly.Memory(size);
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
