// What a trained model is: of one of several kinds, each with its way from features to logits.
import type { Features } from "./features.ts";
import { type Layers, predictLayers } from "./layers.ts";
import { predictTrees, type Trees } from "./trees/trees.ts";

/** A trained model, plain data, which threads can hand over and files can hold. */
export type Model = Layers | Trees;

/** The models of a kind. */
export type ModelOf<K extends Model["kind"]> = Extract<Model, { readonly kind: K }>;

const predictors: { readonly [K in Model["kind"]]: (model: ModelOf<K>, features: Features) => Float64Array } = {
  layers: predictLayers,
  trees: predictTrees,
};

/** The logits of a model for every row, `[rows, outputs]`, in float64. */
export function predictLogits<K extends Model["kind"]>(model: ModelOf<K>, features: Features): Float64Array {
  return predictors[model.kind](model, features);
}
