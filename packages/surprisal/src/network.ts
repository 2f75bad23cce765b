// The public names of `surprisal/network`.
export type { NetworkKernels } from "./backends/wasm/network/kernels.ts";
export { networkKernels } from "./backends/wasm/networkKernels.ts";
