// The table of models and losses in the terminal: losses down, models across, the one to use marked.
import { metrics } from "../scores/metric.ts";
import { type ModelResult, type Result, recommendedOf } from "../verdict/result.ts";
import { score, wholePercents } from "../words/text.ts";
import { withMargin } from "./lossTable.ts";

/** The lines of the table. */
export interface ModelTable {
  readonly head: string;
  readonly prior: string;
  /** A line for each loss, cross entropy first. */
  readonly losses: readonly string[];
  /** How sure the difference of each model to the one to use is; null where models are not ranked. */
  readonly certainty: string | null;
}

/** How much of it is shown. */
interface Form {
  readonly margins: boolean;
  /** Whether models and losses are called as in a sentence, or as on the command line. */
  readonly words: boolean;
}

const forms: readonly Form[] = [
  { margins: true, words: true },
  { margins: true, words: false },
  { margins: false, words: true },
  { margins: false, words: false },
];

/** The table in the first of its forms that fits. */
export function modelTable(result: Result, columns: number): ModelTable {
  const tables = forms.map((form) => layOut(result, form));
  const fits = ({ head, prior, losses, certainty }: ModelTable) =>
    [head, prior, ...losses, certainty ?? ""].every((line) => line.length <= columns);
  return tables.find(fits) ?? tables[tables.length - 1];
}

function layOut(result: Result, { margins, words }: Form): ModelTable {
  const { models, modelVerdict, plan, families, prior } = result;
  const { field, short, digits } = metrics[plan.metric];
  const used = recommendedOf(result);
  const isUsed = ({ name }: ModelResult) => name === modelVerdict.recommended;
  const nameOf = (model: ModelResult) => (words ? model.words : model.name);
  const cell = (model: ModelResult, loss: number) => {
    const spread = model.families[loss].expected[field];
    const mark = isUsed(model) && model.families[loss].id === used.id ? " *" : "";
    return `${margins ? withMargin(spread, digits) : score(spread.mean, digits)}${mark}`;
  };
  const rows = [
    [short, ...models.map(nameOf)],
    ["prior only", score(prior[field].mean, digits)],
    ...families.map(({ title, id }, k) => [words ? title : id, ...models.map((model) => cell(model, k))]),
    ["better/same/worse", ...models.map((model) => certaintyCell(model, margins ? " / " : "/"))],
  ];
  const widths = [short, ...models].map((_, k) => Math.max(...rows.map((row) => row[k]?.length ?? 0)) + 2);
  const lines = rows.map((row) => ` ${row.map((text, k) => text.padEnd(widths[k])).join("")}`.trimEnd());
  const [head, before, ...rest] = lines;
  const certainty = modelVerdict.kind === "too-few" ? null : (rest.at(-1) ?? null);
  return { head, prior: before, losses: rest.slice(0, -1), certainty };
}

function certaintyCell({ comparison }: ModelResult, between: string): string {
  if (comparison === null) return "use this";
  return `${wholePercents([comparison.better, comparison.same, comparison.worse]).join(between)} %`;
}
