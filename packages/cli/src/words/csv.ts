// A cell of a CSV file: in quotes where it would be read otherwise without them.

/** A text as a cell; blanks at its ends, and a mark that would be taken for the file's own, stand in quotes, too. */
export function csvCell(text: string): string {
  return /[",\r\n]|^[\s\ufeff]|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
