// Fits, predicts and compares in a test, as a user does, and gives what came of it: words, cells, scores, models.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { readModelFile } from "../src/saved/modelFile.ts";
import { type CsvCell, readCsv } from "./csvReader.ts";
import { command, scratch, strangeFlags, surprisal } from "./world.ts";

/** What a command said, its breaks of lines as blanks, since words may stand at any of them. */
export interface Said {
  readonly code: number | null;
  readonly told: string;
}

/** What predict wrote. */
export interface Predicted extends Said {
  /** The whole file. */
  readonly text: string;
  /** Its records as cells, the header first. */
  readonly cells: readonly (readonly CsvCell[])[];
  /** The probabilities of each row, as they are written. */
  readonly probabilities: readonly string[];
}

/** What compare gave as JSON. */
export interface Compared extends Said {
  // biome-ignore lint/suspicious/noExplicitAny: the result as a stranger reads it
  readonly result: any;
  /** The means of all scores of each family. */
  readonly means: readonly Readonly<Record<string, number>>[];
}

const quick = ["--no-save", "--json", "--fast", "--model", "linear", "--losses", "ce"];

/** A folder to work in, and the commands on tables in it; remove it with `dispose`. */
export function workplace() {
  const place = scratch();
  let calls = 0;
  const say = async (argv: readonly string[]) => {
    const { code, out, err } = await command(argv);
    return { code, told: onOneLine(`${out}${err}`) };
  };
  return {
    ...place,

    /** Trains a linear model on all rows. */
    async fit(table: string, target: string | readonly string[], ...flags: readonly string[]) {
      const folder = place.path(`models ${++calls}`);
      const { code, told } = await say([
        ...["fit", table, ...[target].flat(), "--model", "linear", "--output", folder],
        ...flags,
      ]);
      const model = join(folder, `${basename(table).replace(/\.[^.]+$/, "")}.onnx`);
      return { code, told, model };
    },

    /** Predicts a table with a model. */
    async predict(model: string, table: string, ...flags: readonly string[]): Promise<Predicted> {
      const output = place.path(`predicted ${++calls}.csv`);
      const { code, told } = await say(["predict", model, table, "--output", output, ...flags]);
      if (code !== 0) return { code, told, text: "", cells: [], probabilities: [] };
      const text = readFileSync(output, "utf8");
      const cells = readCsv(text);
      const added = cells[0]!.flatMap(({ text }, k) => (text.startsWith("probability_") ? [k] : []));
      const probabilities = cells.slice(1).map((row) => added.map((k) => row[k]!.text).join(" "));
      return { code, told, text, cells, probabilities };
    },

    /** Runs cross entropy on three folds, by the built program, since a comparison needs its threads. */
    async compare(table: string, target: string | readonly string[], ...flags: readonly string[]): Promise<Compared> {
      const folds = flags.includes("--fold-count") ? [] : ["--fold-count", "3"];
      const argv = ["compare", table, ...[target].flat(), ...quick, ...folds, ...flags];
      const { code, out, err } = await surprisal(place.folder, ...argv);
      const strange = await strangeFlags(argv, err);
      if (strange.length > 0) throw new Error(`compare has no ${strange.join(", ")}, but says: ${err}`);
      const told = onOneLine(err);
      if (code !== 0) return { code, told, result: null, means: [] };
      const result = JSON.parse(out);
      const means = result.families.map(({ expected }: { expected: Record<string, { mean: number }> }) =>
        Object.fromEntries(Object.entries(expected).map(([score, { mean }]) => [score, mean])),
      );
      return { code, told, result, means };
    },
  };
}

const onOneLine = (text: string) => text.replace(/\s+/g, " ");

/** The texts of the cells that a table had itself, row by row, without the header. */
export function ownCells({ cells }: Predicted, columns: number): readonly (readonly string[])[] {
  return cells.slice(1).map((row) => row.slice(0, columns).map(({ text }) => text));
}

/** What a model learnt, without its names and where it comes from: the features' scales, levels and the weights. */
export async function learnt(path: string) {
  const { encoder, model } = await readModelFile(path);
  return { encoder, model };
}

/** The columns that a model reads as dates or times. */
export async function datesOf(path: string): Promise<readonly string[]> {
  const { encoder, readings } = await readModelFile(path);
  return encoder.columns.flatMap(({ name }, k) => (readings[k]!.as === "date" ? [name] : []));
}
