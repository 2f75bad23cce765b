// Arrays side by side in one buffer with guard words around each: what writes beside its array is seen.

const guardWord = 0x5afec0de | 0;
const alignment = 8;

type TypedArray = ArrayBufferView & ArrayLike<number> & { set(values: ArrayLike<number>): void };
type TypedArrayClass<A> = {
  new (buffer: ArrayBufferLike, offset: number, length: number): A;
  readonly BYTES_PER_ELEMENT: number;
};

/** A stretch of a buffer that hands out arrays; each has guard words before and behind it. */
export class Arena {
  private readonly bytes: Uint8Array;
  private readonly words: Int32Array;
  private used = 0;
  private readonly guards: number[] = [];
  private readonly inputs: { readonly array: Uint8Array; readonly copy: Uint8Array; readonly name: string }[] = [];

  /** @param block all of it, in whole lines of the heap */
  constructor(block: Int32Array) {
    this.words = block;
    this.bytes = new Uint8Array(block.buffer, block.byteOffset, block.byteLength);
  }

  /** Forgets all arrays. */
  clear(): void {
    this.used = 0;
    this.guards.length = 0;
    this.inputs.length = 0;
  }

  /** An array of this type and length; null where there is no room. */
  array<A extends TypedArray>(type: TypedArrayClass<A>, length: number, gap: number): A | null {
    this.guard(gap);
    while (this.used % alignment !== 0) this.guard(1);
    const from = this.used;
    const bytes = type.BYTES_PER_ELEMENT * length;
    if (from + bytes + 64 > this.bytes.byteLength) return null;
    this.used = from + Math.ceil(bytes / 4) * 4;
    const array = new type(this.bytes.buffer, this.bytes.byteOffset + from, length);
    for (let at = bytes; at < this.used - from; at++) this.bytes[from + at] = 0xaa;
    this.guard(gap);
    return array;
  }

  /** A copy of an array that must stay as it is; null where there is no room. */
  input<A extends TypedArray>(name: string, values: A, gap: number): A | null {
    const array = this.array(values.constructor as unknown as TypedArrayClass<A>, values.length, gap);
    if (array === null) return null;
    array.set(values);
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    this.inputs.push({ name, array: bytes, copy: bytes.slice() });
    return array;
  }

  /** What was written where nothing may write; null where all is as it was. */
  damage(): string | null {
    for (const at of this.guards) if (this.words[at / 4] !== guardWord) return `the guard word at byte ${at}`;
    for (const { name, array, copy } of this.inputs) {
      for (let k = 0; k < copy.length; k++) if (array[k] !== copy[k]) return `byte ${k} of ${name}`;
    }
    return null;
  }

  private guard(words: number): void {
    for (let k = 0; k < words && this.used + 4 <= this.bytes.byteLength; k++, this.used += 4) {
      this.words[this.used / 4] = guardWord;
      this.guards.push(this.used);
    }
  }
}
