// Which library grows trees in our place: --engine and --library.
import { type Command, Option } from "commander";
import type { StudyOptions } from "../comparison/options.ts";
import { CliError, libraryTexts } from "../errors.ts";
import { type EngineName, engineNamed } from "../learning/engines.ts";
import { findLibrary, type LibraryName, libraryNames } from "../learning/trees/native/find.ts";
import { place } from "./values.ts";

/** Who grows trees unless a library is named. */
const ourselves = "own";

/** Adds the flags. */
export function engineOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--engine <library>", "what grows trees").choices([ourselves, ...libraryNames]).default(ourselves),
    )
    .option("--library <path>", "where that library is; default: it is looked for", place);
}

/** What they hold. */
export interface EngineFlags {
  readonly engine: LibraryName | typeof ourselves;
  readonly library?: string;
  /** What is trained. */
  readonly model: EngineName | readonly EngineName[];
}

/** What is asked with them, of these models. */
export function engineAsked({ engine, library, model }: EngineFlags): Pick<StudyOptions, "library"> {
  if (engine === ourselves) {
    if (library !== undefined) throw new CliError(libraryTexts.noEngine());
    return {};
  }
  const models = [model].flat();
  const can = models.some((name) => engineNamed(name).libraries?.includes(engine));
  if (!can) throw new CliError(libraryTexts.noTrees(engine, models));
  return { library: findLibrary(engine, library) };
}
