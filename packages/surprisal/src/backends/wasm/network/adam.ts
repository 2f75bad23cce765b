// The kernel of Adam: one step for a list of parameters.
import { Code, type Target } from "../assembler/code.ts";
import { f32x4, type I32, i32, type V128, v128 } from "../assembler/instructions.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { storeLanes } from "../kernel/vectors.ts";

/** The constants of Adam. */
export const adamConstants = { first: 0.9, second: 0.999, smallest: 1e-8 } as const;

/**
 * Below these sizes a slope and the moments become 0. They are far too small to move a parameter, and numbers that
 * shrink for ever, as the moments of a sleeping unit, would end where float32 has no full precision left (1e-38): there
 * an operation takes a hundred times as long.
 */
export const negligible = { slope: 1e-16, first: 1e-28, second: 1e-28 } as const;

/**
 * slope = gradient + l2 value; first = .9 first + .1 slope; second = .999 second + .001 slope^2;
 * value -= rate first / (sqrt(second) + 1e-8)
 */
export function adamKernel(name: string, target: Target): Kernel {
  const code = new Code(name, target);
  const pointers = {
    values: code.parameter("values", "i32"),
    gradient: code.parameter("gradient", "i32"),
    first: code.parameter("first", "i32"),
    second: code.parameter("second", "i32"),
  };
  const { values, gradient, first, second } = pointers;
  const count = code.parameter("count", "i32");
  const oneRate = code.parameter("oneRate", "f32");
  const oneL2 = code.parameter("oneL2", "f32");
  const rate = code.keep(f32x4.splat(oneRate), "rate");
  const l2 = code.keep(f32x4.splat(oneL2), "l2");
  const drop = (x: V128, below: number) => v128.andNot(x, f32x4.lt(f32x4.abs(x), code.number(below)));
  const mix = (old: I32, share: number, fresh: V128) =>
    code.multiplyAdd(v128.load(old), code.number(share), f32x4.mul(fresh, code.number(1 - share)));

  const step = (store: (address: I32, value: V128) => void) => {
    const value = code.keep(v128.load(values), "value");
    const slope = code.keep(code.multiplyAdd(value, l2, v128.load(gradient)), "slope");
    const kept = code.keep(drop(slope, negligible.slope), "kept");
    const mean = code.keep(mix(first, adamConstants.first, kept), "mean");
    const newFirst = code.keep(drop(mean, negligible.first), "newFirst");
    const square = code.keep(mix(second, adamConstants.second, f32x4.mul(kept, kept)), "square");
    const newSecond = code.keep(drop(square, negligible.second), "newSecond");
    const size = f32x4.add(f32x4.sqrt(newSecond), code.number(adamConstants.smallest));
    const moved = code.keep(f32x4.sub(value, f32x4.div(f32x4.mul(newFirst, rate), size)), "moved");
    store(first, newFirst);
    store(second, newSecond);
    store(values, moved);
  };

  const rest = code.keep(i32.and(count, i32.constant(3)), "rest");
  const end = code.keep(i32.add(values, i32.shiftLeft(i32.sub(count, rest), i32.constant(2))), "end");
  code.while(i32.less(values, end), () => {
    step((address, value) => code.do(v128.store(address, value)));
    for (const each of Object.values(pointers)) code.set(each, i32.add(each, i32.constant(16)));
  });
  code.if(rest, () => step((address, value) => storeLanes(code, address, value, rest)));
  return { function: code.finish(null), constants: code.constantValues };
}
