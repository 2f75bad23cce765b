// What the terminal shows of several models: their table, the verdict on them, what to expect, the verdicts on losses.
import pc from "picocolors";
import { metrics } from "../scores/metric.ts";
import { isChosenInside, type ModelResult, type Result, recommendedOf, usedModelOf } from "../verdict/result.ts";
import { count } from "../words/text.ts";
import { entry, type Style } from "./lines.ts";
import { withMargin } from "./lossTable.ts";
import { modelTable } from "./modelTable.ts";

/** Several models with their losses: the verdict on the models, what to expect of it, and the verdicts on losses. */
export function modelLines(result: Result, { columns, colour }: Style): readonly string[] {
  const paint = pc.createColors(colour);
  const { models, modelVerdict } = result;
  const table = modelTable(result, columns);
  const best = usedModelOf(result);
  // The one to use first.
  const losses = lossVerdicts([best, ...models.filter((each) => each !== best)]);
  const said = [modelVerdict.headline, modelVerdict.reason].filter((text) => text !== "").join(" ");
  return [
    paint.dim(table.head),
    table.prior,
    ...table.losses,
    ...(table.certainty === null ? [] : [table.certainty]),
    "",
    paint.bold(entry("VERDICT", said, columns)),
    ...(modelVerdict.matters === null ? [] : [entry("", modelVerdict.matters.text, columns)]),
    entry("EXPECT", expectation(result), columns),
    entry("LOSS", losses, columns),
  ];
}

/** What to expect of the model to use, and of choosing one by the inner rows, where that is not the same. */
function expectation(result: Result): string {
  const { models, modelVerdict, plan } = result;
  const { field, short, digits } = metrics[plan.metric];
  const often = models.flatMap(({ name, chosen }) => (chosen === 0 ? [] : [`${name} ${count(chosen)}×`])).join(", ");
  const own = `${short} ${withMargin(recommendedOf(result).expected[field], digits)} on new data`;
  return isChosenInside(result)
    ? `${own}, choice of model included (${often})`
    : `${own}; ${withMargin(modelVerdict.expected[field], digits)} where the inner rows choose the model (${often})`;
}

/** The verdicts on the losses of several models; models of which the same is said are told together. */
function lossVerdicts(models: readonly ModelResult[]): string {
  const said = new Map<string, string[]>();
  for (const { words, verdict } of models) {
    const short = verdict.kind === "keep" ? "keep plain cross entropy" : verdict.headline.replace(/\.$/, "");
    said.set(short, [...(said.get(short) ?? []), words]);
  }
  if (said.size === 1) return `${[...said.keys()].join()}, in every model`;
  return [...said]
    .map(([short, words]) => `${words.join(", ")}: ${short.charAt(0).toLowerCase()}${short.slice(1)}`)
    .join(" · ");
}
