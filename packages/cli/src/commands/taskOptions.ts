// What compare and fit are asked about the rows: their order in time.
import type { Command } from "commander";

/** The flags. */
export function taskOptions(command: Command): Command {
  return command.option("--time <column>", "later rows test earlier ones: dates or numbers");
}

/** What they hold. */
export interface TaskFlags {
  readonly time?: string;
}
