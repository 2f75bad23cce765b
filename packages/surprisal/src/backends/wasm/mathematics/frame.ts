// In which power of two exponentials are counted, and what is done about numbers that have no room in it.
import { float32Bits } from "../assembler/bytes.ts";
import type { Code, Local } from "../assembler/code.ts";
import { f32x4, type I32, i32, type V128, v128 } from "../assembler/instructions.ts";

const { LN2 } = Math;
/** Added to a number it rounds it to a whole one, which is then in the lowest bits. */
export const roundingShift = 1.5 * 2 ** 23;
export const exponentBias = 127;

/**
 * In which power of two exponentials are counted: those of a frame are e^x 2^-G.
 *
 * Terms of one sum share a frame, so that G cancels in their ratios. A difference x - maximum would be rounded, by up
 * to 4e-6 for |x| near 80, and the exponential would lose as much; n log 2 is subtracted without loss.
 */
export interface Frame {
  /** roundingShift + 127 - G. */
  readonly shift: V128;
  readonly limits: Limits;
  readonly care: Care;
  /** Not null in an open frame, in which nothing is clamped: what is needed instead. */
  readonly open: Opening | null;
}

/**
 * How an open frame notices a number outside, for one instruction each.
 *
 * There all is counted in units of 2^104, and what is in the frame is shifted to the last 256 float32 before infinity.
 * A number above becomes infinite, and its term NaN, which the sum of the row shows. One below lacks some of the bits
 * that those in the frame have in common. The one exception, near -2.3e7, is so far below that the way back overflows:
 * NaN again.
 */
export interface Opening {
  /** (2^24 - 256 + 127 - G) 2^104; infinite, so that all is outside, for G below -128. */
  readonly shift: V128;
  /** Gathers the bits that all have. */
  readonly seen: Local<"v128">;
}
export const openUnit = 2 ** 104;
const firstInOpen = (2 ** 24 - 256) * openUnit;

/** Terms of a frame stay below this, or are at it and stand for all that is more. */
export const largestTerm = 2 ** 126 * (1 - 2 ** -12);

/** What x is clamped to. */
export interface Limits {
  /** Up to here e^x 2^-G counts as 0: (G - 127) log 2. */
  readonly low: V128;
  /** From here on it stays at 2^126: (G + 126) log 2. */
  readonly high: V128;
}

/**
 * How much is spent on an exponential. Plain: its polynomial is off by up to 1.1e-7. Careful: a term more, so that it
 * is off by little more than its roundings up to |x| = 20, and by 2e-7 at 80 where a multiply-add is used. Thorough:
 * that is made up for, and only the last rounding is left.
 */
export type Care = "plain" | "careful" | "thorough";

/** The frame of a whole number G in each lane. */
export function frameOf(code: Code, power: V128, care: Care): Frame {
  const bound = (n: number) => code.keep(f32x4.mul(f32x4.add(power, code.number(n)), code.number(LN2)), "bound");
  return {
    care,
    open: null,
    shift: code.keep(f32x4.sub(code.number(roundingShift + exponentBias), power), "shift"),
    limits: { low: bound(-exponentBias), high: bound(exponentBias - 1) },
  };
}

/** What opens the frame of a power. */
function openingFor(code: Code, power: V128): Opening {
  const shift = f32x4.sub(code.number(firstInOpen + exponentBias * openUnit), f32x4.mul(power, code.number(openUnit)));
  return { shift: code.keep(shift, "openShift"), seen: code.keep(code.bits(-1), "seen") };
}

/** Whether a number was below an open frame; then what came out is void. */
function isOutside(code: Code, { seen }: Opening): I32 {
  return v128.any(v128.andNot(code.bits(float32Bits(firstInOpen)), seen));
}

/** A run in a frame. */
interface FrameRun {
  /** That of the frame. */
  readonly power: V128;
  /** Remembers that a number was below an open one. */
  readonly isClosed: Local<"i32">;
  /** What is to be done before the body, each time. */
  readonly begin: () => void;
}

/**
 * Runs a body in an open frame; if a number was below it, once more in the frame as it is, and so from then on: where
 * one class is masked, there will be more.
 */
export function runInFrame(
  code: Code,
  frame: Frame,
  { power, isClosed, begin }: FrameRun,
  body: (within: Frame) => void,
): void {
  const isVoid = code.local("isVoid", "i32");
  code.loop(() => {
    begin();
    const open = openingFor(code, power);
    code.if(
      isClosed,
      () => body(frame),
      () => body({ ...frame, open }),
    );
    code.set(isVoid, isOutside(code, open));
    code.set(isClosed, i32.or(isClosed, isVoid));
    return isVoid;
  });
}
