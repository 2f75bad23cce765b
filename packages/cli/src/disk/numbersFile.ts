// A file of arrays of float64, one behind the other; where each stands, another file knows.
import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { beginTemporary, endTemporary } from "./temporary.ts";

/** Where an array stands in the file: its first byte, and how many numbers it has. */
export type NumbersPlace = readonly [at: number, length: number];

/** The file. Nothing in it is ever changed: whoever knows where an array stands finds it there. */
export class NumbersFile {
  /** Behind the last array; what follows was being written when a run was killed. */
  #end = 0;

  constructor(readonly path: string) {}

  /** Where so many numbers will stand that are written next, behind `before` others. */
  placeFor(length: number, before: number): NumbersPlace {
    return [this.#end + 8 * before, length];
  }

  /** Goes on behind the last of some arrays; where there are none, begins with an empty file in the place of this. */
  begin(known: readonly NumbersPlace[]): void {
    this.#end = known.reduce((end, [at, length]) => Math.max(end, at + 8 * length), 0);
    if (this.#end > 0) {
      truncateSync(this.path, this.#end);
      return;
    }
    const temporary = beginTemporary(this.path);
    try {
      writeFileSync(temporary, "");
      renameSync(temporary, this.path);
    } finally {
      endTemporary(temporary);
    }
  }

  /** Writes arrays behind those that are there; where that fails, the next try begins at the same place. */
  add(arrays: readonly Float64Array[]): void {
    truncateSync(this.path, this.#end);
    for (const array of arrays) appendFileSync(this.path, bytesOf(array));
    this.#end += arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** The arrays at some places; null where the file does not reach so far. */
  read(places: readonly NumbersPlace[]): readonly Float64Array[] | null {
    if (!existsSync(this.path)) return null;
    const file = openSync(this.path, "r");
    try {
      const { size } = fstatSync(file);
      if (places.some(([at, length]) => at + 8 * length > size)) return null;
      return places.map(([at, length]) => {
        const array = new Float64Array(length);
        readSync(file, bytesOf(array), 0, array.byteLength, at);
        return array;
      });
    } finally {
      closeSync(file);
    }
  }
}

/** Whether something is a place. */
export function isPlace(value: unknown): value is NumbersPlace {
  return Array.isArray(value) && value.length === 2 && value.every((each) => Number.isSafeInteger(each) && each >= 0);
}

/** The bytes of an array, as the file has them. */
export function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
