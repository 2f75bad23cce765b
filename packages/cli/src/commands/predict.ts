// `surprisal predict`: probabilities and decisions of a saved model for a table.
import { heardOf } from "../checks/telling.ts";
import { checkPlace } from "../disk/atomicFile.ts";
import { refuseOverwriting } from "../disk/samePlace.ts";
import { CliError, fileTexts } from "../errors.ts";
import { type Note, predictionNotes } from "../notes.ts";
import { readModelFile } from "../saved/modelFile.ts";
import { readModelTable } from "../saved/modelTable.ts";
import { addedColumns, predict } from "../saved/predict.ts";
import { lostNotes } from "../table/digits.ts";
import { outputName } from "../table/fileOptions.ts";
import { isFormula } from "../table/formulas.ts";
import { keepColumns, keptOf } from "../table/ownColumns.ts";
import { withSource } from "../table/read.ts";
import { formatOf, writePrediction } from "../table/write.ts";
import { noteLine } from "../terminal/lines.ts";
import { counted } from "../words/text.ts";
import type { World } from "../world.ts";
import { ignoreOption } from "./checkOptions.ts";
import type { AddCommand } from "./command.ts";
import { type FileFlags, fileFlags, fileOptionsOf } from "./fileOptions.ts";
import { addReadingOptions, type ReadingFlags, readingOptions } from "./readingOptions.ts";
import { list, memory, place } from "./values.ts";

interface PredictFlags extends FileFlags, ReadingFlags {
  readonly output?: string;
  readonly allowMissingColumns?: boolean;
  readonly columns?: readonly string[];
  readonly neutraliseFormulas?: boolean;
  readonly maxMemory?: number;
  readonly ignore: readonly string[];
}

/** Adds the command. */
export const addPredict: AddCommand = (root, { world }) => {
  const command = fileFlags(root.command("predict").description("predict a table with a saved model"))
    .argument("<model>", "a file that compare has written")
    .argument("<table>", "a table with the model's columns; - is standard input")
    .option("--output <file>", "CSV, Parquet, JSON or JSONL; default: TABLE.predicted.csv", place)
    .option("--columns <names>", "the table's columns to keep: a,b or 'x_*'; none: the prediction alone", kept)
    .option("--allow-missing-columns", "treat columns that are not there as missing values")
    .option("--neutralise-formulas", "put an apostrophe before what a spreadsheet would run")
    .option("--max-memory <size>", "what reading the table may take; default: half of the machine's", memory)
    .addOption(ignoreOption());
  addReadingOptions(command).action(async (model: string, table: string, flags: PredictFlags) => {
    await runPredict(model, table, flags, world);
  });
};

/** Names of columns, or none. */
function kept(text: string): readonly string[] {
  return text.trim() === "" ? [] : list(text);
}

async function runPredict(model: string, path: string, flags: PredictFlags, world: World): Promise<void> {
  const output = flags.output ?? `${outputName(path).replace(/\.[^.]+$/, "")}.predicted.csv`;
  const csv = formatOf(output) === "csv";
  const neutralise = flags.neutraliseFormulas === true;
  if (neutralise && !csv) throw new CliError(fileTexts.neutraliseTyped(output));
  await refuseOverwriting([output], [path, model]);
  const saved = await readModelFile(model);
  const { classes } = saved.target;
  const needed = saved.encoder.columns.map(({ name }) => name);
  const reading = { memory: flags.maxMemory, only: needed, file: fileOptionsOf(flags) };
  const rows = await withSource(path, reading, async (connection, opened) => {
    const source = flags.columns === undefined ? opened : keepColumns(opened, flags.columns);
    const { table, keys, formulas } = await readModelTable(connection, source, saved, readingOptions(flags));
    await checkPlace(output);
    const names = source.own.map(({ called }) => called);
    const prediction = predict(saved, table, { allowMissingColumns: flags.allowMissingColumns === true, names });
    const added = addedColumns(saved, prediction);
    const notes = await writePrediction(connection, output, { source, keys, added, texts: classes, neutralise });
    const readings = table.notes.filter(({ about }) => about === "cells");
    const running = classes.map(isFormula);
    const answers = saved.target.kind === "multilabel" ? new Int32Array(0) : prediction.decisions;
    const cells =
      formulas +
      answers.reduce((sum, each) => sum + Number(running[each]), 0) +
      keptOf(source).filter(({ name }) => isFormula(name)).length;
    const run = csv && cells > 0 ? [(neutralise ? predictionNotes.neutralised : predictionNotes.formulas)(cells)] : [];
    const told: readonly Note[] = [...prediction.warnings, ...readings, ...lostNotes(table.columns), ...notes, ...run];
    for (const { text, code } of heardOf(told, flags.ignore)) world.err(noteLine(text, code));
    return table.rows;
  });
  world.out(` SAVED    ${output} · ${counted(rows, "row")}\n`);
}
