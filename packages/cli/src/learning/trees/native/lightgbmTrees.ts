// The trees of a model of LightGBM in its own text, as ours.
import { CliError, libraryTexts } from "../../../errors.ts";
import type { Tree } from "../trees.ts";
import { atMost } from "./float32.ts";

/** Bits of `decision_type`: 1 for a category, 2 where missing goes left, and from 4 on what is missing. */
const categorical = 1;
const defaultLeft = 2;
const missingNothing = 0;
const missingNaN = 2;

/** The trees of a model whose leaves all add to one output. */
export function readLightgbmTrees(text: string, output: number): readonly Tree[] {
  const [body] = text.split("\nend of trees");
  return body
    .split(/^Tree=\d+$/m)
    .slice(1)
    .map((section) => treeOf(fieldsOf(section), output));
}

/** Lines of a name and numbers: `leaf_value=0.25 -1`. */
function fieldsOf(section: string): ReadonlyMap<string, readonly number[]> {
  const lines = section.split("\n").filter((line) => line.includes("="));
  return new Map(
    lines.map((line) => {
      const [name, values] = line.split("=");
      return [name, values.split(" ").filter(Boolean).map(Number)];
    }),
  );
}

/** Inner nodes keep their numbers, the leaves follow them. */
function treeOf(fields: ReadonlyMap<string, readonly number[]>, output: number): Tree {
  const listOf = (name: string) => fields.get(name) ?? [];
  const leaves = listOf("leaf_value");
  const inner = leaves.length - 1;
  const nodes = inner + leaves.length;
  const childOf = (child: number) => (child >= 0 ? child : inner + ~child);
  const thresholds = listOf("threshold");
  const tree = {
    output,
    feature: new Int32Array(nodes).fill(-1),
    threshold: new Float32Array(nodes),
    setAt: new Int32Array(nodes).fill(-1),
    sets: new Uint32Array(0),
    missingLeft: new Uint8Array(nodes),
    left: new Int32Array(nodes).fill(-1),
    right: new Int32Array(nodes).fill(-1),
    value: new Float64Array(nodes),
  };
  for (let node = 0; node < inner; node++) {
    tree.feature[node] = listOf("split_feature")[node];
    tree.threshold[node] = atMost(thresholds[node]);
    tree.left[node] = childOf(listOf("left_child")[node]);
    tree.right[node] = childOf(listOf("right_child")[node]);
    tree.missingLeft[node] = Number(missingGoesLeft(listOf("decision_type")[node], thresholds[node]));
  }
  leaves.forEach((value, leaf) => {
    tree.value[inner + leaf] = value;
  });
  return tree;
}

/** Where the training rows lacked nothing, LightGBM takes 0 for what is missing. */
function missingGoesLeft(decision: number, threshold: number): boolean {
  const missing = decision >> 2;
  if ((decision & categorical) !== 0 || (missing !== missingNothing && missing !== missingNaN)) {
    throw new CliError(libraryTexts.strangeTree("LightGBM", `decision_type ${decision}`));
  }
  return missing === missingNaN ? (decision & defaultLeft) !== 0 : threshold >= 0;
}
