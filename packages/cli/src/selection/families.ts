// What is compared: families of losses, and in each the settings of alpha and gamma that are tried.
import { type Loss, type LossFactory, losses } from "surprisal";
import { CliError, commandTexts } from "../errors.ts";
import { nearestName } from "../words/names.ts";

/** How classes are weighted, from the weakest to the strongest. */
export const weightings = ["none", "inverse-sqrt", "effective-number", "inverse"] as const;
/** How classes are weighted in training. */
export type Weighting = (typeof weightings)[number];

/** One setting that is trained: a loss with its parameters, and a weighting. */
export interface Candidate {
  readonly loss: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly weighting: Weighting;
}

/** Losses that differ in their settings only; a line of the verdict's table. */
export interface Family {
  /** As on the command line: `focal`, `balanced-focal`. */
  readonly id: string;
  readonly title: string;
  /** From the simplest to the most elaborate: smaller parameters first, then weaker weights. */
  readonly candidates: readonly Candidate[];
}

const aliases: Readonly<Record<string, string>> = {
  ce: "crossEntropy",
  gce: "generalizedCrossEntropy",
  asl: "asymmetric",
};
const prefix = "balanced-";

/** The family that all others are compared with, as on the command line. */
export const referenceName = "ce";

/** The families that `compare` takes unless told otherwise, the simplest first. */
export const defaultFamilies = [referenceName, "balanced-ce", "focal", "balanced-focal"] as const;

/** Plain cross entropy: what every other loss is compared with, and the setting with which L2 is chosen. */
export const crossEntropy: Candidate = { loss: "crossEntropy", parameters: {}, weighting: "none" };

/** Whether a family is plain cross entropy. It is the first of every comparison. */
export function isReference({ candidates }: Pick<Family, "candidates">): boolean {
  return candidates.length === 1 && isSameCandidate(candidates[0], crossEntropy);
}

/** Whether two settings are equal; those of a journal are never the same objects. */
export function isSameCandidate(one: Candidate, other: Candidate): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Every name that `--losses` understands. */
export function familyNames(): readonly string[] {
  return lossNames().flatMap((name) => [name, prefix + name]);
}

/** Every name that `--loss` understands, the short one where there is one. */
export function lossNames(): readonly string[] {
  return losses.map(
    ({ definition }) => Object.keys(aliases).find((alias) => aliases[alias] === definition.name) ?? definition.name,
  );
}

/** The loss of that name, or of an alias such as `ce`; `place` is where the name was given. */
export function lossNamed(name: string, place = "loss"): LossFactory {
  const found = findLoss(name);
  if (found === undefined) {
    throw new CliError(commandTexts.unknownLoss(place, name, nearestName(name, lossNames()), lossNames()));
  }
  return found;
}

function findLoss(name: string): LossFactory | undefined {
  const alias = Object.hasOwn(aliases, name) ? aliases[name] : name;
  const wanted = alias.toLowerCase().replaceAll("-", "");
  return losses.find(({ definition }) => definition.name.toLowerCase() === wanted);
}

/** The families of these names, cross entropy first (it is what the others are compared with). */
export function makeFamilies(names: readonly string[], fast: boolean): readonly Family[] {
  const families = names.map((name) => makeFamily(name === "balanced" ? "balanced-ce" : name, fast));
  const unique = families.filter(({ id }, index) => families.findIndex((other) => other.id === id) === index);
  const reference = makeFamily(referenceName, fast);
  return [reference, ...unique.filter(({ id }) => id !== reference.id)];
}

function makeFamily(name: string, fast: boolean): Family {
  const balanced = name.startsWith(prefix);
  const found = findLoss(balanced ? name.slice(prefix.length) : name);
  if (found === undefined) {
    throw new CliError(commandTexts.unknownLoss("--losses", name, nearestName(name, familyNames()), familyNames()));
  }
  const { definition } = found;
  const short = Object.keys(aliases).find((alias) => aliases[alias] === definition.name) ?? definition.name;
  const title = (definition.title ?? definition.name).replace(/ loss$/, "").toLowerCase();
  const schemes: readonly Weighting[] = !balanced
    ? ["none"]
    : fast
      ? ["inverse-sqrt", "inverse"]
      : weightings.filter((weighting) => weighting !== "none");
  return {
    id: balanced ? prefix + short : short,
    title: balanced ? `balanced ${title}` : title,
    candidates: parameterGrid(definition.parameters ?? {}, fast).flatMap((parameters) =>
      schemes.map((weighting) => ({ loss: definition.name, parameters, weighting })),
    ),
  };
}

/** Every combination of the values that are worth trying; in a fast run every other value. */
function parameterGrid(
  parameters: LossFactory["definition"]["parameters"] & object,
  fast: boolean,
): readonly Readonly<Record<string, number>>[] {
  let grid: readonly Readonly<Record<string, number>>[] = [{}];
  for (const [name, { default: usual, grid: values = [usual] }] of Object.entries(parameters)) {
    const tried = fast ? values.filter((value, index) => index % 2 === 1 || value === usual) : values;
    grid = grid.flatMap((known) => tried.map((value) => ({ ...known, [name]: value })));
  }
  return grid;
}

/** The loss of a candidate. */
export function lossOf({ loss, parameters }: Candidate): Loss {
  return lossNamed(loss)(parameters);
}

/** A candidate in words: `gamma 2, inverse weights`. */
export function describeCandidate({ parameters, weighting }: Candidate): string {
  const settings = Object.entries(parameters).map(([name, value]) => `${name} ${value}`);
  const weights = weighting === "none" ? [] : [`${weighting} weights`];
  return [...settings, ...weights].join(", ") || "no settings";
}
