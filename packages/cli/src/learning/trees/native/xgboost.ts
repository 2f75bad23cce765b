// XGBoost by its C interface, from 1.6 on.
import type { Features } from "../../features.ts";
import type { Tree } from "../trees.ts";
import { type ForeignLibrary, type Functions, functionsOf, type Needed, place } from "./foreign.ts";
import type { GrowerSettings, LibraryGrower, Rows, TreeLibrary } from "./library.ts";
import { readXgboostTrees } from "./xgboostTrees.ts";

/** XGBoost in an open library; by `takes` also where it need not be, to compare both ways. */
export function xgboost(library: ForeignLibrary, takes?: TreeLibrary["takes"]): TreeLibrary {
  const functions = callsOf(library);
  const version = versionOf(library);
  const hasSlopes = functions.trainOneIter !== null || functions.boostOneIter !== null;
  const way = takes ?? (hasSlopes ? "slopes" : "labels");
  functions.do("setGlobalConfig", JSON.stringify({ verbosity: 0 }));
  return {
    title: "XGBoost",
    version,
    takes: way,
    take: (features) => takeRows(functions, features),
    grower: (training, watched, settings) =>
      new XgboostGrower({ library, functions, takes: way, training, watched }, settings),
  };
}

const needed = {
  setGlobalConfig: ["XGBSetGlobalConfig", "text"],
  takeRows: ["XGDMatrixCreateFromMat", "pointer", "long", "long", "float", "pointer"],
  setFloats: ["XGDMatrixSetFloatInfo", "pointer", "text", "pointer", "long"],
  freeRows: ["XGDMatrixFree", "pointer"],
  create: ["XGBoosterCreate", "pointer", "long", "pointer"],
  setParameter: ["XGBoosterSetParam", "pointer", "text", "text"],
  update: ["XGBoosterUpdateOneIter", "pointer", "int", "pointer"],
  predict: ["XGBoosterPredictFromDMatrix", "pointer", "pointer", "text", "pointer", "pointer", "pointer"],
  slice: ["XGBoosterSlice", "pointer", "int", "int", "int", "pointer"],
  save: ["XGBoosterSaveModelToBuffer", "pointer", "text", "pointer", "pointer"],
  free: ["XGBoosterFree", "pointer"],
} as const satisfies Needed<string>;

interface Calls extends Functions<keyof typeof needed> {
  /** From 2.1 on. */
  readonly trainOneIter: ReturnType<ForeignLibrary["optional"]>;
  /** Before. */
  readonly boostOneIter: ReturnType<ForeignLibrary["optional"]>;
}

function callsOf(library: ForeignLibrary): Calls {
  return {
    ...functionsOf(library, { title: "XGBoost", least: "1.6", lastError: "XGBGetLastError" }, needed),
    trainOneIter: library.optional("XGBoosterTrainOneIter", "pointer", "pointer", "int", "text", "text"),
    boostOneIter: library.optional("XGBoosterBoostOneIter", "pointer", "pointer", "pointer", "pointer", "long"),
  };
}

/** Such as "3.4.1". */
function versionOf(library: ForeignLibrary): string {
  const parts = [new Int32Array(1), new Int32Array(1), new Int32Array(1)];
  library.optional("XGBoostVersion", "pointer", "pointer", "pointer")?.(...parts); // which returns nothing
  return parts.map(([part]) => part).join(".");
}

function takeRows(functions: Calls, { values, rows, width }: Features): Rows {
  const handle = place();
  functions.do("takeRows", values, rows, width, Number.NaN, handle);
  return { handle: handle[0], rows, width, free: () => functions.do("freeRows", handle[0]) };
}

