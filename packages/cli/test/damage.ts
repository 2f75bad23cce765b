// Damage to the bytes of a file at random places, as disks, networks and editors do it.
import type { Random } from "../src/random.ts";

/** Bytes that mean something in one of the formats. */
const special = [..."\"\n\r,;\t\\{}[]:01-x' "]
  .map((letter) => letter.charCodeAt(0))
  .concat([0, 0x80, 0xc3, 0xff, 0xef]);

const places = (bytes: Buffer, random: Random, most: number): [number, number] => {
  const from = random.integer(bytes.length);
  return [from, Math.min(bytes.length, from + 1 + random.integer(most))];
};

type Damage = (bytes: Buffer, random: Random) => Buffer;

const kinds: { readonly [name: string]: Damage } = {
  "a flipped bit": (bytes, random) => {
    bytes[random.integer(bytes.length)]! ^= 1 << random.integer(8);
    return bytes;
  },
  "a special byte": (bytes, random) => {
    bytes[random.integer(bytes.length)] = special[random.integer(special.length)]!;
    return bytes;
  },
  "an inserted byte": (bytes, random) => {
    const at = random.integer(bytes.length + 1);
    return Buffer.concat([
      bytes.subarray(0, at),
      Buffer.of(special[random.integer(special.length)]!),
      bytes.subarray(at),
    ]);
  },
  "a cut": (bytes, random) => bytes.subarray(0, random.integer(bytes.length)),
  "a cut near the end": (bytes, random) => bytes.subarray(0, Math.max(0, bytes.length - 1 - random.integer(40))),
  "a removed piece": (bytes, random) => {
    const [from, to] = places(bytes, random, 5000);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  "a doubled piece": (bytes, random) => {
    const [from, to] = places(bytes, random, 5000);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  "a lost sector": (bytes, random) => {
    const from = random.integer(bytes.length) & ~511;
    return bytes.fill(0, from, Math.min(bytes.length, from + 512));
  },
  "a piece of noise": (bytes, random) => {
    const [from, to] = places(bytes, random, 64);
    for (let i = from; i < to; i++) bytes[i] = random.integer(256);
    return bytes;
  },
  "more behind the end": (bytes, random) => {
    const [from, to] = places(bytes, random, 300);
    return Buffer.concat([bytes, bytes.subarray(from, to)]);
  },
};

/** A damaged copy, and what was done. */
export function damage(good: Buffer, random: Random): { readonly bytes: Buffer; readonly what: string } {
  const names = Object.keys(kinds);
  const times = random.next() < 0.8 ? 1 : 2;
  let bytes: Buffer = Buffer.from(good);
  const done: string[] = [];
  for (let i = 0; i < times && bytes.length > 0; i++) {
    const name = names[random.integer(names.length)]!;
    bytes = kinds[name]!(bytes, random);
    done.push(name);
  }
  return { bytes, what: done.join(", ") };
}
