// `surprisal predict`: probabilities and decisions of a saved model for a table.
import { basename } from "node:path";
import type { Command } from "commander";
import { checkPlace } from "../atomicFile.ts";
import { readModelFile } from "../modelFile.ts";
import { predict, predictedTable } from "../predict.ts";
import { readTable } from "../table.ts";
import { checkTablePath, writeTable } from "../tableFile.ts";
import type { World } from "../world.ts";
import { memory, place } from "./values.ts";

interface PredictFlags {
  readonly output?: string;
  readonly allowMissingColumns?: boolean;
  readonly maxMemory?: number;
}

/** Adds the command. */
export function addPredict(root: Command, world: World): void {
  root
    .command("predict")
    .description("predict a table with a saved model")
    .argument("<model>", "a file that compare has written")
    .argument("<table>", "a table with the model's columns")
    .option("--output <file>", "CSV or Parquet; default: TABLE.predicted.csv", place)
    .option("--allow-missing-columns", "treat columns that are not there as missing values")
    .option("--max-memory <size>", "what reading the table may take; default: half of the machine's", memory)
    .action(async (model: string, table: string, flags: PredictFlags) => {
      const path = flags.output ?? `${basename(table).replace(/\.[^.]+$/, "")}.predicted.csv`;
      checkTablePath(path);
      const saved = await readModelFile(model);
      const rows = await readTable(table, { memory: flags.maxMemory });
      await checkPlace(path);
      const prediction = predict(saved, rows, { allowMissingColumns: flags.allowMissingColumns === true });
      await writeTable(path, predictedTable(saved, rows, prediction));
      for (const warning of prediction.warnings) world.err(` check    ${warning.text}\n`);
      world.out(` SAVED    ${path} · ${rows.rows.toLocaleString("en-US")} rows\n`);
    });
}
