// The list of engines: the only place that knows them all.
import type { Engine, EnginePlan } from "./engine.ts";
import { linear } from "./linear/engine.ts";
import { network } from "./network/engine.ts";
import { trees } from "./trees/engine.ts";

const list = [linear, network, trees] as const satisfies readonly Engine[];

/** What an engine is called. */
export type EngineName = (typeof list)[number]["name"];

/** Every engine, the simplest first. */
export const engines: readonly (Engine & { readonly name: EngineName })[] = list;

/** The engine that is taken unless another is asked for. */
export const usualEngine: EngineName = network.name;

/** The engine of that name. */
export function engineNamed(name: EngineName): Engine {
  return engines.find((engine) => engine.name === name)!; // a name is one of the list
}

/** What an engine is in words, and which library does its work: "boosted trees by XGBoost 3.4.1". */
export function wordsOf({
  model,
  training: { library },
}: {
  readonly model: EngineName;
  readonly training: EnginePlan;
}): string {
  const { words } = engineNamed(model);
  return library === undefined ? words : `${words} by ${library.title} ${library.version}`;
}
