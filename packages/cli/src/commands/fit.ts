// `surprisal fit`: one loss, one model, no comparison.
import type { Command } from "commander";
import { InputError } from "surprisal";
import { stemOf } from "../comparison/options.ts";
import { prepareFit } from "../comparison/prepare.ts";
import { checkPlace } from "../disk/atomicFile.ts";
import { makeFolder } from "../disk/outputFolder.ts";
import { refuseOverwriting } from "../disk/samePlace.ts";
import { CliError, commandTexts } from "../errors.ts";
import { type EngineName, engineNamed } from "../learning/engines.ts";
import { writeModelFile } from "../saved/modelFile.ts";
import { savedModel } from "../saved/savedModel.ts";
import {
  type Candidate,
  describeCandidate,
  lossNamed,
  lossOf,
  referenceName,
  weightings,
} from "../selection/families.ts";
import { fitFinal } from "../selection/final.ts";
import { noteLine, styleOf } from "../terminal/lines.ts";
import { preface } from "../terminal/preface.ts";
import { predictCommand } from "../words/shell.ts";
import { visibleLine } from "../words/visible.ts";
import type { AddCommand, Surroundings } from "./command.ts";
import { modelOption } from "./modelOptions.ts";
import { seeAll, studyOptions, type TableCall, type TrainingFlags, trainingOptions } from "./options.ts";
import { number, type Setting, setting } from "./values.ts";

/** Adds the command. */
export const addFit: AddCommand = (root, surroundings) => {
  trainingOptions(root.command("fit").description("train one loss, compare nothing"))
    .addOption(modelOption())
    .option("--loss <name>", "which loss", referenceName)
    .option("--alpha <weights>", `how classes are weighted: ${weightings.join(", ")}`, "none")
    .option("--set <name=value>", "a parameter of the loss (again for more)", setting, [])
    .option("--gamma <value>", "short for --set gamma=VALUE", number({ least: 0 }))
    .option("--threshold <probability>", "from which probability on the answer is positive", number({ least: 0 }), 0.5)
    .action(async (table: string, targets: readonly string[], flags: FitFlags, command: Command) => {
      await runFit({ table, targets, flags, command }, surroundings);
    });
};

interface FitFlags extends TrainingFlags {
  readonly model: EngineName;
  readonly loss: string;
  readonly alpha: string;
  readonly set: readonly Setting[];
  readonly gamma?: number;
  readonly threshold: number;
}

async function runFit(call: TableCall<FitFlags>, { argv, world }: Surroundings): Promise<void> {
  const { table, flags } = call;
  if (flags.threshold > 1) throw new CliError(commandTexts.thresholdAbove(flags.threshold));
  const candidate = candidateOf(flags);
  const family = { id: "fit", title: describeCandidate(candidate), candidates: [candidate] };
  const options = { ...studyOptions(call, argv), model: flags.model };
  const path = `${stemOf(options)}.onnx`;
  await refuseOverwriting([path], [table]);
  const study = await prepareFit(options, family);
  makeFolder(flags.output);
  await checkPlace(path);
  world.out(preface(study, styleOf(world), { ignore: options.ignore, rest: seeAll(call, argv) }));
  const slowness = engineNamed(options.model).obstacle();
  if (slowness !== null) world.err(noteLine(commandTexts.trainedSlowly(slowness)));
  const { threshold } = flags;
  await writeModelFile(path, savedModel(study, fitFinal(study, family), { threshold, command: options.command }));
  world.out(` SAVED    ${visibleLine(path)}\n NEXT     ${predictCommand(path)}\n`);
}

/** The setting that the flags ask for; one that the loss refuses is told with the flag that gave it. */
function candidateOf({ loss: name, alpha, set, gamma }: FitFlags): Candidate {
  const weighting = weightings.find((known) => known === alpha);
  if (weighting === undefined) throw new CliError(commandTexts.unknownAlpha(alpha, weightings));
  const loss = lossNamed(name, "--loss").definition.name;
  const asked = [
    ...set.map((each) => ({ ...each, flag: "--set" })),
    ...(gamma === undefined ? [] : [{ name: "gamma", value: gamma, flag: "--gamma" }]),
  ];
  const parameters: Record<string, number> = {};
  for (const { name, value, flag } of asked) {
    if (Object.hasOwn(parameters, name)) throw new CliError(commandTexts.settingTwice(flag, name));
    parameters[name] = value;
    try {
      lossOf({ loss, parameters: { [name]: value }, weighting });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new CliError(commandTexts.settingRefused(flag, error.message));
    }
  }
  return { loss, parameters, weighting };
}
