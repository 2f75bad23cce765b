// The generated parts of a file that is otherwise written by hand.

/**
 * Puts texts between the marks `<!-- generated: NAME -->` and `<!-- /generated -->`.
 *
 * @throws Error if a mark has no text, or a text no mark
 */
export function replaceGenerated(path: string, text: string, parts: Readonly<Record<string, string>>): string {
  const used = new Set<string>();
  const replaced = text.replace(
    /(<!-- generated: (\w+) -->\n)[\s\S]*?(<!-- \/generated -->)/g,
    (_, open: string, name: string, close: string) => {
      const part = parts[name];
      if (part === undefined) throw new Error(`${path}: nothing is generated under the name "${name}"`);
      used.add(name);
      return `${open}\n${part.trim()}\n\n${close}`;
    },
  );
  for (const name of Object.keys(parts)) {
    if (!used.has(name)) throw new Error(`${path}: there is no mark <!-- generated: ${name} -->`);
  }
  return replaced;
}
