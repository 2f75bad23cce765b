// Calls that are right but for what is given to them, for the tables of wrong ones.
import { crossEntropy, defineLoss, evaluate, focal, type LossDefinition, trueProbabilities } from "../../src/index.ts";
import { networkKernels } from "../../src/network.ts";
import { treeKernels } from "../../src/trees.ts";
import { wasm } from "../../src/wasm.ts";

/** A value that the compiler would refuse, as it comes from plain JavaScript. */
export const wrong = <T = never>(value: unknown) => value as T;

/** An array that a caller owns; no wrong call may write into it. */
export const owned = new Float64Array(6);

export const logits = new Float64Array([1, 2, 3, 4, 5, 6]);
export const loss = crossEntropy();
export const { adam, gather, layer: forward } = networkKernels(wasm);
export const trees = treeKernels(wasm);
/** Two rows of two features with three bins each, on the heap. */
export const treeArrays = () => {
  const [bins, starts, rows] = [wasm.uint8(4), wasm.int32(3), wasm.int32(2)];
  const [gradient, curvature, into] = [wasm.float32(2), wasm.float32(2), wasm.float64(12)];
  starts.set([0, 3, 6]);
  rows.set([0, 1]);
  return { bins, starts, gradient, curvature, outputs: 1, output: 0, rows, into };
};
/** The kernels of trees, right but for what is given to them. */
export const histogram = (given: object) => trees.histogram({ ...treeArrays(), ...given });
export const partition = (given: object) => {
  const { bins, rows } = treeArrays();
  return trees.partition({ bins, width: 2, feature: 1, goesLeft: wasm.uint8(256), rows, ...given });
};
export const addToRows = (given: object) => {
  const { gradient: logits, rows } = treeArrays();
  trees.addToRows({ logits, outputs: 1, output: 0, rows, value: 1, ...given });
};
export const bestCuts = (given: object) => {
  const { into: histogram, starts } = treeArrays();
  const arrays = { histogram, starts, features: wasm.int32(1), into: wasm.float64(3), cuts: wasm.int32(1) };
  trees.bestCuts({ ...arrays, gradient: 0, curvature: 1, l2: 1, least: 0, ...given });
};
/** Memory of the engine's own. */
export const memoryOf = () => {
  const { Memory } = Reflect.get(globalThis, "WebAssembly") as { Memory: new (options: object) => object };
  return new Memory({ initial: 1 });
};
/** Two examples of three classes; what is wrong with them comes as an argument. */
export const softmax = (batch: object, options: object = {}) =>
  evaluate(
    loss,
    { logits, labels: [0, 2], classes: 3, ...batch },
    { activation: "softmax", gradient: owned, ...options },
  );
/** Two examples of three label columns. */
export const sigmoid = (batch: object, options: object = {}) =>
  evaluate(
    loss,
    { logits, labels: [0, 1, 0, 1, 1, 0], classes: 3, ...batch },
    { activation: "sigmoid", gradient: owned, ...options },
  );
export const define = (definition: object) =>
  defineLoss(wrong<LossDefinition>({ name: "mine", formula: crossEntropy.definition.formula, ...definition }));
export const inSoftmax = { activation: "softmax", classes: 3 } as const;
export const inSoftmaxOnly = { activation: "softmax" } as const;
export const inSigmoid = { activation: "sigmoid" } as const;
/** A loss without any slope. */
export const flat = defineLoss({ name: "flat", formula: ({ mul }, { pt }) => mul(0, mul(0, pt)) });
export const truth = (options: object, of = focal(), z: readonly number[] = [1, 2, 3]) =>
  trueProbabilities(of, z, { ...inSoftmax, ...options });

export type Row = readonly [name: string, call: () => unknown, message: string];
