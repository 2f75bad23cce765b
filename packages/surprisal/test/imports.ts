// What a source imports, types included, and circles among files.

const string = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)/;
/** A string, as the first group, or a comment. */
export const stringOrComment = new RegExp(`${string.source}|//[^\\n]*|/\\*[\\s\\S]*?\\*/`, "g");

/** The ways in which a file can be named by another; each ends in the string that names it. */
const ways = [
  /\b(?:import|export)\b[^;"'`()=]*?\bfrom\s*/, // also `import type` and `export * from`
  /\bimport\s*/, // for its effects
  /\b(?:import|require)\s*\(\s*/, // when it is needed, or for a type: import("./a.ts").A
];

/** What the text of a source imports, as it is written there. */
export function importsOf(text: string): readonly string[] {
  const code = text.replace(stringOrComment, (_, kept: string | undefined) => kept ?? " ");
  return ways.flatMap((way) =>
    [...code.matchAll(new RegExp(way.source + string.source, "g"))].map(([, name]) => name.slice(1, -1)),
  );
}

/** The first circle that is found among files, each beside what it imports; null where there is none. */
export function circleIn(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const done = new Set<string>();
  const path: string[] = [];
  const search = (file: string): readonly string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return null;
    path.push(file);
    for (const target of graph.get(file) ?? []) {
      const circle = search(target);
      if (circle !== null) return circle;
    }
    path.pop();
    done.add(file);
    return null;
  };
  for (const file of graph.keys()) {
    const circle = search(file);
    if (circle !== null) return circle;
  }
  return null;
}
