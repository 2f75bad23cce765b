// The kernel that looks for the best cut of each feature by the sums in its bins.
import { Code } from "../assembler/code.ts";
import { f64, f64x2, i32, type V128, v128 } from "../assembler/instructions.ts";
import type { Kernel } from "../kernel/kernel.ts";

const zero = f64x2.splat(f64.constant(0));
/** The first and the second float64 of two vectors side by side. */
const firsts = (a: V128, b: V128) => v128.shuffle([0, 1, 4, 5], a, b);
const seconds = (a: V128, b: V128) => v128.shuffle([2, 3, 6, 7], a, b);

/** As `TreeKernels.bestCuts` says, for the features from `features` to `end`. */
export function cutsKernel(name: string): Kernel {
  const code = new Code(name, { fused: false });
  const histogram = code.parameter("histogram", "i32");
  const starts = code.parameter("starts", "i32");
  const features = code.parameter("features", "i32");
  const end = code.parameter("end", "i32");
  const into = code.parameter("into", "i32");
  const cuts = code.parameter("cuts", "i32");
  const gradient = code.parameter("gradient", "f64");
  const curvature = code.parameter("curvature", "f64");
  const penalty = code.parameter("penalty", "f64");
  const least = code.parameter("least", "f64");
  const pairBytes = i32.constant(16);
  const whole = code.keep(firsts(f64x2.splat(gradient), f64x2.splat(curvature)), "whole");
  const l2 = code.keep(f64x2.splat(penalty), "l2");
  const best = code.local("best", "f64");
  const bestLeft = code.local("bestLeft", "v128");
  const cut = code.local("cut", "i32");
  const first = code.local("first", "i32");
  const at = code.local("at", "i32");

  const addressOf = (bin: ReturnType<typeof i32.load>) => i32.add(histogram, i32.shiftLeft(bin, i32.constant(4)));

  /** Looks whether a cut behind the bin at `at`, with these sums on its left, is better. */
  const look = (left: V128, side: 0 | 1) => {
    const right = code.keep(f64x2.sub(whole, left), "right");
    const slopes = code.keep(firsts(left, right), "slopes");
    const bends = code.keep(seconds(left, right), "bends");
    const parts = code.keep(f64x2.div(f64x2.mul(slopes, slopes), f64x2.add(bends, l2)), "parts");
    const gain = code.keep(f64.add(f64x2.lane(0, parts), f64x2.lane(1, parts)), "gain");
    const isEnough = (k: number) => f64.ge(f64x2.lane(k, bends), least);
    code.if(f64.gt(gain, best), () =>
      code.if(i32.and(isEnough(0), isEnough(1)), () => {
        code.set(best, gain);
        code.set(bestLeft, left);
        code.set(cut, i32.or(i32.shiftRight(i32.sub(at, first), i32.constant(3)), i32.constant(side)));
      }),
    );
  };

  code.while(i32.less(features, end), () => {
    const start = code.keep(i32.add(starts, i32.shiftLeft(i32.load(features), i32.constant(2))), "start");
    code.set(first, addressOf(i32.load(start)));
    code.set(at, first);
    const last = code.keep(i32.sub(addressOf(i32.load(start, 4)), pairBytes), "last");
    const missing = code.keep(v128.load(last), "missing");
    const left = code.keep(zero, "left");
    code.set(best, f64.constant(Number.NEGATIVE_INFINITY));
    code.set(bestLeft, zero);
    code.set(cut, i32.constant(-1));
    const along = (until: typeof last, looks: () => void) =>
      code.while(i32.less(at, until), () => {
        code.set(left, f64x2.add(left, v128.load(at)));
        looks();
        code.set(at, i32.add(at, pairBytes));
      });
    code.if(
      f64.gt(f64x2.lane(1, missing), f64.constant(0)),
      () =>
        along(last, () => {
          look(left, 0);
          look(code.keep(f64x2.add(left, missing), "withMissing"), 1);
        }),
      () => along(code.keep(i32.sub(last, pairBytes), "beforeLast"), () => look(left, 0)),
    );
    code.do(f64.store(into, best));
    code.do(v128.store(into, bestLeft, 8));
    code.do(i32.store(cuts, cut));
    code.set(into, i32.add(into, i32.constant(24)));
    for (const each of [cuts, features]) code.set(each, i32.add(each, i32.constant(4)));
  });
  return { function: code.finish(null), constants: code.constantValues };
}
