// Where a sigmoid kernel is in its arrays: pointers, and the vectors of labels and logits behind them.
import type { Code, Local } from "../assembler/code.ts";
import { i16x8, i32, i32x4, type V128, v128 } from "../assembler/instructions.ts";
import type { PointerName, SigmoidVariant } from "./variant.ts";

/** The pointers that a kernel has. The others are not there at all: through what is not there nothing can be stored. */
export type Pointers = ReadonlyMap<PointerName, Local<"i32">>;

/** The pointer to an array. */
export function pointerTo(pointers: Pointers, name: PointerName): Local<"i32"> {
  const pointer = pointers.get(name);
  if (pointer === undefined) throw new Error(`this kernel has no ${name}`);
  return pointer;
}

const bytesPerVector = 16;

/** Which bits may not be set in any label, as they are gathered. */
export function unusualBits({ labels, labelType }: SigmoidVariant): number {
  if (labels === "soft" || labelType === "float32") return -1;
  return labelType === "uint8" ? 0xfefefefe : 0xfffffffe;
}

/** The sign bits of a round of bytes 0 and 1, a vector each; none for labels of another kind. */
export function signsOfRound(
  code: Code,
  pointers: Pointers,
  variant: SigmoidVariant,
  unusual: Local<"v128">,
): readonly V128[] {
  if (variant.labels === "soft" || variant.labelType !== "uint8") return [];
  const zero = code.bits(0);
  const bytes = code.keep(v128.load(pointerTo(pointers, "labels")), "bytes");
  code.set(unusual, v128.or(unusual, bytes));
  const high = code.keep(i16x8.shiftLeft(bytes, i32.constant(7)), "high");
  return ([0, 1] as const).flatMap((half) => {
    const shorts = code.keep(v128.interleave(1, half, zero, high), "shorts");
    return ([0, 1] as const).map((each) => code.keep(v128.interleave(2, each, zero, shorts), "sign"));
  });
}

/** Where a vector of elements is. */
export interface Place {
  /** The sign bits of its labels, if they are known. */
  readonly sign: V128 | null;
  readonly load: (name: PointerName) => V128;
  readonly loadLabels: (type: SigmoidVariant["labelType"]) => V128;
}

/** The vector that comes k vectors after the pointers. */
export function placeAt(pointers: Pointers, k: number, sign: V128 | null): Place {
  return {
    sign,
    load: (name) => v128.load(pointerTo(pointers, name), bytesPerVector * k),
    loadLabels(type) {
      const labels = pointerTo(pointers, "labels");
      const offset = k * bytesOfLabels(type);
      if (type !== "uint8") return v128.load(labels, offset);
      return i32x4.fromShorts(i32x4.fromBytes(v128.loadFirst(labels, offset)));
    },
  };
}

/** How many bytes four labels take. */
export function bytesOfLabels(type: SigmoidVariant["labelType"]): number {
  return type === "uint8" ? 4 : bytesPerVector;
}
