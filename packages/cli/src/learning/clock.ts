// Where the time of training goes: read before and after a piece of work.

/** Milliseconds that training took. */
export interface Spent {
  /** In losses and their gradients. */
  readonly loss: number;
  /** In products of matrices. */
  readonly products: number;
  /** In everything, these two included. */
  readonly all: number;
}

/** A clock that runs from when it is made. */
export class Clock {
  readonly #start = performance.now();
  readonly #parts = { loss: 0, products: 0 };

  /** Adds milliseconds to a part. */
  spend(part: "loss" | "products", milliseconds: number): void {
    this.#parts[part] += milliseconds;
  }

  /** The time until now, and how much of it went into which part. */
  get spent(): Spent {
    return { ...this.#parts, all: performance.now() - this.#start };
  }
}
