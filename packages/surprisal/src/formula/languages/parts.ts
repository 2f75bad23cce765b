// What a large formula is written in: parts with a name, where the whole would be endless.
//
// Written out, a graph is as long as the tree that it unfolds to: ten Newton steps would take a billion symbols.
import type { Node } from "../graph.ts";
import { nodesOf } from "../nodes.ts";

/** A graph in which parts are replaced by names, and these parts, each in terms of those before it. */
export interface Parts {
  readonly whole: Node;
  readonly parts: readonly (readonly [name: string, part: Node])[];
}

/** Up to these a formula is written in one piece. */
const longest = 1000;
const deepest = 60;
/** A part gets a name from this length on where it is used again, and in any case where it is longer than that. */
const worthAName = 12;
const tooLong = 200;

/** How long a text is, in symbols, and how deep it is nested. */
interface Size {
  readonly length: number;
  readonly depth: number;
}

/**
 * Divides a graph into parts; a formula of ordinary size stays whole.
 *
 * @param nameOf the name of the part with this number, from 1
 */
export function inParts(root: Node, nameOf: (number: number) => string): Parts {
  const nodes = nodesOf(root);
  const sizes = new Map<string, Size>();
  const users = new Map<string, number>();
  for (const node of nodes) {
    sizes.set(node.key, sizeOf(node, sizes));
    if (node.kind !== "operation") continue;
    for (const { key } of node.operands) users.set(key, (users.get(key) ?? 0) + 1);
  }
  const { length, depth } = sizes.get(root.key) as Size;
  if (length <= longest && depth <= deepest) return { whole: root, parts: [] };

  const parts: [string, Node][] = [];
  const written = new Map<string, Node>();
  for (const node of nodes) {
    if (node.kind !== "operation") {
      written.set(node.key, node);
      continue;
    }
    const operands = node.operands.map(({ key }) => written.get(key) as Node);
    const whole: Node = operands.every((operand, k) => operand === node.operands[k]) ? node : { ...node, operands };
    const size = sizeOf(whole, sizes);
    const isShared = (users.get(node.key) ?? 0) > 1 && size.length >= worthAName;
    if (node === root || !(isShared || size.length > tooLong || size.depth >= deepest)) {
      sizes.set(node.key, size);
      written.set(node.key, whole);
      continue;
    }
    const name = nameOf(parts.length + 1);
    parts.push([name, whole]);
    const leaf: Node = { kind: "parameter", name, key: name };
    sizes.set(name, sizeOf(leaf, sizes));
    written.set(node.key, leaf);
  }
  return { whole: written.get(root.key) as Node, parts };
}

/** The size of a node whose operands have theirs. */
function sizeOf(node: Node, sizes: ReadonlyMap<string, Size>): Size {
  if (node.kind !== "operation") return { length: 1, depth: 1 };
  const operands = node.operands.map(({ key }) => sizes.get(key) as Size);
  return {
    length: 1 + operands.reduce((sum, { length }) => sum + length, 0),
    depth: 1 + Math.max(...operands.map(({ depth }) => depth)),
  };
}
