// Which model and which loss a table calls for: one sentence each, made from the scores of its folds.
import { compareFolds, holm } from "../../packages/cli/src/scores/statistics.ts";
import { makeFamilies } from "../../packages/cli/src/selection/families.ts";
import { certaintyFor, decideVerdict, type Verdict } from "../../packages/cli/src/verdict/verdict.ts";
import { percent } from "../../packages/cli/src/words/text.ts";
import { mean } from "../averages.ts";
import { score } from "../markdown.ts";

/** The models of the tool, the simplest first. */
export const models = ["linear", "mlp", "trees"] as const;
export type ModelName = (typeof models)[number];

/** As sentences name them. */
export const modelWords = { linear: "the linear model", mlp: "the small network", trees: "boosted trees" } as const;

/** The log loss of something in each fold. */
export interface FoldScores<Name extends string> {
  readonly name: Name;
  readonly perFold: readonly number[];
}

/** What was measured on a table. */
export interface Measured {
  /** Every model with cross entropy, the simplest first. */
  readonly models: readonly FoldScores<ModelName>[];
  /** Of each model the families of losses, cross entropy first; absent where they have not been run. */
  readonly losses: Readonly<Partial<Record<ModelName, readonly FoldScores<string>[]>>>;
  /** How many rows of the rarest class a fold tests. */
  readonly rarest: number;
}

/** What a table calls for, and why. */
export interface Advice {
  readonly model: ModelName;
  /** Whether that model is better than every other with the certainty that the tool asks for. */
  readonly isCertain: boolean;
  /** What the tool would say of the losses with that model; null where they have not been run. */
  readonly loss: Verdict | null;
  readonly sentence: string;
}

/** A fold tests a quarter of what it trains on. */
const testShare = 1 / 4;
/** The share of a log loss below which a difference is practically none. */
const band = 0.01;

/**
 * The model whose mean is best, if is better than each other one as surely as the tool asks; else the simplest of
 * those that it is not surely better than. The loss by the tool's own verdict for that model.
 */
export function adviceFor(measured: Measured): Advice {
  const { sentence: ofModel, ...choice } = modelFor(measured);
  const loss = lossFor(measured, choice.model);
  return { ...choice, loss, sentence: `${ofModel} ${lossSentence(measured, choice.model, loss)}` };
}

function modelFor({ models, rarest }: Measured): Omit<Advice, "loss"> {
  const { certainty, ranking } = certaintyFor(rarest);
  const means = models.map(({ perFold }) => mean(perFold));
  const best = means.indexOf(Math.min(...means));
  const others = models.map((_, k) => k).filter((k) => k !== best);
  const named = (k: number) => `${modelWords[models[k].name]} (${score(means[k])})`;
  const compared = others.map((k) => {
    const differences = models[best].perFold.map((each, fold) => each - models[k].perFold[fold]);
    return { k, ...compareFolds(differences, testShare, band * means[k]) };
  });
  const corrected = holm(compared.map(({ p }) => p));
  const isSure = (at: number) => ranking && compared[at].better >= certainty && corrected[at] <= 0.05;
  const open = compared.filter((_, at) => !isSure(at));
  const lead = `the lowest log loss has ${named(best)}`;
  if (open.length === 0) {
    const least = compared.reduce((a, b) => (b.better < a.better ? b : a));
    const sentence = `Take ${named(best)}: better than ${others.map(named).join(" and ")} ${atLeast(least.better)} certainty.`;
    return { model: models[best].name, isCertain: true, sentence };
  }
  const simplest = Math.min(best, ...open.map(({ k }) => k));
  const model = models[simplest].name;
  if (!ranking) {
    const reason = `a fold tests ${Number(rarest.toFixed(1))} rows of the rarest class, too few to rank models`;
    return { model, isCertain: false, sentence: `${upper(modelWords[model])} will do: ${reason}; ${lead}.` };
  }
  if (simplest === best) {
    const nearest = open.reduce((a, b) => (means[b.k] < means[a.k] ? b : a));
    const simpler = best === 0 ? "no model is simpler, none lower" : "surely better than what is simpler";
    const sentence = `Take ${named(best)}: ${simpler}; ${named(nearest.k)} is behind with ${sure(nearest.better)} certainty.`;
    return { model, isCertain: false, sentence };
  }
  const against = open.find(({ k }) => k === simplest) as (typeof open)[number];
  const p = corrected[compared.indexOf(against)];
  const doubt = against.better >= certainty ? `, and p is ${p.toFixed(2)} after Holm's correction` : "";
  const sentence = `${upper(named(simplest))} will do: ${lead}, but it is better with only ${sure(against.better)} certainty${doubt}.`;
  return { model, isCertain: false, sentence };
}

/** The tool's verdict on the losses of a model; null where they have not been run. */
function lossFor({ losses, rarest }: Measured, model: ModelName): Verdict | null {
  const [reference, ...others] = losses[model] ?? [];
  if (reference === undefined) return null;
  const comparisons = others.map(({ perFold }) =>
    compareFolds(
      perFold.map((each, fold) => each - reference.perFold[fold]),
      testShare,
      band * mean(reference.perFold),
    ),
  );
  const corrected = holm(comparisons.map(({ p }) => p));
  const families = makeFamilies(
    others.map(({ name }) => name),
    true,
  ).slice(1);
  return decideVerdict({
    reference: { id: reference.name },
    challengers: families.map((family, k) => ({ family, comparison: comparisons[k], corrected: corrected[k] })),
    certainty: certaintyFor(rarest),
    hasThreshold: false,
  });
}

function lossSentence({ models, losses }: Measured, model: ModelName, verdict: Verdict | null): string {
  if (verdict === null) return "Losses: not run yet.";
  const spread = (all: readonly FoldScores<string>[]) => {
    const means = all.map(({ perFold }) => mean(perFold));
    return Math.max(...means) - Math.min(...means);
  };
  const [between, within] = [spread(models), spread(losses[model] ?? [])];
  const spreads = `Between models lie ${score(between)}, between losses ${score(within)}`;
  const most = between > within ? "the model matters more than the loss" : "the loss matters more than the model";
  const conclusion = verdict.kind === "too-few" ? "" : `: ${most}`; // what is not ranked matters neither more nor less
  return `Loss: ${lower(verdict.headline)} ${spreads}${conclusion}.`;
}

const atLeast = (share: number) =>
  sure(share).startsWith(">") ? `with ${sure(share)}` : `with at least ${sure(share)}`;
const sure = (share: number) => percent(share, share > 0.995 && share < 1 ? 1 : 0);
const upper = (text: string) => text[0].toUpperCase() + text.slice(1);
const lower = (text: string) => text[0].toLowerCase() + text.slice(1);
