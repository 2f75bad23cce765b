// `surprisal fit`: one loss, one model, no comparison.
import type { Command } from "commander";
import { InputError } from "surprisal";
import { type CompareOptions, stemOf } from "../comparison/options.ts";
import { prepareComparison } from "../comparison/prepare.ts";
import { checkPlace } from "../disk/atomicFile.ts";
import { refuseOverwriting } from "../disk/samePlace.ts";
import { CliError, commandTexts } from "../errors.ts";
import { obstacle } from "../learning/network/heap.ts";
import { writeModelFile } from "../saved/modelFile.ts";
import { savedModel } from "../saved/savedModel.ts";
import { type Candidate, describeCandidate, lossNamed, lossOf, weightings } from "../selection/families.ts";
import { fitFinal } from "../selection/final.ts";
import { preface } from "../terminal/preface.ts";
import { predictCommand } from "../words/shell.ts";
import { visibleLine } from "../words/visible.ts";
import type { World } from "../world.ts";
import { comparisonOptions, type TableFlags, tableOptions } from "./options.ts";
import { collect, number } from "./values.ts";

/** Adds the command. */
export function addFit(root: Command, argv: readonly string[], world: World): void {
  tableOptions(root.command("fit").description("train one loss, compare nothing"))
    .option("--loss <name>", "which loss", "ce")
    .option("--alpha <weights>", `how classes are weighted: ${weightings.join(", ")}`, "none")
    .option("--set <name=value>", "a parameter of the loss (again for more)", collect, [])
    .option("--gamma <value>", "short for --set gamma=VALUE", number({ least: 0 }))
    .option("--threshold <probability>", "from which probability on the answer is positive", number({ least: 0 }), 0.5)
    .action(async (table: string, targets: readonly string[], flags: FitFlags, command: Command) => {
      await runFit(table, targets, flags, argv, command, world);
    });
}

interface FitFlags extends TableFlags {
  readonly loss: string;
  readonly alpha: string;
  readonly set: readonly string[];
  readonly gamma?: number;
  readonly threshold: number;
}

async function runFit(
  table: string,
  targets: readonly string[],
  flags: FitFlags,
  argv: readonly string[],
  command: Command,
  world: World,
): Promise<void> {
  const weighting = weightings.find((known) => known === flags.alpha);
  if (weighting === undefined) throw new CliError(commandTexts.unknownAlpha(flags.alpha, weightings));
  if (flags.threshold > 1) throw new CliError(commandTexts.thresholdAbove(flags.threshold));
  const settings = [...flags.set, ...(flags.gamma === undefined ? [] : [`gamma=${flags.gamma}`])];
  const parameters = Object.fromEntries(
    settings.map((setting) => {
      const [name, ...rest] = setting.split("=");
      const value = rest.join("=");
      if (name === "" || value.trim() === "" || Number.isNaN(Number(value))) {
        throw new CliError(commandTexts.settingNotNumber(setting));
      }
      return [name, Number(value)];
    }),
  );
  const candidate: Candidate = { loss: lossNamed(flags.loss, "--loss").definition.name, parameters, weighting };
  try {
    lossOf(candidate);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new CliError(commandTexts.settingRefused(flags.set.length > 0 ? "--set" : "--gamma", error.message));
  }
  const options: CompareOptions = {
    ...comparisonOptions(table, targets, flags, argv, command),
    foldCount: 2,
    repeats: 1,
  };
  const path = `${stemOf(options)}.onnx`;
  await refuseOverwriting([path], [table]);
  const prepared = await prepareComparison(options);
  await checkPlace(path);
  const style = { columns: Math.min(world.columns, 120), colour: world.colour };
  world.out(preface(prepared, style));
  const family = { id: "fit", title: describeCandidate(candidate), candidates: [candidate] };
  const slowness = prepared.plan.model === "mlp" ? obstacle() : null;
  if (slowness !== null) world.err(` check    ${commandTexts.trainedSlowly(slowness)}\n`);
  const final = fitFinal(prepared.plan, prepared.data, prepared.groups, family);
  await writeModelFile(path, savedModel(prepared, final, flags.threshold, options.command));
  world.out(` SAVED    ${visibleLine(path)}\n NEXT     ${predictCommand(path)}\n`);
}
