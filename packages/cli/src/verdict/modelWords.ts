// The verdict on models in words: which to use, how sure that is, and whether it matters more than the loss.
import { type Metric, metrics } from "../scores/metric.ts";
import { score } from "../words/text.ts";
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

function sayChoice({ metric, words, against, chosen, certainty: required }: Said) {
  const { digits, words: unit } = metrics[metric];
  const { ranking, certainty, advice } = required;
  const named = words.map(withArticle);
  if (words.length === 1)
    return { kind: "one", headline: `No other model was compared with ${named[0]}.`, reason: "" } as const;
  if (!ranking) {
    const headline = `Too few positives to rank models: take the simplest, ${named[0]}.`;
    return { kind: "too-few", headline, reason: advice } as const;
  }
  const comparisons = against.flatMap((comparison, k) => (comparison === null ? [] : [{ k, comparison }]));
  const maybe = comparisons
    .filter(({ comparison: { better } }) => better > 0.5)
    .sort((a, b) => b.comparison.better - a.comparison.better)
    .map(({ k, comparison: { better } }) => ({ name: named[k], chance: certaintyInWords(better) }));
  if (chosen > 0) {
    const beaten = comparisons.filter(
      ({ comparison: { worse, corrected } }) => worse >= certainty && corrected <= 0.05,
    );
    const least = beaten.reduce((a, b) => (b.comparison.worse < a.comparison.worse ? b : a));
    const headline = `Use ${named[chosen]}: better than ${listed(beaten.map(({ k }) => named[k]))} with ${certaintyInWords(least.comparison.worse)} certainty.`;
    const { mean, low, high } = least.comparison;
    const over = beaten.length > 1 ? ` over ${named[least.k]}` : "";
    const [gain, from, to] = [mean, low, high].map((each) => score(each, digits));
    const open = maybe
      .slice(0, 1)
      .map(({ name, chance }) => ` ${capital(name)} may be better still (${chance}), which is not enough.`);
    return {
      kind: "switch",
      headline,
      reason: `The gain${over} is ${gain} of ${unit} (95 %: ${from} to ${to}).${open.join("")}`,
    } as const;
  }
  if (maybe.length > 0) {
    const [{ name, chance }] = maybe;
    return {
      kind: "cannot-tell",
      headline: `Cannot tell: ${name} may be better (${chance}), which is not enough to leave ${named[0]}.`,
      reason: `A recommendation needs ${certaintyInWords(certainty)}. More data or --thorough may settle it.`,
    } as const;
  }
  const headline = `Take ${named[0]}, the simplest: no other model is better with ${certaintyInWords(certainty)} certainty.`;
  return { kind: "keep", headline, reason: "" } as const;
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
