// Words for a command line that is shown, so that it can be pasted back.

/** A word as a shell takes it. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Names as a flag takes several, `list` in commands/values.ts reads them: `'"a,b",c'`. A terminal gets no control characters. */
export function listWord(names: readonly string[]): string {
  const quotedName = (name: string) => (/[,"]|^\s|\s$/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
  return shellWord(
    names
      .map(quotedName)
      .join(",")
      .replaceAll(/\p{Cc}/gu, " "),
  );
}
