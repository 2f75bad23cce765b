// Calls that are right but for what is given to them, for the tables of wrong ones.
import { crossEntropy, defineLoss, evaluate, focal, type LossDefinition, trueProbabilities } from "../../src/index.ts";
import { networkKernels } from "../../src/network.ts";
import { wasm } from "../../src/wasm.ts";

/** A value that the compiler would refuse, as it comes from plain JavaScript. */
export const wrong = <T = never>(value: unknown) => value as T;

/** An array that a caller owns; no wrong call may write into it. */
export const owned = new Float64Array(6);

export const logits = new Float64Array([1, 2, 3, 4, 5, 6]);
export const loss = crossEntropy();
export const { adam, gather, layer: forward } = networkKernels(wasm);
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
