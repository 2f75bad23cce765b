// The dialect of a delimited text: its delimiter and the names in its first line.

/** The delimiters that are tried; a quote is always ", written twice inside a quoted value. */
export const delimiters = [",", "\t", ";", "|"] as const;
export type Delimiter = (typeof delimiters)[number];

/** The first records of a text, split at a delimiter; `closed` is false if the text ended inside the last of them. */
export function firstRecords(text: string, delimiter: string, most: number): { records: string[][]; closed: boolean } {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length && records.length < most) {
    let field = "";
    let first = at;
    while (text[first] === " ") first++;
    if (text[first] === '"') {
      let from = first + 1;
      let end = text.indexOf('"', from);
      while (end !== -1 && text[end + 1] === '"') {
        field += text.slice(from, end + 1);
        from = end + 2;
        end = text.indexOf('"', from);
      }
      if (end === -1) return { records, closed: false };
      field += text.slice(from, end);
      at = end + 1;
    }
    const from = at;
    while (at < text.length && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r") at++;
    record.push(field + text.slice(from, at));
    if (at === text.length) break;
    if (text[at] === delimiter) {
      at++;
      continue;
    }
    if (text[at] === "\r" && text[at + 1] === "\n") at++;
    at++;
    records.push(record);
    record = [];
  }
  if (record.length > 0 && records.length < most) records.push(record);
  return { records, closed: at < text.length || records.length > 0 };
}

/** The delimiter that cuts most of the first records into as many fields as the first line; of equals the most. */
export function findDelimiter(text: string): Delimiter {
  let best: Delimiter = ",";
  let bestScore = -1;
  for (const delimiter of delimiters) {
    const { records } = firstRecords(text, delimiter, 50);
    const fields = records[0]?.length ?? 1;
    if (fields < 2) continue;
    const rows = records.filter((record) => record.length > 1 || record[0] !== "");
    const agreeing = rows.filter((record) => record.length === fields).length / rows.length;
    const score = agreeing + fields * 1e-7;
    if (score > bestScore) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
}
