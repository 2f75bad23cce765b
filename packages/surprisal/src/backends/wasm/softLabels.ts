// Whether labels of the sigmoid are soft: a few of them tell, so that the right kernel runs at once.
import type { Heap } from "./memory/heap.ts";

/** At so many labels one looks beforehand: to look at all would take a share of the kernel's time. */
const labelsSeen = 16;
/** Of 1 in a float32; those of 0 are 0. */
const bitsOfOne = 0x3f800000;

/** Tells labels that are soft from those that are 0 or 1. */
export class SoftLabels {
  /** Whether the last that were soft did not look so; then one looks at all, until a batch has none. */
  private hasMissed = false;

  constructor(private readonly heap: Heap) {}

  /** Whether labels, float32 at an address, are soft, as far as one looks beforehand. */
  areExpected(address: number, count: number): boolean {
    // Odd, so that of an even number of columns it does not stay in one.
    const step = this.hasMissed ? 1 : Math.ceil(count / labelsSeen) | 1;
    const isSoft = this.first(address, count, step) !== null;
    if (step === 1) this.hasMissed &&= isSoft;
    return isSoft;
  }

  /** Whether labels that did not look soft are, now that the kernel for 0 and 1 has refused them. */
  wereMissed(address: number, count: number): boolean {
    const index = this.first(address, count, 1);
    const label = index === null ? Number.NaN : this.heap.float32s[index];
    const isSoft = label >= 0 && label <= 1;
    if (isSoft) this.hasMissed = true;
    return isSoft;
  }

  /** Where the first is, of one in so many labels, that is neither 0 nor 1; null where there is none. */
  private first(address: number, count: number, step: number): number | null {
    const { int32s } = this.heap;
    const end = address / 4 + count;
    for (let k = address / 4; k < end; k += step) {
      if (int32s[k] !== 0 && int32s[k] !== bitsOfOne) return k;
    }
    return null;
  }
}
