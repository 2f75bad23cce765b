// The command line: its commands, and what is said of an error.
import { Command, CommanderError } from "commander";
import { InputError } from "surprisal";
import { CliError, commandTexts, processTexts } from "../errors.ts";
import { versions } from "../version.ts";
import { visibleLine, visibleText } from "../words/visible.ts";
import type { World } from "../world.ts";
import { addCheck } from "./check.ts";
import type { AddCommand, Surroundings } from "./command.ts";
import { addCompare } from "./compare.ts";
import { addFit } from "./fit.ts";
import { addLosses } from "./losses.ts";
import { addPredict } from "./predict.ts";
import { addShow } from "./show.ts";

/** Every command, in the order of the help. */
const commands: readonly AddCommand[] = [addCheck, addCompare, addFit, addPredict, addLosses, addShow];

/**
 * Runs a command line; returns the exit code: 0, 2 for what the user can mend, 1 for a fault of the program and for a
 * heavy finding of `check`.
 */
export async function run(argv: readonly string[], outside: World): Promise<number> {
  const world = withoutControl(outside);
  try {
    let code = 0;
    const endWith = (asked: number): void => {
      code = asked;
    };
    await makeProgram({ argv, world, screen: outside, endWith }).parseAsync(argv, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { text, code } = explain(error);
    world.err(`surprisal: ${visibleLine(text)}\n`);
    return code;
  }
}

/** The world, in which names can only be seen: what they hold for a terminal to obey is written as escapes. */
function withoutControl(world: World): World {
  return {
    ...world,
    out: (text) => world.out(visibleText(text, world.colour)),
    err: (text) => world.err(visibleText(text)),
  };
}

/** What is said of an error: whose it is, and never a stack trace. */
function explain(error: unknown): { readonly text: string; readonly code: number } {
  if (error instanceof CliError) return { text: error.message, code: 2 };
  if (error instanceof InputError) return { text: commandTexts.refused(error.message), code: 2 };
  if (!(error instanceof Error)) return { text: commandTexts.fault(String(error), ""), code: 1 };
  if ("code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY")
    return { text: processTexts.outOfMemory(), code: 2 };
  const where = /\n\s*(at .*)/.exec(error.stack ?? "")?.[1];
  return { text: commandTexts.fault(`${error.name}: ${error.message}`, where ? ` (${where})` : ""), code: 1 };
}

function makeProgram(surroundings: Surroundings): Command {
  const { world } = surroundings;
  const output = {
    writeOut: world.out,
    writeErr: world.err,
    outputError: (text: string, write: (text: string) => void) => write(text.replace(/^error: /, "surprisal: ")),
  };
  const root = new Command("surprisal")
    .description("Which classification loss fits your table, which threshold, and how sure.")
    .version(versions["surprisal-cli"])
    .exitOverride()
    .configureOutput(output)
    .showSuggestionAfterError()
    .showHelpAfterError("see surprisal --help");

  for (const add of commands) add(root, surroundings);
  for (const command of root.commands)
    command.exitOverride().configureOutput(output).showHelpAfterError(`see surprisal ${command.name()} --help`);
  return root;
}
