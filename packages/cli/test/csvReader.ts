// A strict reader of CSV, independent of the tool: RFC 4180 to the letter, and whether a cell stood in quotes.

export interface CsvCell {
  readonly text: string;
  readonly quoted: boolean;
}

/** All records of a text; anything that RFC 4180 does not allow is an error. */
export function readCsv(text: string, delimiter = ","): CsvCell[][] {
  const records: CsvCell[][] = [];
  let record: CsvCell[] = [];
  let at = 0;
  while (at < text.length) {
    const quoted = text[at] === '"';
    let cell = "";
    if (quoted) {
      at++;
      for (;;) {
        const end = text.indexOf('"', at);
        if (end === -1) throw new Error(`record ${records.length + 1}: a quote is not closed`);
        cell += text.slice(at, end);
        at = end + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at++;
      }
    } else {
      const from = at;
      while (at < text.length && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r") at++;
      cell = text.slice(from, at);
      if (cell.includes('"')) throw new Error(`record ${records.length + 1}: a quote inside a plain cell`);
    }
    record.push({ text: cell, quoted });
    if (text[at] === delimiter) {
      at++;
      if (at === text.length) throw new Error("the text ends after a delimiter");
      continue;
    }
    if (text[at] === "\r") at++;
    if (text[at] !== "\n") throw new Error(`record ${records.length + 1}: it does not end with a line end`);
    at++;
    records.push(record);
    record = [];
  }
  const width = records[0]?.length;
  const odd = records.findIndex(({ length }) => length !== width);
  if (odd !== -1) throw new Error(`record ${odd + 1} has ${records[odd]!.length} cells, the first has ${width}`);
  return records;
}
