// For which batches a softmax kernel is made, and which arrays it then has.
import type { Code } from "../assembler/code.ts";
import { kernelParameters } from "../kernel/kernel.ts";

/** For which batches a softmax kernel is made; labels are class indices, as int32. */
export interface SoftmaxVariant {
  readonly activation: "softmax";
  /** What is written besides losses: nothing, the gradient, or also the curvature, which few classes only have. */
  readonly order: 0 | 1 | 2;
  /** How many classes there are, if they are so few that a kernel is made for just them; else null. */
  readonly classes: number | null;
  /** Whether each row has a weight. */
  readonly weights: boolean;
  /** Whether the loss of each row is written. */
  readonly losses: boolean;
}

/** The arrays that a softmax kernel works on, in the order of its parameters. */
export const softmaxPointers = ["logits", "labels", "gradient", "losses", "weights", "curvature"] as const;

/** The parameters of a softmax kernel; what it does not work on is null, so that nothing can be stored there. */
export function softmaxParameters(code: Code, variant: SoftmaxVariant) {
  const { scratch, classes, count: rows } = kernelParameters(code);
  const pointer = (name: string) => code.parameter(name, "i32");
  const [logits, labels, gradient, losses, weights, curvature] = softmaxPointers.map(pointer);
  return {
    ...{ scratch, classes, rows, logits, labels },
    gradient: variant.order > 0 ? gradient : null,
    curvature: variant.order > 1 ? curvature : null,
    losses: variant.losses ? losses : null,
    weights: variant.weights ? weights : null,
  };
}
