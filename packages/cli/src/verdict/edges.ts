// Settings that the folds chose at the end of what was tried: the best may lie further on.
import { type Note, outcomeNotes } from "../notes.ts";
import { type Candidate, weightings } from "../selection/families.ts";
import type { FamilyResult } from "./result.ts";

/** Fewer values than this have no end worth speaking of. */
const fewestValues = 3;
/** A family that is worse with this certainty is not better elsewhere, either. */
const lost = 0.95;

/** The notes of all families that are still in question, one for each parameter and for the weights. */
export function edgeNotes(families: readonly FamilyResult[], isFast: boolean): readonly Note[] {
  return families
    .filter(({ comparison }) => comparison !== null && comparison.worse < lost)
    .flatMap(({ title, grid, chosenPerFold }) => {
      const tried = grid.map(({ candidate }) => candidate);
      const chosen = chosenPerFold.flatMap((k) => tried[k] ?? []);
      return edgesOf(tried).flatMap(({ words, isAt }) => {
        const times = chosen.filter(isAt).length;
        return times > chosen.length / 2 ? [outcomeNotes.edgeOfGrid(title, words, times, chosen.length, isFast)] : [];
      });
    });
}

/** An end of a grid, and the candidates there. */
interface Edge {
  readonly words: string;
  isAt(candidate: Candidate): boolean;
}

/** The largest value of each parameter, and the strongest weights: at their other ends is cross entropy. */
function edgesOf(tried: readonly Candidate[]): readonly Edge[] {
  const names = [...new Set(tried.flatMap(({ parameters }) => Object.keys(parameters)))];
  const ofParameters = names.flatMap((name): readonly Edge[] => {
    const values = new Set(tried.map(({ parameters }) => parameters[name]!));
    const last = Math.max(...values);
    if (values.size < fewestValues) return [];
    return [{ words: `${name} ${last}`, isAt: ({ parameters }) => parameters[name] === last }];
  });
  const weights = new Set(tried.map(({ weighting }) => weighting));
  const strongest = weightings.at(-1)!;
  if (weights.size < fewestValues || !weights.has(strongest)) return ofParameters;
  return [...ofParameters, { words: `alpha ${strongest}`, isAt: ({ weighting }) => weighting === strongest }];
}
