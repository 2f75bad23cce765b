// What may happen to the files of a journal: on a disk, in a power cut, by other hands.
import type { Random } from "../src/random.ts";

/** What is done to a journal: bits, bytes, lines. */
export const damages: Readonly<Record<string, (journal: Buffer, random: Random) => Buffer>> = {
  "a flipped bit": (journal, random) => {
    const at = random.integer(journal.length);
    journal[at] ^= 1 << random.integer(8);
    return journal;
  },
  "several flipped bits": (journal, random) => {
    for (let k = 0; k < 20; k++) journal[random.integer(journal.length)] ^= 1 << random.integer(8);
    return journal;
  },
  "a cut": (journal, random) => journal.subarray(0, random.integer(journal.length)),
  "a lost start": (journal, random) => journal.subarray(random.integer(journal.length)),
  "a piece lost": (journal, random) => {
    const from = random.integer(journal.length);
    return Buffer.concat([journal.subarray(0, from), journal.subarray(from + 1 + random.integer(3000))]);
  },
  "a piece doubled": (journal, random) => {
    const from = random.integer(journal.length);
    const to = Math.min(journal.length, from + 1 + random.integer(6000));
    return Buffer.concat([journal.subarray(0, to), journal.subarray(from)]);
  },
  "zeros, as after a power cut": (journal, random) => {
    const from = random.integer(journal.length);
    journal.fill(0, from, Math.min(journal.length, from + 1 + random.integer(5000)));
    return journal;
  },
  "lines in another order, some twice": (journal, random) => {
    const lines = journal.toString().split("\n").slice(0, -1);
    const mixed = Array.from({ length: lines.length + random.integer(6) }, () => lines[random.integer(lines.length)]);
    return Buffer.from(`${mixed.join("\n")}\n`);
  },
  "other JSON": (journal, random) => {
    const lines = journal.toString().split("\n");
    const other = ["{}", "null", "[]", "7", '"a"', '{"repeat":0,"fold":99}', '{"checksum":"00"}', "\r", " "];
    lines.splice(random.integer(lines.length), 1, other[random.integer(other.length)]);
    return Buffer.from(lines.join("\n"));
  },
  "a digit changed": (journal, random) => {
    const text = journal.toString("latin1");
    const digits = [...text.matchAll(/\d/g)];
    const { index } = digits[random.integer(digits.length)];
    return Buffer.from(`${text.slice(0, index)}${random.integer(10)}${text.slice(index + 1)}`, "latin1");
  },
};

/** What is done to the numbers of a journal; null: they are gone. */
export const numberDamages: Readonly<Record<string, (numbers: Buffer, random: Random) => Buffer | null>> = {
  ...Object.fromEntries(
    ["a flipped bit", "several flipped bits", "a cut", "a lost start", "a piece lost", "a piece doubled"].map(
      (name) => [name, damages[name]],
    ),
  ),
  "zeros, as after a power cut": damages["zeros, as after a power cut"],
  "more behind, as after a kill": (own, random) => Buffer.concat([own, Buffer.alloc(random.integer(5000), 7)]),
  missing: () => null,
  empty: () => Buffer.alloc(0),
  "those of another comparison": (own) => Buffer.from(own.map((_, k) => own[own.length - 1 - k])),
};
