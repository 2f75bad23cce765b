// What a kernel is: a function together with the constants that it expects, and how it is called.
import type { Code, ConstantValue, WasmFunction } from "../assembler/code.ts";

/** A function with its constants. */
export interface Kernel {
  readonly function: WasmFunction;
  readonly constants: readonly ConstantValue[];
}

/**
 * The parameters with which the kernel of a loss begins; the pointers of its arrays follow. It gives the sum of the
 * weighted losses, and NaN where a number is none that it was made for; then its outputs are void.
 */
export function kernelParameters(code: Code) {
  return {
    /** Memory that belongs to the call. */
    scratch: code.parameter("scratch", "i32"),
    classes: code.parameter("classes", "i32"),
    /** How many rows, or elements, there are. */
    count: code.parameter("count", "i32"),
  };
}

/** The symbols under which kernels find what changes from call to call. */
export const callSymbols = {
  scale: "scale",
  minusScale: "minusScale",
  weightOfOne: "weightOfOne",
  weightOfZero: "weightOfZero",
} as const;
