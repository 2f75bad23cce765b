// The bytes of models are those that protobufjs itself makes of the schema, and both read them alike.
import protobuf from "protobufjs/light.js";
import { describe, expect, it } from "vitest";
import { modelBytes } from "../src/saved/modelFile.ts";
import { makeModelProto } from "../src/saved/onnx/pipeline.ts";
import { decode, encode, type Message } from "../src/saved/onnx/protobuf.ts";
import { decodeModel, messages } from "../src/saved/onnx/schema.ts";
import { kinds, randomModel, trainings } from "./savedModels.ts";

/** The same tables for protobufjs, which makes code of them. */
function typeOf(message: Message): protobuf.Type {
  const nested: Record<string, { fields: Record<string, { id: number; type: string; rule?: "repeated" }> }> = {};
  const add = (name: string, of: Message) => {
    const fields = Object.entries(of).map(([key, { id, type, repeated }]) => {
      const inner = typeof type === "string" ? type : `${name}_${key}`;
      if (typeof type !== "string") add(inner, type);
      return [key, { id, type: inner, ...(repeated && { rule: "repeated" as const }) }] as const;
    });
    nested[name] = { fields: Object.fromEntries(fields) };
  };
  add("Whole", message);
  return protobuf.Root.fromJSON({ nested: { all: { nested } } }).lookupType("all.Whole");
}

const theirs = typeOf(messages.model);

describe("the bytes of a model", () => {
  it.each(kinds.flatMap((kind) => Object.keys(trainings).map((name) => [kind, name] as const)))(
    "%s, %s: are those of protobufjs",
    (kind, name) => {
      for (let seed = 0; seed < 3; seed++) {
        const file = makeModelProto(randomModel(kind, trainings[name], seed));
        const bytes = modelBytes(randomModel(kind, trainings[name], seed));
        expect(Buffer.from(theirs.encode(theirs.fromObject(file)).finish()).equals(bytes)).toBe(true);
        expect(decodeModel(bytes)).toEqual(theirs.toObject(theirs.decode(bytes), { longs: Number }));
      }
    },
  );

  it("hold numbers of every size, and any text", () => {
    const message: Message = {
      a: { id: 1, type: "int64" },
      b: { id: 200, type: "int64", repeated: true },
      c: { id: 3, type: "string" },
      d: { id: 4, type: "bytes", repeated: true },
    };
    const type = typeOf(message);
    const numbers = [0, 1, -1, 127, 128, 2 ** 31, -(2 ** 31), 2 ** 53 - 1, -(2 ** 53 - 1)];
    for (const a of numbers) {
      const value = { a, b: numbers, c: "漢\0👩‍👩‍👧", d: [Buffer.alloc(0), Buffer.of(0, 255)] };
      const bytes = encode(message, value);
      expect(Buffer.from(type.encode(type.fromObject(value)).finish()).equals(bytes)).toBe(true);
      const { a: same = 0, ...rest } = decode(message, bytes) as { a?: number };
      expect({ a: same, ...rest }).toEqual(value);
    }
  });
});
