// A library that was not made for JavaScript: koffi, if it is installed, opens it and calls its functions.
import { createRequire } from "node:module";
import type { LibraryHandle } from "koffi";
import { CliError, libraryTexts } from "../../../errors.ts";

type Koffi = Pick<typeof import("koffi"), "load" | "decode" | "address">;

/** What a function of a library is called with: numbers, texts, and arrays or addresses where it wants a pointer. */
export type Argument = number | bigint | string | null | NodeJS.TypedArray;
/** How it wants them. */
export type Kind = "pointer" | "text" | "int" | "long" | "float";

const kinds: { readonly [K in Kind]: string } = {
  pointer: "void *",
  text: "str",
  int: "int32_t",
  long: "int64_t",
  float: "float",
};

const require = createRequire(import.meta.url);

/** The package that calls libraries; null where it is not installed. */
function installedKoffi(): Koffi | null {
  try {
    return require("koffi") as Koffi;
  } catch {
    return null;
  }
}

/** A library that was opened. It stays open as long as the thread: what was loaded is asked again and again. */
export class ForeignLibrary {
  readonly path: string;
  readonly #koffi: Koffi;
  readonly #handle: LibraryHandle;

  /**
   * @param path of a file, or a name that the system finds
   * @throws CliError if nothing can be called here, or if this is no library
   */
  constructor(path: string) {
    const koffi = installedKoffi();
    if (koffi === null) throw new CliError(libraryTexts.noKoffi());
    this.path = path;
    this.#koffi = koffi;
    try {
      this.#handle = koffi.load(path);
    } catch (error) {
      throw new CliError(libraryTexts.notALibrary(path, (error as Error).message));
    }
  }

  /** A function that returns a number; null where the library lacks it. */
  optional(name: string, ...wanted: readonly Kind[]): ((...given: readonly Argument[]) => number) | null {
    try {
      return this.#handle.func(
        name,
        "int32_t",
        wanted.map((kind) => kinds[kind]),
      );
    } catch {
      return null;
    }
  }

  /** A function without arguments that returns a text; null where the library lacks it. */
  text(name: string): (() => string) | null {
    try {
      return this.#handle.func(name, "str", []);
    } catch {
      return null;
    }
  }

  /** A copy of numbers that the library owns. */
  floats(address: bigint, length: number): Float32Array {
    return this.#koffi.decode(address, "float", length);
  }

  /** A copy of a text that the library owns. */
  characters(address: bigint, length: number): string {
    return this.#koffi.decode.string(address, length);
  }

  /** Where an array lies in memory. */
  address(array: NodeJS.TypedArray): bigint {
    return this.#koffi.address(array);
  }
}

/** A place for an address, or for a number of 64 bits, which a library writes into. */
export function place(): BigUint64Array {
  return new BigUint64Array(1);
}

/** What a library must have, by the names of this program: what it is called there, and what it is called with. */
export type Needed<N extends string> = { readonly [name in N]: readonly [name: string, ...kinds: readonly Kind[]] };

/** Functions of a library that are there, each with its own check of what it returns. */
export interface Functions<N extends string> {
  /** @throws CliError with what the library says, unless the code is 0 */
  check(code: number): void;
  /** Calls a function, and checks. */
  do(name: N, ...given: readonly Argument[]): void;
}

/**
 * The functions that are needed of a library.
 *
 * @param title what it is, `least` the oldest that has them, and `lastError` the function that tells what went wrong
 * @throws CliError if one is not there
 */
export function functionsOf<N extends string>(
  library: ForeignLibrary,
  { title, least, lastError }: { readonly title: string; readonly least: string; readonly lastError: string },
  needed: Needed<N>,
): Functions<N> {
  const found = new Map<N, (...given: readonly Argument[]) => number>();
  for (const key of Object.keys(needed) as N[]) {
    const [name, ...wanted] = needed[key];
    const call = library.optional(name, ...wanted);
    if (call === null) throw new CliError(libraryTexts.lacksFunction(library.path, `${title} ${least}`, name));
    found.set(key, call);
  }
  const tell = library.text(lastError);
  const check = (code: number): void => {
    if (code !== 0) throw new CliError(libraryTexts.refused(title, tell?.() ?? `error ${code}`));
  };
  return { check, do: (name, ...given) => check(found.get(name)!(...given)) }; // each was found above
}
