// Which models are trained: --model, of compare with several names, of fit with one.
import { InvalidArgumentError, Option } from "commander";
import { valueTexts } from "../errors.ts";
import { type EngineName, engines, usualEngine } from "../learning/engines.ts";
import { nearestName } from "../words/names.ts";

/** What stands for all of them. */
const everyModel = "all";
const names: readonly string[] = engines.map(({ name }) => name);

/** The flag of a command that trains one model. */
export function modelOption(): Option {
  return new Option("--model <kind>", `what is trained: ${names.join(", ")}`).default(usualEngine).argParser(oneModel);
}

/** The flag of a command that compares several. */
export function modelsOption(): Option {
  const what = `what is trained, several are compared: ${names.join(", ")}, or ${everyModel}`;
  return new Option("--model <kinds>", what).default([usualEngine], `"${usualEngine}"`).argParser(severalModels);
}

function oneModel(text: string): EngineName {
  if (text === everyModel || text.includes(",")) throw new InvalidArgumentError(valueTexts.oneModel());
  return modelNamed(text);
}

/** Names that are separated by commas, each once; the simplest first, whatever order they have. */
function severalModels(text: string): readonly EngineName[] {
  const given = text.split(",").map((name) => name.trim());
  if (given.length === 1 && given[0] === everyModel) return engines.map(({ name }) => name);
  if (given.includes("")) throw new InvalidArgumentError(valueTexts.models());
  if (given.includes(everyModel)) throw new InvalidArgumentError(valueTexts.allModelsAlone());
  const asked = given.map(modelNamed);
  const twice = asked.find((name, k) => asked.indexOf(name) < k);
  if (twice !== undefined) throw new InvalidArgumentError(valueTexts.modelTwice(twice));
  return engines.map(({ name }) => name).filter((name) => asked.includes(name));
}

function modelNamed(text: string): EngineName {
  const engine = engines.find(({ name }) => name === text);
  if (engine === undefined)
    throw new InvalidArgumentError(valueTexts.unknownModel(text, nearestName(text, names), names));
  return engine.name;
}
