// The random numbers of the tool: xoshiro128** on streams named by text, the same on every machine.
//
// Generator: Blackman & Vigna 2021, "Scrambled linear pseudorandom number generators". The name of a stream is mixed
// into the state by cyrb128, a public-domain hash after MurmurHash3. Everything is integer arithmetic or + - * / sqrt,
// which IEEE 754 rounds exactly; Math.log would not be safe.

/** A stream of random numbers; equal seeds give equal streams, "fold 3" and "fold 4" unrelated ones. */
export class Random {
  readonly #state: Uint32Array;
  #spare: number | null = null;

  constructor(seed: number | string) {
    this.#state = hashText(String(seed));
  }

  /** A number in [0, 1) with 53 random bits. */
  next(): number {
    const high = this.#word() >>> 5;
    const low = this.#word() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  /** A whole number from 0 to `below - 1`, each equally likely; `below` is at most 2^32. */
  integer(below: number): number {
    if (!(Number.isInteger(below) && below >= 1 && below <= 0x100000000)) {
      throw new RangeError(`Random.integer: below is ${below}, but a whole number from 1 to 2^32 is expected`);
    }
    // Words past the last whole multiple of `below` would favour small numbers: draw again.
    const end = 0x100000000 - (0x100000000 % below);
    for (;;) {
      const word = this.#word();
      if (word < end) return word % below;
    }
  }

  /** A normal deviate with mean 0 and variance 1 (Marsaglia's polar method). */
  normal(): number {
    if (this.#spare !== null) {
      const spare = this.#spare;
      this.#spare = null;
      return spare;
    }
    for (;;) {
      const u = 2 * this.next() - 1;
      const v = 2 * this.next() - 1;
      const square = u * u + v * v;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * logarithm(square)) / square);
      this.#spare = v * factor;
      return u * factor;
    }
  }

  /** Shuffles in place (Fisher-Yates), every order equally likely, and returns the array. */
  shuffle(a: Int32Array): Int32Array {
    for (let last = a.length - 1; last > 0; last--) {
      const chosen = this.integer(last + 1);
      const value = a[chosen];
      a[chosen] = a[last];
      a[last] = value;
    }
    return a;
  }

  #word(): number {
    return nextWord(this.#state);
  }
}

/** A step of xoshiro128**: changes the state of four words and returns a word from 0 to 2^32 - 1. */
export function nextWord(state: Uint32Array): number {
  const result = Math.imul(rotate(Math.imul(state[1], 5), 7), 9) >>> 0;
  const shifted = state[1] << 9;
  state[2] ^= state[0];
  state[3] ^= state[1];
  state[1] ^= state[2];
  state[0] ^= state[3];
  state[2] ^= shifted;
  state[3] = rotate(state[3], 11);
  return result;
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function hashText(text: string): Uint32Array {
  let a = 1779033703;
  let b = 3144134277;
  let c = 1013904242;
  let d = 2773480762;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    a = b ^ Math.imul(a ^ unit, 597399067);
    b = c ^ Math.imul(b ^ unit, 2869860233);
    c = d ^ Math.imul(c ^ unit, 951274213);
    d = a ^ Math.imul(d ^ unit, 2716044179);
  }
  a = Math.imul(c ^ (a >>> 18), 597399067);
  b = Math.imul(d ^ (b >>> 22), 2869860233);
  c = Math.imul(a ^ (c >>> 17), 951274213);
  d = Math.imul(b ^ (d >>> 19), 2716044179);
  a ^= b ^ c ^ d;
  const state = Uint32Array.of(a, b ^ a, c ^ a, d ^ a);
  // The generator stays at 0 if it starts there.
  if (state.every((word) => word === 0)) state[0] = 1;
  return state;
}

/** The natural logarithm of a number in (0, 1): 2 artanh((m - 1) / (m + 1)) of the mantissa m, plus the exponent. */
function logarithm(x: number): number {
  let exponent = 0;
  let mantissa = x;
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2;
    exponent--;
  }
  const ratio = (mantissa - 1) / (mantissa + 1);
  const square = ratio * ratio; // at most .0295, so that the twelfth term is below 1e-18
  let sum = 0;
  for (let odd = 23; odd >= 1; odd -= 2) sum = sum * square + 1 / odd;
  return 2 * ratio * sum + exponent * Math.LN2;
}
