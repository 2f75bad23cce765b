// Text that only shows: what a terminal or a page would obey instead of showing is written as an escape.

/** Control characters, changes of writing direction, line ends of Unicode, and halves of a character. */
export const unseen = /[\p{Cc}\p{Bidi_Control}\p{Cs}\u2028\u2029]/u;

const everyUnseen = new RegExp(unseen, "gu");
const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** The text with escapes as in JSON, `\n` and `\u001b`, for what would not be seen: names in a line of a terminal. */
export function visibleLine(text: string): string {
  return text.replace(everyUnseen, (character) => short[character] ?? unicode(character));
}

/**
 * The same for text of several lines, whose line ends stay: everything that is printed goes through it. JSON is JSON
 * afterwards, and means the same.
 *
 * @param colour whether the codes for bold and dim stay, too
 */
export function visibleText(text: string, colour = false): string {
  return text.replace(colour ? unseenNoColour : everyUnseen, (character) =>
    character === "\n" ? character : unicode(character),
  );
}

const unseenNoColour = new RegExp(`(?!\\x1b\\[(?:1|2|22)m)${unseen.source}`, "gu");

function unicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
