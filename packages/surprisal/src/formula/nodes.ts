// The nodes of a graph, one after the other: how every walk over a graph is made.
import type { Node } from "./graph.ts";

/**
 * The nodes of graphs, each once, every operand before what it is an operand of.
 *
 * A graph is not walked as a tree, in which a part that is used twice doubles with every level, and not by recursion,
 * whose stack ends at some thousands of levels.
 */
export function nodesOf(...roots: readonly Node[]): readonly Node[] {
  const seen = new Set<string>();
  const nodes: Node[] = [];
  const open: Node[] = [];
  /** How many operands of each open node have been visited. */
  const visited: number[] = [];
  const enter = (node: Node) => {
    if (seen.has(node.key)) return;
    seen.add(node.key);
    open.push(node);
    visited.push(0);
  };
  for (const root of roots) {
    enter(root);
    while (open.length > 0) {
      const last = open.length - 1;
      const node = open[last];
      const operands = node.kind === "operation" ? node.operands : [];
      if (visited[last] < operands.length) enter(operands[visited[last]++]);
      else {
        nodes.push(node);
        open.pop();
        visited.pop();
      }
    }
  }
  return nodes;
}