/** Squared error without a start of its own: what it is given as slopes decides, or labels from which these follow. */
function parametersOf({ leaves, depth, l2, minCurvature, rate, featureShare, seed }: GrowerSettings) {
  return {
    objective: "reg:squarederror",
    base_score: 0,
    disable_default_eval_metric: 1,
    tree_method: "hist",
    grow_policy: "lossguide",
    max_leaves: leaves,
    max_depth: depth,
    max_bin: 256,
    eta: rate,
    lambda: l2,
    alpha: 0,
    gamma: 0,
    min_child_weight: minCurvature,
    colsample_bytree: featureShare,
    seed,
    nthread: 1,
    verbosity: 0,
  };
}

interface GrowerParts {
  readonly library: ForeignLibrary;
  readonly functions: Calls;
  readonly takes: TreeLibrary["takes"];
  readonly training: Rows;
  readonly watched: Rows | null;
}

const margins = JSON.stringify({
  type: 1,
  training: false,
  iteration_begin: 0,
  iteration_end: 0,
  strict_shape: false,
});

class XgboostGrower implements LibraryGrower {
  readonly #parts: GrowerParts;
  readonly #handle: bigint;
  #rounds = 0;
  #told = 0;

  constructor(parts: GrowerParts, settings: GrowerSettings) {
    this.#parts = parts;
    const { functions, training, watched } = parts;
    const handle = place();
    // The sums of rows that it knows from the start are kept up to date, and not made anew.
    const known = BigUint64Array.from([training, watched].flatMap((rows) => rows?.handle ?? []));
    functions.do("create", known, known.length, handle);
    this.#handle = handle[0];
    for (const [name, value] of Object.entries(parametersOf(settings))) {
      functions.do("setParameter", this.#handle, name, String(value));
    }
  }

  round(gradient: Float32Array, curvature: Float32Array): void {
    const { functions, takes } = this.#parts;
    const { trainOneIter, boostOneIter, check } = functions;
    const training = this.#parts.training.handle;
    if (takes === "labels") this.#updateByLabels(gradient, curvature);
    else if (trainOneIter !== null) {
      const [first, second] = [this.#interfaceOf(gradient), this.#interfaceOf(curvature)];
      check(trainOneIter(this.#handle, training, this.#rounds, first, second));
    } else check(boostOneIter!(this.#handle, training, gradient, curvature, gradient.length));
    this.#rounds++;
  }

  sums(of: "training" | "watched"): Float32Array {
    const { library, functions, training, watched } = this.#parts;
    const { handle, rows } = of === "training" ? training : watched!;
    if (this.#rounds === 0) return new Float32Array(rows);
    const [shape, dimensions, result] = [place(), place(), place()];
    functions.do("predict", this.#handle, handle, margins, shape, dimensions, result);
    return library.floats(result[0], rows);
  }

  newTrees(output: number): readonly Tree[] {
    if (this.#told === this.#rounds) return [];
    const { library, functions } = this.#parts;
    const [slice, length, text] = [place(), place(), place()];
    functions.do("slice", this.#handle, this.#told, this.#rounds, 1, slice);
    functions.do("save", slice[0], JSON.stringify({ format: "json" }), length, text);
    const trees = readXgboostTrees(library.characters(text[0], Number(length[0])), output);
    functions.do("free", slice[0]);
    this.#told = this.#rounds;
    return trees;
  }

  free(): void {
    this.#parts.functions.do("free", this.#handle);
  }

  /** An array as numpy would describe it. */
  #interfaceOf(array: Float32Array): string {
    const { library } = this.#parts;
    const data = [Number(library.address(array)), true];
    return JSON.stringify({ data, shape: [array.length, 1], typestr: "<f4", version: 3 });
  }

  /** The half squared distance from z - g/h, with weight h, has the slopes g and h at z. */
  #updateByLabels(gradient: Float32Array, curvature: Float32Array): void {
    const { functions, training } = this.#parts;
    const sums = this.sums("training");
    const labels = sums.map((sum, row) => (curvature[row] > 0 ? sum - gradient[row] / curvature[row] : sum));
    functions.do("setFloats", training.handle, "label", labels, labels.length);
    functions.do("setFloats", training.handle, "weight", curvature, curvature.length);
    functions.do("update", this.#handle, this.#rounds, training.handle);
  }
}
