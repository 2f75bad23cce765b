// Small pieces of text that several pages need: numbers, ranges, symbols, sentences.
import type { Loss, LossDefinition, ParameterDefinition } from "../../packages/surprisal/src/index.ts";

/** A number with three digits: 0.105, 4.61, 2.1e-7. */
export function figure(value: number): string {
  const small = value !== 0 && Math.abs(value) < 1e-3;
  return small ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

/** A probability as a percentage with three digits. */
export function percent(value: number): string {
  const shown = 100 * value;
  return `${shown !== 0 && shown < 1e-3 ? shown.toExponential(1) : Number(shown.toPrecision(3))} %`;
}

/** The values that a parameter may take. */
export function rangeOf({ min, max }: ParameterDefinition): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  if (min !== undefined) return `at least ${min}`;
  return max === undefined ? "any number" : `at most ${max}`;
}

/** How the parameters of a loss are written in LaTeX. */
export function symbolsOf({ parameters = {} }: LossDefinition): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(parameters as Readonly<Record<string, ParameterDefinition>>).flatMap(([name, { symbol }]) =>
      symbol ? [[name, symbol]] : name.length === 1 ? [[name, name]] : [],
    ),
  );
}

/** "focal, gamma 2": a loss in a heading. */
export function describe({ name, parameters }: Pick<Loss, "name" | "parameters">): string {
  return [name, ...Object.entries(parameters).map(([parameter, value]) => `${parameter} ${value}`)].join(", ");
}

/** The call that makes a loss: `focal({ gamma: 2 })`. */
export function callOf({ name, parameters }: Pick<Loss, "name" | "parameters">): string {
  const entries = Object.entries(parameters).map(([parameter, value]) => `${parameter}: ${value}`);
  return `${name}(${entries.length === 0 ? "" : `{ ${entries.join(", ")} }`})`;
}

/** The beginning of a text, up to the end of its first sentence or to its first colon. */
export function opening(text: string): string {
  return /^[\s\S]*?(?=[.?!:](?:\s|$))/.exec(text)?.[0] ?? text;
}
