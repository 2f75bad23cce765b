// Rows in a library, taken over once for all who train on the same.
import type { Features } from "../../features.ts";
import type { Rows, TreeLibrary } from "./library.ts";

/** Rows as one of their users has them. */
export interface Loan {
  readonly rows: Rows;
  /** The last user's ends them. */
  giveBack(): void;
}

interface Shared {
  readonly rows: Rows;
  users: number;
}

/** Training rows by their values, and watched ones by the training rows whose bins they are in. */
const known = new WeakMap<TreeLibrary | Rows, WeakMap<Float32Array, Shared>>();

/**
 * Borrows rows.
 *
 * @param like the training rows in whose bins they are to be; null for these themselves
 * @param alone whether nobody else may use them
 */
export function borrowRows(library: TreeLibrary, features: Features, like: Loan | null, alone: boolean): Loan {
  const shelf = shelfOf(like?.rows ?? library);
  const here = alone ? undefined : shelf.get(features.values);
  const shared = here ?? { rows: library.take(features, like?.rows ?? null), users: 0 };
  if (!alone) shelf.set(features.values, shared);
  shared.users++;
  return {
    rows: shared.rows,
    giveBack() {
      if (--shared.users > 0) return;
      if (!alone) shelf.delete(features.values);
      shared.rows.free();
    },
  };
}

function shelfOf(owner: TreeLibrary | Rows): WeakMap<Float32Array, Shared> {
  const shelf = known.get(owner) ?? new WeakMap<Float32Array, Shared>();
  known.set(owner, shelf);
  return shelf;
}
