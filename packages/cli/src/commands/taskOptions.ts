// What compare and fit are asked about the task itself: what rows count.
import type { Command } from "commander";
import type { StudyOptions } from "../comparison/options.ts";

/** Adds the flags of the task. */
export function taskOptions(command: Command): Command {
  return command.option("--weight <column>", "what each row counts, in training and in scores");
}

/** What they hold. */
export interface TaskFlags {
  readonly weight?: string;
}

/** What is asked with them. */
export function taskAsked({ weight }: TaskFlags): Pick<StudyOptions, "weight"> {
  return { weight };
}
