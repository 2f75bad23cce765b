// Numbers as bytes, the way a WebAssembly module stores them.

/** A number >= 0 in LEB128: seven bits a byte, the low ones first. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return bytes;
}

/** A 32-bit integer in signed LEB128. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) {
      bytes.push(low);
      return bytes;
    }
    bytes.push(low | 0x80);
  }
}

const float = new DataView(new ArrayBuffer(8));

/** The four bytes of a float32, the low ones first. */
export function float32Bytes(value: number): number[] {
  float.setFloat32(0, value, true);
  return [0, 1, 2, 3].map((k) => float.getUint8(k));
}

/** The eight bytes of a float64, the low ones first. */
export function float64Bytes(value: number): number[] {
  float.setFloat64(0, value, true);
  return [0, 1, 2, 3, 4, 5, 6, 7].map((k) => float.getUint8(k));
}

/** The bits of a float32 as an integer. */
export function float32Bits(value: number): number {
  float.setFloat32(0, value, true);
  return float.getInt32(0, true);
}

/** A text with its length before it. */
export function name(text: string): number[] {
  return sized(Array.from(text, (character) => character.charCodeAt(0)));
}

/** Bytes with their number before them. */
export function sized(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}
