// The kinds of models in an ONNX file: their nodes in the graph, their part of the metadata, and the way back.
import type { Model, ModelOf } from "../../learning/model.ts";
import type { GraphBuilder } from "./graph.ts";
import { layersForm } from "./layers.ts";
import type { GraphProto } from "./schema.ts";
import { treesForm } from "./trees.ts";

/** What the metadata say of a model: under the name of its kind, what its form needs to read it again. */
export type ModelFields = Partial<ReturnType<(typeof layersForm)["fields"]> & ReturnType<(typeof treesForm)["fields"]>>;

/** Which versions a file needs: of the metadata, of ONNX's own form, and of its operators of machine learning. */
export interface Versions {
  readonly format: number;
  readonly ir: number;
  readonly ml: number;
}

/** How a kind of model is kept in a file. */
export interface ModelForm<M extends Model> {
  readonly versions: Versions;
  /** Adds the nodes that turn a tensor of features into one of logits; returns its name. */
  add(graph: GraphBuilder, features: string, model: M): string;
  /** What the metadata say of the model. */
  fields(model: M): ModelFields;
  /** Whether parsed JSON holds such fields, for features of this width and so many outputs. */
  isFields(json: Readonly<Record<string, unknown>>, width: number, outputs: unknown): boolean;
  /** The model that the fields and the tensors of a graph tell of; null where they do not fit each other. */
  read(graph: GraphProto, fields: ModelFields): M | null;
}

/** By kind: a kind without a form does not compile. */
const forms: { readonly [K in Model["kind"]]: ModelForm<ModelOf<K>> } = { layers: layersForm, trees: treesForm };

/** The metadata keep a model under the name of its kind. */
const kinds = Object.keys(forms) as readonly Model["kind"][];

/** The versions of the metadata that are read. */
export const formats: readonly number[] = Object.values(forms).map(({ versions }) => versions.format);

/** What a file of a model needs; files of one kind stay as they are when another needs more. */
export function versionsOf({ kind }: Model): Versions {
  return forms[kind].versions;
}

/** Adds a model to a graph, behind its features. */
export function addModel<K extends Model["kind"]>(graph: GraphBuilder, features: string, model: ModelOf<K>): string {
  return forms[model.kind].add(graph, features, model);
}

/** The model's part of the metadata. */
export function modelFields<K extends Model["kind"]>(model: ModelOf<K>): ModelFields {
  return forms[model.kind].fields(model);
}

/** Whether parsed JSON holds the model's part of the metadata. */
export function isModelFields(json: Readonly<Record<string, unknown>>, width: number, outputs: unknown): boolean {
  return Object.values(forms).some((form) => form.isFields(json, width, outputs));
}

/** The model in a file; null where its parts do not fit each other. */
export function readModelOf(graph: GraphProto, fields: ModelFields): Model | null {
  const kind = kinds.find((each) => each in fields);
  return kind === undefined ? null : forms[kind].read(graph, fields);
}
