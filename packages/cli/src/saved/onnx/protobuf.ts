// Messages in the bytes of Protocol Buffers, from a table of their fields: nothing is compiled, so that it works where
// Node.js may make no code from strings.
import protobuf from "protobufjs/minimal.js";

/** A field of a message: its number, what it holds, and whether there may be several. */
export interface Field {
  readonly id: number;
  readonly type: "int32" | "int64" | "string" | "bytes" | Message;
  readonly repeated?: boolean;
}

/** The fields of a message by their names. */
export interface Message {
  readonly [name: string]: Field;
}

type Writer = ReturnType<typeof protobuf.Writer.create>;
type Reader = ReturnType<typeof protobuf.Reader.create>;
type Fields = Readonly<Record<string, unknown>>;

/** The bytes of a message: its fields by number, without those that are undefined, 0 or empty. */
export function encode(message: Message, value: object): Uint8Array {
  return write(message, value as Fields, protobuf.Writer.create()).finish();
}

/**
 * A message of its bytes; fields that the table does not have are passed over, and those that are not there stay
 * undefined.
 *
 * @throws Error if the bytes are no message, or a field holds something else
 */
export function decode(message: Message, bytes: Uint8Array): object {
  const reader = protobuf.Reader.create(bytes);
  return read(message, reader, reader.len);
}

/** How a value is laid out: a number in as many bytes as it needs, or bytes after their length. */
const layout = { number: 0, bytes: 2 } as const;

const isNumber = ({ type }: Field) => type === "int32" || type === "int64";

function write(message: Message, value: Fields, writer: Writer): Writer {
  const fields = Object.entries(message).sort(([, a], [, b]) => a.id - b.id);
  for (const [name, field] of fields) {
    const tag = (as: 0 | 2) => writer.uint32((field.id << 3) | as);
    const given = value[name];
    if (!field.repeated) {
      if (!isNothing(given)) writeOne(field, given, tag(isNumber(field) ? layout.number : layout.bytes));
      continue;
    }
    const all = (given ?? []) as readonly unknown[];
    if (all.length > 0 && isNumber(field)) {
      tag(layout.bytes).fork();
      for (const each of all) writeOne(field, each, writer);
      writer.ldelim();
    } else for (const each of all) writeOne(field, each, tag(layout.bytes));
  }
  return writer;
}

/** What a field holds that is not written. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === 0 || value === "" || (value instanceof Uint8Array && value.length === 0);
}

function writeOne({ type }: Field, value: unknown, writer: Writer): void {
  if (type === "int32") writer.int32(value as number);
  else if (type === "int64") writer.int64(value as number);
  else if (type === "string") writer.string(value as string);
  else if (type === "bytes") writer.bytes(value as Uint8Array);
  else write(type, value as Fields, writer.fork()).ldelim();
}

function read(message: Message, reader: Reader, end: number): object {
  if (end > reader.len) throw new RangeError("a part reaches beyond the end");
  const byId = new Map(Object.entries(message).map(([name, field]) => [field.id, { name, field }]));
  const value: Record<string, unknown> = {};
  while (reader.pos < end) {
    const tag = reader.uint32();
    const known = byId.get(tag >>> 3);
    if (known === undefined) reader.skipType(tag & 7);
    else if (known.field.repeated) {
      const all = (value[known.name] ?? []) as unknown[];
      readAll(known.field, tag & 7, reader, all);
      if (all.length > 0) value[known.name] = all;
    } else if ((tag & 7) === (isNumber(known.field) ? layout.number : layout.bytes)) {
      value[known.name] = readOne(known.field, reader);
    } else throw otherwise(known.field);
  }
  if (reader.pos !== end) throw new RangeError("a part reaches beyond the one that holds it");
  return value;
}

const otherwise = ({ id }: Field) => new TypeError(`field ${id} holds something else`);

/** Adds a value, or several numbers that stand together. */
function readAll(field: Field, found: number, reader: Reader, all: unknown[]): void {
  if (found !== layout.bytes && !(isNumber(field) && found === layout.number)) throw otherwise(field);
  if (!isNumber(field) || found === layout.number) {
    all.push(readOne(field, reader));
    return;
  }
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw new RangeError("a part reaches beyond the end");
  while (reader.pos < end) all.push(readOne(field, reader));
}

function readOne({ type }: Field, reader: Reader): unknown {
  if (type === "int32") return reader.int32();
  if (type === "int64") return Number(reader.int64().toString());
  if (type === "string") return reader.string();
  if (type === "bytes") return reader.bytes();
  return read(type, reader, reader.uint32() + reader.pos);
}
