// The public names of `surprisal/wasm`.
export { type WasmBackend, type WasmOptions, wasm } from "./backends/wasm/backend.ts";
export type { Features } from "./backends/wasm/memory/features.ts";
