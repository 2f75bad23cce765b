// What is asked about the rows of a table: what they count, and their order in time.
import type { Command } from "commander";
import type { TaskOptions } from "../comparison/options.ts";

/** Adds the flags. */
export function taskOptions(command: Command): Command {
  return command
    .option("--weight <column>", "what each row counts, in training and in scores")
    .option("--time <column>", "later rows test earlier ones: dates or numbers");
}

/** What they hold. */
export interface TaskFlags {
  readonly weight?: string;
  readonly time?: string;
}

/** What is asked with them. */
export function taskAsked({ weight, time }: TaskFlags): Pick<TaskOptions, "weight" | "time"> {
  return { weight, time };
}
