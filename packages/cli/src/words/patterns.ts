// Texts as parts of a regular expression, and patterns of names such as tag_*.

const wildcards: Readonly<Record<string, string>> = { "*": ".*", "?": "." };

/** A text as a regular expression that stands for just that text. */
export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** Whether a name fits a pattern in which `*` stands for any characters and `?` for one, if they are `wild` there. */
export function fitsPattern(pattern: string, name: string, wild: string): boolean {
  const parts = Array.from(pattern, (letter) => (wild.includes(letter) ? wildcards[letter] : escaped(letter)));
  return new RegExp(`^${parts.join("")}$`, "su").test(name);
}
