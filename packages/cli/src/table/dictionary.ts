// A dictionary of texts, found by a 64-bit hash so that a text is decoded only when it is new.

/** Gives every different text a number in the order of first sight; -1 stands for no text. */
export class Dictionary {
  readonly texts: string[] = [];
  #mask = 1023;
  #codes = new Int32Array(1024).fill(-2);
  #hashes = new Uint32Array(2048);
  #used = 0;

  /**
   * The number of the text with this hash (two halves); `read` is asked for the text if the hash is new.
   * Among a million different texts two share a 64-bit hash with a chance of 3 in 10^8.
   */
  code(low: number, high: number, read: () => string | null): number {
    let slot = (low ^ Math.imul(high, 0x9e3779b1)) & this.#mask;
    while (this.#codes[slot] !== -2) {
      if (this.#hashes[2 * slot] === low && this.#hashes[2 * slot + 1] === high) return this.#codes[slot]!;
      slot = (slot + 1) & this.#mask;
    }
    const text = read();
    const code = text === null ? -1 : this.texts.push(text) - 1;
    this.#codes[slot] = code;
    this.#hashes[2 * slot] = low;
    this.#hashes[2 * slot + 1] = high;
    if (++this.#used * 2 > this.#mask) this.#grow();
    return code;
  }

  #grow(): void {
    const codes = this.#codes;
    const hashes = this.#hashes;
    this.#mask = 2 * this.#mask + 1;
    this.#codes = new Int32Array(this.#mask + 1).fill(-2);
    this.#hashes = new Uint32Array(2 * (this.#mask + 1));
    for (let old = 0; old < codes.length; old++) {
      if (codes[old] === -2) continue;
      const low = hashes[2 * old]!;
      const high = hashes[2 * old + 1]!;
      let slot = (low ^ Math.imul(high, 0x9e3779b1)) & this.#mask;
      while (this.#codes[slot] !== -2) slot = (slot + 1) & this.#mask;
      this.#codes[slot] = codes[old]!;
      this.#hashes[2 * slot] = low;
      this.#hashes[2 * slot + 1] = high;
    }
  }
}
