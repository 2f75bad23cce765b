// Numbers apart from their power of two, for products that leave float64 on their way and come back.

const view = new DataView(new ArrayBuffer(8));

/** The exponent of a number, floor(log2 |x|), exactly; 0 for 0 and for what is not finite. */
export function exponentOf(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return 0;
  view.setFloat64(0, x);
  const biased = (view.getUint16(0) >> 4) & 0x7ff;
  return biased === 0 ? exponentOf(x * 2 ** 54) - 54 : biased - 1023;
}

/** x 2^exponent, rounded once, however large the exponent. So short that it costs nothing where that is 0. */
export function scaledBy(x: number, exponent: number): number {
  return exponent === 0 ? x : rescaled(x, exponent);
}

function rescaled(x: number, exponent: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const own = exponentOf(x);
  const target = own + exponent;
  // Both factors are powers of two that float64 has.
  const mantissa = x * 2 ** -Math.trunc(own / 2) * 2 ** -(own - Math.trunc(own / 2));
  if (target > 1023) return mantissa * 2 ** 1023 * 2 ** Math.min(1023, target - 1023);
  return target >= -1074 ? mantissa * 2 ** target : (mantissa / 2) * 2 ** Math.max(-1076, target + 1);
}

/** 2^exponent times the product of numbers, where it can be represented: nothing overflows or underflows on the way. */
export function product(exponent: number, ...factors: readonly number[]): number {
  let mantissa = 1;
  let total = exponent;
  for (const factor of factors) {
    const own = exponentOf(factor);
    mantissa *= scaledBy(factor, -own);
    total += own;
  }
  return scaledBy(mantissa, total);
}
