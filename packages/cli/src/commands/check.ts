// `surprisal check`: what can be said of a table before anything is trained.
import type { Command } from "commander";
import { examine } from "../comparison/prepare.ts";
import { CliError, commandTexts } from "../errors.ts";
import { examinedLines } from "../terminal/examined.ts";
import { styleOf } from "../terminal/lines.ts";
import { describeExamined } from "../verdict/examined.ts";
import type { AddCommand, Surroundings } from "./command.ts";
import { askedOf, type TableCall, type TableFlags, tableOptions } from "./options.ts";

/** Adds the command. */
export const addCheck: AddCommand = (root, surroundings) => {
  tableOptions(
    root.command("check").description("check a table, train nothing; exit code 1 where something heavy is found"),
  )
    .option("--json", "print columns and notes as JSON, nothing else, on standard output")
    .action(async (table: string, targets: readonly string[], flags: CheckFlags, command: Command) => {
      await runCheck({ table, targets, flags, command }, surroundings);
    });
};

interface CheckFlags extends TableFlags {
  readonly json?: boolean;
}

async function runCheck(call: TableCall<CheckFlags>, { world, endWith }: Surroundings): Promise<void> {
  const options = askedOf(call);
  if (options.targets.length === 0 && options.labels === undefined) refuseTargetFlags(call.flags);
  const examined = describeExamined(await examine(options), options.ignore);
  world.out(call.flags.json ? `${JSON.stringify(examined)}\n` : examinedLines(examined, styleOf(world)));
  if (examined.notes.some(({ weight, ignored }) => weight === "warning" && ignored !== true)) endWith(1);
}

/** Flags that say something of a target mean nothing without one. */
function refuseTargetFlags({ positive, dropClasses, allowMissingTarget }: TableFlags): void {
  if (positive !== undefined) throw new CliError(commandTexts.noTargetFor("--positive"));
  if (dropClasses.length > 0) throw new CliError(commandTexts.noTargetFor("--drop-classes"));
  if (allowMissingTarget === true) throw new CliError(commandTexts.noTargetFor("--allow-missing-target"));
}
