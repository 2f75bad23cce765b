// Which rows a round of boosting looks at.
import { Random } from "../../random.ts";

/** Rows drawn round after round, by nothing but the seed and the sizes. */
export class RowSample {
  readonly #random: Random;
  readonly #share: number;
  readonly #chosen: Int32Array;

  /** About this share of the numbers below `rows`. */
  constructor(seed: number | string, rows: number, share: number) {
    this.#random = new Random(`rows of trees ${seed}`);
    this.#share = share;
    this.#chosen = Int32Array.from({ length: rows }, (_, row) => row);
  }

  /** The rows of the next round, ascending; the list holds until the round after. */
  next(): Int32Array {
    if (this.#share === 1) return this.#chosen;
    let count = 0;
    for (let row = 0; row < this.#chosen.length; row++) {
      if (this.#random.next() < this.#share) this.#chosen[count++] = row;
    }
    return this.#chosen.subarray(0, count);
  }
}
