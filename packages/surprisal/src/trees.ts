// The public names of `surprisal/trees`.

export { treeKernels } from "./backends/wasm/treeKernels.ts";
export type { TreeKernels } from "./backends/wasm/trees/kernels.ts";
