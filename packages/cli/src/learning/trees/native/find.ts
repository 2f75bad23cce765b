// Where a library that grows trees lies: where it is said to, where the system looks, or inside of a Python package.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { env, platform } from "node:process";
import { CliError, libraryTexts } from "../../../errors.ts";
import type { FoundLibrary } from "../../engine.ts";
import { ForeignLibrary } from "./foreign.ts";
import type { TreeLibrary } from "./library.ts";
import { lightgbm } from "./lightgbm.ts";
import { xgboost } from "./xgboost.ts";

/** What is known of a library before it is open. */
interface Known {
  readonly title: string;
  /** The variable that says where it is. */
  readonly variable: string;
  /** The file, without what stands around it on each system; and the Python package that has it. */
  readonly file: string;
  readonly package: string;
  /** What Debian calls it; null where Debian lacks it. */
  readonly installed: string;
  open(library: ForeignLibrary): TreeLibrary;
}

const list = {
  xgboost: {
    title: "XGBoost",
    variable: "SURPRISAL_XGBOOST",
    file: "xgboost",
    package: "xgboost",
    installed: "apt-get install libxgboost0, or pip install xgboost-cpu",
    open: (library: ForeignLibrary) => xgboost(library),
  },
  lightgbm: {
    title: "LightGBM",
    variable: "SURPRISAL_LIGHTGBM",
    file: "_lightgbm",
    package: "lightgbm",
    installed: "pip install lightgbm",
    open: (library: ForeignLibrary) => lightgbm(library, versionBeside(library.path)),
  },
} as const satisfies Readonly<Record<string, Known>>;

/** What a library is called on the command line. */
export type LibraryName = keyof typeof list;

/** All of them. */
export const libraryNames = Object.keys(list) as readonly LibraryName[];

/**
 * Finds a library, and opens it.
 *
 * @param path where it is said to be: a file, or a folder with the Python package; else a variable of the environment
 *   may say so, or it is looked for
 * @throws CliError if there is none, or if it is too old
 */
export function findLibrary(name: LibraryName, path: string | undefined): FoundLibrary {
  const known: Known = list[name];
  const said = path ?? env[known.variable];
  const place = said ? placeSaid(known, path === undefined ? known.variable : "--library", said) : placeFound(known);
  const { title, version } = openLibrary({ name, path: place });
  return { name, title, version, path: place };
}

const open = new Map<string, TreeLibrary>();

/** The library that was found, open in this thread. */
export function openLibrary({ name, path }: Pick<FoundLibrary, "name" | "path">): TreeLibrary {
  const known: Known = list[name as LibraryName];
  const here = open.get(`${name} ${path}`) ?? known.open(new ForeignLibrary(path));
  open.set(`${name} ${path}`, here);
  return here;
}

function placeSaid(known: Known, by: string, path: string): string {
  if (!existsSync(path)) throw new CliError(libraryTexts.noSuchLibrary(by, path, known.title));
  if (!statSync(path).isDirectory()) return path;
  const inside = filesIn(known, path).find(existsSync);
  if (inside === undefined) throw new CliError(libraryTexts.notInFolder(by, path, known.title));
  return inside;
}

function placeFound(known: Known): string {
  for (const file of [fileOf(known), `${fileOf(known)}.0`]) if (isOpenedBySystem(file)) return file;
  const inPython = sitePackages()
    .flatMap((folder) => filesIn(known, folder))
    .find(existsSync);
  if (inPython !== undefined) return inPython;
  const { title, variable, installed } = known;
  throw new CliError(libraryTexts.notFound(title, variable, installed));
}

function isOpenedBySystem(file: string): boolean {
  try {
    return new ForeignLibrary(file).path === file;
  } catch (error) {
    if (error instanceof CliError && error.message === libraryTexts.noKoffi()) throw error;
    return false;
  }
}

function fileOf({ file }: Known): string {
  if (platform === "win32") return file === "_lightgbm" ? "lib_lightgbm.dll" : `${file}.dll`;
  return `lib${file}.${platform === "darwin" ? "dylib" : "so"}`;
}

/** The places in which a folder may have it: its own, that of the package, or that of all packages. */
function filesIn(known: Known, folder: string): readonly string[] {
  const inPackage = ["", "lib", "bin"];
  const here = [...inPackage, ...inPackage.map((part) => join(known.package, part))];
  return here.map((part) => join(folder, part, fileOf(known)));
}

/** Where Python keeps packages: of the environment that is active, then of each that is on the path. */
function sitePackages(): readonly string[] {
  const { VIRTUAL_ENV, CONDA_PREFIX, HOME, PATH = "" } = env;
  const onPath = PATH.split(delimiter).filter(Boolean).map(dirname);
  const roots = [VIRTUAL_ENV, CONDA_PREFIX, ...onPath, HOME && join(HOME, ".local")].filter(
    (root) => root !== undefined,
  );
  return [...new Set(roots)]
    .filter(Boolean)
    .flatMap((root) => [
      join(root, "Lib", "site-packages"),
      ...pythonsIn(join(root, "lib")).flatMap((python) => [
        join(root, "lib", python, "site-packages"),
        join(root, "lib", python, "dist-packages"),
      ]),
    ]);
}

function pythonsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^python3(\.\d+)?$/.test(name));
  } catch {
    return [];
  }
}

/** The version that the Python package tells, since the library itself tells none. */
function versionBeside(path: string): string {
  try {
    return readFileSync(join(dirname(path), "..", "VERSION.txt"), "utf8").trim();
  } catch {
    return "4";
  }
}
