// LightGBM by its C interface, from 4.0 on.
import type { Features } from "../../features.ts";
import type { Tree } from "../trees.ts";
import { type ForeignLibrary, type Functions, functionsOf, type Needed, place } from "./foreign.ts";
import type { GrowerSettings, LibraryGrower, Rows, TreeLibrary } from "./library.ts";
import { readLightgbmTrees } from "./lightgbmTrees.ts";

/** LightGBM in an open library, which does not tell its version; by `takes` also where it need not be. */
export function lightgbm(library: ForeignLibrary, version: string, takes?: TreeLibrary["takes"]): TreeLibrary {
  const functions = callsOf(library);
  const way = takes ?? (functions.updateCustom === null ? "labels" : "slopes");
  return {
    title: "LightGBM",
    version,
    takes: way,
    take: (features, like) => takeRows(functions, features, like),
    grower: (training, watched, settings) => new LightgbmGrower({ functions, takes: way, training, watched }, settings),
  };
}

const needed = {
  since4: ["LGBM_BoosterGetLoadedParam"],
  takeRows: ["LGBM_DatasetCreateFromMat", "pointer", "int", "int", "int", "int", "text", "pointer", "pointer"],
  setField: ["LGBM_DatasetSetField", "pointer", "text", "pointer", "int", "int"],
  freeRows: ["LGBM_DatasetFree", "pointer"],
  create: ["LGBM_BoosterCreate", "pointer", "text", "pointer"],
  watch: ["LGBM_BoosterAddValidData", "pointer", "pointer"],
  update: ["LGBM_BoosterUpdateOneIter", "pointer", "pointer"],
  sums: ["LGBM_BoosterGetPredict", "pointer", "int", "pointer", "pointer"],
  rounds: ["LGBM_BoosterGetCurrentIteration", "pointer", "pointer"],
  save: ["LGBM_BoosterSaveModelToString", "pointer", "int", "int", "int", "long", "pointer", "pointer"],
  free: ["LGBM_BoosterFree", "pointer"],
} as const satisfies Needed<string>;

interface Calls extends Functions<keyof typeof needed> {
  readonly updateCustom: ReturnType<ForeignLibrary["optional"]>;
}

function callsOf(library: ForeignLibrary): Calls {
  return {
    ...functionsOf(library, { title: "LightGBM", least: "4.0", lastError: "LGBM_GetLastError" }, needed),
    updateCustom: library.optional("LGBM_BoosterUpdateOneIterCustom", "pointer", "pointer", "pointer", "pointer"),
  };
}

const written = (parameters: Readonly<Record<string, string | number | boolean>>) =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");

/** How rows are put in bins; the layout is fixed, since it is else chosen by the clock. */
const ofRows = {
  max_bin: 255,
  min_data_in_bin: 1,
  feature_pre_filter: false,
  use_missing: true,
  zero_as_missing: false,
  deterministic: true,
  force_row_wise: true,
  num_threads: 1,
  verbosity: -1,
} as const;

/** Kinds of numbers in the C interface. */
const float32 = 0;

function takeRows(functions: Calls, { values, rows, width }: Features, like: Rows | null): Rows {
  const handle = place();
  const isRowMajor = 1;
  functions.do("takeRows", values, float32, rows, width, isRowMajor, written(ofRows), like?.handle ?? null, handle);
  return { handle: handle[0], rows, width, free: () => functions.do("freeRows", handle[0]) };
}

function parametersOf(
  { leaves, depth, l2, minCurvature, rate, featureShare, seed }: GrowerSettings,
  takes: TreeLibrary["takes"],
) {
  return {
    ...ofRows,
    objective: takes === "slopes" ? "none" : "regression",
    metric: "none",
    boost_from_average: false,
    num_leaves: leaves,
    max_depth: depth,
    learning_rate: rate,
    lambda_l1: 0,
    lambda_l2: l2,
    min_gain_to_split: 0,
    min_data_in_leaf: 1,
    min_sum_hessian_in_leaf: minCurvature,
    feature_fraction: featureShare,
    seed,
  };
}

interface GrowerParts {
  readonly functions: Calls;
  readonly takes: TreeLibrary["takes"];
  readonly training: Rows;
  readonly watched: Rows | null;
}

class LightgbmGrower implements LibraryGrower {
  readonly #parts: GrowerParts;
  readonly #handle: bigint;
  readonly #sums: { readonly training: Float64Array; readonly watched: Float64Array };
  #told = 0;

  constructor(parts: GrowerParts, settings: GrowerSettings) {
    const { functions, takes, training, watched } = parts;
    this.#parts = parts;
    this.#sums = { training: new Float64Array(training.rows), watched: new Float64Array(watched?.rows ?? 0) };
    if (takes === "labels") this.#setSlopes(new Float32Array(training.rows), new Float32Array(training.rows).fill(1));
    const handle = place();
    functions.do("create", training.handle, written(parametersOf(settings, takes)), handle);
    this.#handle = handle[0];
    if (watched !== null) functions.do("watch", this.#handle, watched.handle);
  }

  round(gradient: Float32Array, curvature: Float32Array): void {
    const { functions, takes } = this.#parts;
    const isFinished = new Int32Array(1); // where no split helps it adds no tree; with other slopes it may
    if (takes === "slopes") functions.check(functions.updateCustom!(this.#handle, gradient, curvature, isFinished));
    else {
      this.#setSlopes(gradient, curvature);
      functions.do("update", this.#handle, isFinished);
    }
  }

  sums(of: "training" | "watched"): Float64Array {
    const sums = this.#sums[of];
    this.#parts.functions.do("sums", this.#handle, of === "training" ? 0 : 1, place(), sums);
    return sums;
  }

  newTrees(output: number): readonly Tree[] {
    const { functions } = this.#parts;
    const rounds = new Int32Array(1);
    functions.do("rounds", this.#handle, rounds);
    const from = this.#told;
    if (rounds[0] === from) return [];
    this.#told = rounds[0];
    const length = place();
    const range = [from, rounds[0] - from, 0] as const;
    functions.do("save", this.#handle, ...range, 0, length, null);
    const text = new Uint8Array(Number(length[0]));
    functions.do("save", this.#handle, ...range, text.length, length, text);
    return readLightgbmTrees(new TextDecoder().decode(text), output);
  }

  free(): void {
    this.#parts.functions.do("free", this.#handle);
  }

  /** The half squared distance from z - g/h, with weight h, has the slopes g and h at z. */
  #setSlopes(gradient: Float32Array, curvature: Float32Array): void {
    const { functions, training } = this.#parts;
    const sums = this.#sums.training;
    const labels = gradient.map((slope, row) => (curvature[row] > 0 ? sums[row] - slope / curvature[row] : sums[row]));
    functions.do("setField", training.handle, "label", labels, labels.length, float32);
    functions.do("setField", training.handle, "weight", curvature, curvature.length, float32);
  }
}
