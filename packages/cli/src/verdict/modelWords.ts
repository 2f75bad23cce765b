// The verdict on models in words: which to use, how sure that is, and whether it matters more than the loss.
import { type Metric, metrics } from "../scores/metric.ts";
import { score } from "../words/text.ts";
import { isCertain, mirrored } from "./pairs.ts";
import type { ModelComparison, ModelVerdict } from "./result.ts";
import { type Certainty, certaintyInWords } from "./verdict.ts";

/** How much the choice of the model gains beside that of the loss, in the metric's unit. */
export interface Matters {
  /** The model that is surely worse, by its place in the list. */
  readonly other: number;
  readonly model: number;
  readonly loss: number;
}

/** What the verdict hangs on. */
export interface Said {
  readonly metric: Metric;
  /** Each model in words, the simplest first. */
  readonly words: readonly string[];
  /** Each against the one to use; null for that one itself. */
  readonly against: readonly (ModelComparison | null)[];
  readonly chosen: number;
  readonly certainty: Certainty;
  readonly matters: Matters | null;
}

/** What is said. */
export function sayModels(said: Said): Pick<ModelVerdict, "kind" | "headline" | "reason" | "matters"> {
  return { ...sayChoice(said), matters: sayMatters(said) };
}

type Choice = Pick<ModelVerdict, "kind" | "headline" | "reason">;

function sayChoice(said: Said): Choice {
  const { words, chosen, certainty: required } = said;
  const { ranking, certainty, advice } = required;
  const simplest = withArticle(words[0]);
  if (words.length === 1) return { kind: "one", headline: `No other model was compared with ${simplest}.`, reason: "" };
  if (!ranking) {
    const headline = `Too few positives to rank models: take the simplest, ${simplest}.`;
    return { kind: "too-few", headline, reason: advice };
  }
  if (chosen > 0) return saySwitch(said);
  const rival = rivalIn(said);
  if (rival !== null) {
    const also = rival.better < certainty ? "" : ", also where its p-value is corrected for the number of pairs";
    return {
      kind: "cannot-tell",
      headline: `Cannot tell: ${rival.name} may be better (${certaintyInWords(rival.better)}), which is not enough to leave ${simplest}.`,
      reason: `A recommendation needs ${certaintyInWords(certainty)}${also}. More data or --thorough may settle it.`,
    };
  }
  const headline = `Take ${simplest}, the simplest: no other model is better with ${certaintyInWords(certainty)} certainty.`;
  return { kind: "keep", headline, reason: "" };
}

/** For a more elaborate model than the simplest: what it is surely better than, and by how much. */
function saySwitch(said: Said): Choice {
  const { metric, words, against, chosen, certainty } = said;
  const { digits, words: unit } = metrics[metric];
  const beaten = others(against).filter(({ comparison }) => isCertain(mirrored(comparison), certainty));
  const least = beaten.reduce((a, b) => (b.comparison.worse < a.comparison.worse ? b : a));
  const names = listed(beaten.map(({ place }) => withArticle(words[place])));
  const { mean, low, high, worse } = least.comparison;
  const over = beaten.length > 1 ? ` over ${withArticle(words[least.place])}` : "";
  const [gain, from, to] = [mean, low, high].map((each) => score(each, digits));
  const rival = rivalIn(said);
  const open =
    rival === null
      ? ""
      : ` ${capital(rival.name)} may be better still (${certaintyInWords(rival.better)}), which is not enough.`;
  return {
    kind: "switch",
    headline: `Use ${withArticle(words[chosen])}: better than ${names} with ${certaintyInWords(worse)} certainty.`,
    reason: `The gain${over} is ${gain} of ${unit} (95 %: ${from} to ${to}).${open}`,
  };
}

/** The other models, by their places in the list. */
function others(against: Said["against"]) {
  return against.flatMap((comparison, place) => (comparison === null ? [] : [{ place, comparison }]));
}

/** The one that is most probably better than the one to use; null where none is better rather than not. */
function rivalIn({ words, against }: Said): { readonly name: string; readonly better: number } | null {
  const [best] = others(against)
    .filter(({ comparison: { better } }) => better > 0.5)
    .sort((a, b) => b.comparison.better - a.comparison.better);
  return best === undefined ? null : { name: withArticle(words[best.place]), better: best.comparison.better };
}

function sayMatters({ metric, words, chosen, matters }: Said): ModelVerdict["matters"] {
  if (matters === null) return null;
  const { other, model, loss } = matters;
  const { digits, words: unit } = metrics[metric];
  const gained = loss > 0 ? `the best other loss ${score(loss, digits)}` : "no other loss anything";
  const text = `The model matters more than the loss: ${withArticle(words[chosen])} gain${isMany(words[chosen]) ? "" : "s"} ${score(model, digits)} of ${unit} over ${withArticle(words[other])}, ${gained}.`;
  return { model, loss, text };
}

const isMany = (words: string) => words.endsWith("s");

/** "the small network", "boosted trees"; a name of its own, such as XGBoost, has no article either. */
export function withArticle(words: string): string {
  return isMany(words) || /^[A-Z]/.test(words) ? words : `the ${words}`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** "a", "a and b", "a, b and c". */
function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
