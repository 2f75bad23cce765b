// `show` of a saved model: what it answers, how it came about, and what it is made of.
import type { Layers } from "../learning/layers.ts";
import type { Model, ModelOf } from "../learning/model.ts";
import type { Trees } from "../learning/trees/trees.ts";
import type { SavedModel } from "../saved/savedModel.ts";
import { listNames, plainName } from "../words/quoted.ts";
import { count, counted, probability, roughPercent } from "../words/text.ts";
import { visibleLine } from "../words/visible.ts";
import { entry } from "./lines.ts";

/** How many of the features that are asked most are named. */
const mostNamed = 10;

/** A saved model in some lines. */
export function showModel(saved: SavedModel, columns: number): string {
  const { target, encoder, loss, alpha, thresholds, provenance } = saved;
  const { definition } = loss;
  const settings = Object.entries(loss.parameters).map(([name, value]) => `, ${name} ${value}`);
  const numbers = encoder.columns.filter(({ kind }) => kind === "number").length;
  const answers = target.kind === "multilabel" ? "labels" : "classes";
  const lines: readonly (readonly [name: string, text: string])[] = [
    ["source", `${provenance.source}, ${counted(provenance.rows, "row")}`],
    ["made by", provenance.command],
    ["target", `${listNames(target.columns)} · ${counted(target.classes.length, "class", answers)}`],
    [
      "columns",
      `${counted(numbers, "number")}, ${counted(encoder.columns.length - numbers, "category", "categories")}`,
    ],
    ["loss", `${definition.title ?? definition.name}${settings.join("")}${alpha === null ? "" : ", weighted"}`],
    ...(target.kind === "binary"
      ? [["answer", `${plainName(target.classes[1])} from ${probability(thresholds[0])} on`] as const]
      : []),
    ["model", describe(saved.model)],
  ];
  const told = lines.map(([name, text]) => entry(name, text, columns));
  return `${[...told, ...questionsOf(saved.model, encoder.names)].join("\n")}\n`;
}

const descriptions: { readonly [K in Model["kind"]]: (model: ModelOf<K>) => string } = {
  layers: ({ layers }: Layers) => {
    const sizes = [layers[0].inputs, ...layers.map(({ outputs }) => outputs)].map(count).join(", ");
    return layers.length === 1 ? `linear, from features to logits: ${sizes}` : `a network, from features on: ${sizes}`;
  },
  trees: ({ output, starts, feature }: Trees) => {
    if (output.length === 0) return "no trees, the same for each row";
    const ofTree = Array.from(output, (_, tree) => leavesIn(feature.subarray(starts[tree], starts[tree + 1])));
    const all = ofTree.reduce((sum, leaves) => sum + leaves, 0);
    const most = ofTree.reduce((a, b) => Math.max(a, b));
    return `${counted(output.length, "tree")} with ${counted(all, "leaf", "leaves")}, at most ${count(most)} to a tree`;
  },
};

function describe<K extends Model["kind"]>(model: ModelOf<K>): string {
  return descriptions[model.kind](model);
}

/** What a model asks of its features, in lines; none where it asks nothing. */
const questions: { readonly [K in Model["kind"]]: (model: ModelOf<K>, names: readonly string[]) => readonly string[] } =
  { layers: () => [], trees: askedMost };

function questionsOf<K extends Model["kind"]>(model: ModelOf<K>, names: readonly string[]): readonly string[] {
  return questions[model.kind](model, names);
}

const leavesIn = (feature: Int32Array) => feature.reduce((leaves, asked) => leaves + Number(asked === -1), 0);

/** How often each feature is asked for, the most frequent first. */
function askedMost({ feature, width }: Trees, names: readonly string[]): readonly string[] {
  const counts = new Float64Array(width);
  for (const asked of feature) if (asked !== -1) counts[asked]++;
  const all = counts.reduce((sum, each) => sum + each, 0);
  const order = [...names.keys()].filter((k) => counts[k] > 0).sort((a, b) => counts[b] - counts[a] || a - b);
  const named = order.slice(0, mostNamed);
  const shown = named.map((k) => visibleLine(plainName(names[k])));
  const [wide, digits] = [
    Math.max(0, ...shown.map(({ length }) => length)),
    Math.max(0, ...named.map((k) => count(counts[k]).length)),
  ];
  const lines = named.map((k, place) => {
    const questions = `${count(counts[k]).padStart(digits)} question${counts[k] === 1 ? "" : "s"}`;
    return `${" ".repeat(10)}${shown[place].padEnd(wide)}  ${questions} (${roughPercent(counts[k] / all)})`;
  });
  if (lines.length === 0) return [];
  const rest = order.length - named.length;
  return [" asked", ...lines, ...(rest > 0 ? [`${" ".repeat(10)}and ${count(rest)} more`] : [])];
}
