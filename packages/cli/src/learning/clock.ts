// Where the time of training goes: a clock per thread, read before and after a piece of work.

/** Milliseconds since the thread began to train. */
export interface Spent {
  /** In losses and their gradients. */
  readonly loss: number;
  /** In products of matrices. */
  readonly products: number;
  /** In everything, these two included. */
  readonly all: number;
}

const spent = { loss: 0, products: 0 };

/** Adds milliseconds to a part. */
export function spend(part: keyof typeof spent, milliseconds: number): void {
  spent[part] += milliseconds;
}

/** What a piece of work gave, and the time it took. */
export function timed<T>(work: () => T): { readonly result: T; readonly spent: Spent } {
  const before = { ...spent };
  const start = performance.now();
  const result = work();
  const all = performance.now() - start;
  return { result, spent: { loss: spent.loss - before.loss, products: spent.products - before.products, all } };
}
