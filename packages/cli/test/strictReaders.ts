// Readers for tests, written without regard to speed and without the tool: what the bytes of a table say, or an error.

/** The rows of a table as cells by name; null where a cell is not there. */
export interface Reading {
  readonly names: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** What is wrong with the bytes. */
export class Refused extends Error {}

function textOf(bytes: Buffer): string {
  if (bytes.includes(0)) throw new Refused("NUL");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Refused("no UTF-8");
  }
}

/** Reads a delimited text letter by letter. */
export function readDelimited(bytes: Buffer, delimiter: string): Reading {
  const text = textOf(bytes);
  const records: string[][] = [];
  /** Records that end with a delimiter. */
  const open = new Set<string[]>();
  const ends = new Set<string>();
  let at = 0;
  const isEnd = (): boolean => at >= text.length || text[at] === "\n" || text[at] === "\r";
  const value = (): string => {
    const from = at;
    while (text[at] === " ") at++;
    if (text[at] !== '"') {
      while (!isEnd() && text[at] !== delimiter) at++;
      return text.slice(from, at);
    }
    let inside = "";
    for (at++; ; at++) {
      if (at >= text.length) throw new Refused("open quote");
      if (text[at] !== '"') inside += text[at];
      else if (text[at + 1] === '"') {
        inside += '"';
        at++;
      } else break;
    }
    at++;
    while (text[at] === " ") at++;
    if (!isEnd() && text[at] !== delimiter) throw new Refused("letters behind a quote");
    return inside;
  };
  while (at < text.length) {
    const from = at;
    const record = [value()];
    while (!isEnd()) {
      const before = ++at;
      record.push(value());
      if (at === before && isEnd()) open.add(record);
    }
    if (at - from > 2_000_000) throw new Refused("long record");
    const blank = at === from;
    const end = /\r\n|\r|\n/y;
    end.lastIndex = at;
    const found = end.exec(text)?.[0];
    if (found !== undefined && !(found === "\r" && at + 1 === text.length)) ends.add(found);
    if (ends.has("\r") && ends.size > 1 && (records[0] ?? record).length === 1) throw new Refused("line ends");
    if (text[at] === "\r" && text[at + 1] === "\n") at++;
    at++;
    if (!blank || records.length === 0 || records[0]!.length === 1) records.push(record);
  }
  const [names = [], ...rows] = records;
  for (const row of rows) {
    const surplus = row.length === names.length + 1 && open.has(row);
    if (row.length !== names.length && !surplus) throw new Refused("ragged");
  }
  return { names: names.map((name) => name.trim()), rows };
}

/** Reads JSON values that stand in a list or one after the other. NaN, Infinity and a comma too many may be there. */
export function readJson(bytes: Buffer): Reading {
  const text = textOf(bytes);
  let at = 0;
  const skip = (): void => {
    while (/[ \t\n\r]/.test(text[at] ?? "")) at++;
  };
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) return null;
    at += found.length;
    return found;
  };
  const parse = (): unknown => {
    skip();
    const plain = match(
      /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\d.eE+])|true|false|null|-?(?:nan|inf(?:inity)?)/iy,
    );
    if (plain !== null && text[at - plain.length] !== '"') return plain === "null" ? null : { plain };
    const quoted = match(/"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy);
    if (quoted !== null) {
      const value = JSON.parse(quoted) as string;
      if (Buffer.from(value).toString() !== value) throw new Refused("half a letter");
      return value;
    }
    const open = match(/[[{]/y);
    if (open === null) throw new Refused("no JSON");
    const close = open === "{" ? "}" : "]";
    const members = new Map<string, unknown>();
    for (;;) {
      skip();
      if (text[at] === close) break;
      const key = open === "{" ? parse() : String(members.size);
      if (typeof key !== "string" || members.has(key)) throw new Refused("key");
      if (open === "{") {
        skip();
        if (text[at++] !== ":") throw new Refused("no colon");
      }
      members.set(key, parse());
      skip();
      if (text[at] === ",") at++;
      else if (text[at] !== close) throw new Refused("no comma");
    }
    at++;
    return members;
  };
  const values: unknown[] = [];
  skip();
  if (text[at] === "[") {
    const list = parse() as Map<string, unknown>;
    values.push(...list.values());
    skip();
    if (at < text.length) throw new Refused("surplus");
  } else {
    for (skip(); at < text.length; skip()) values.push(parse());
  }
  const names = [
    ...new Set(values.flatMap((value) => (value instanceof Map ? [...(value.keys() as Iterable<string>)] : []))),
  ];
  const rows = values.map((value) => {
    if (value !== null && !(value instanceof Map)) throw new Refused("no object");
    return names.map((name) => value?.get(name) ?? null);
  });
  return { names, rows };
}
