// The table of losses in the terminal: as wide as the terminal allows, what matters least left out first.
import { metricBeside, metrics } from "../scores/metric.ts";
import type { FamilyResult, Result } from "../verdict/result.ts";
import type { Spread } from "../verdict/spreads.ts";
import { score, sparkline, wholePercents } from "../words/text.ts";

/** The lines of the table. */
export interface LossTable {
  readonly head: readonly string[];
  readonly prior: string;
  /** A line for each family, cross entropy first. */
  readonly families: readonly string[];
}

/** A column: two lines of heading, what knowing the class shares only would give, and a cell for each family. */
interface TextColumn {
  readonly head: readonly [string, string];
  readonly prior?: string;
  readonly cell: (family: FamilyResult) => string;
}

/** The table in the first of its forms that fits. */
export function lossTable(result: Result, columns: number): LossTable {
  const forms = [
    { margins: true, folds: true, titles: true },
    { margins: false, folds: true, titles: true },
    { margins: false, folds: false, titles: true },
    { margins: false, folds: false, titles: false },
  ];
  const tables = forms.map((form) => layOut(columnsOf(result, form), result.families));
  return (
    tables.find(({ head, families }) => [...head, ...families].every((line) => line.length <= columns)) ?? tables[3]
  );
}

function columnsOf(
  { plan, families, prior, target, folds }: Result,
  form: { readonly margins: boolean; readonly folds: boolean; readonly titles: boolean },
): readonly TextColumn[] {
  const deciding = metrics[plan.metric];
  const beside = metricBeside(plan.metric);
  const shownFolds = folds.filter(({ repeat }) => repeat === folds[0].repeat).length;
  const shown = families.flatMap(({ perFold }) => perFold.slice(0, shownFolds));
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  return [
    { head: ["", ""], prior: "prior only", cell: ({ title, id }) => (form.titles ? title : id) },
    {
      head: ["", deciding.short],
      prior: score(prior[deciding.field].mean, deciding.digits),
      cell: ({ expected }) => withMargin(expected[deciding.field], deciding.digits),
    },
    {
      head: ["", beside.short],
      prior: score(prior[beside.field].mean, beside.digits),
      cell: ({ expected }) =>
        form.margins
          ? withMargin(expected[beside.field], beside.digits)
          : score(expected[beside.field].mean, beside.digits),
    },
    // At .5 as shown, and with its own threshold: cross entropy's is what the others must beat.
    ...(target.kind === "binary" ? [{ head: ["balanced accuracy", ".5→tuned"] as const, cell: accuracyCell }] : []),
    ...(form.folds
      ? [
          {
            head: ["", "folds"] as const,
            cell: ({ perFold }: FamilyResult) => sparkline(perFold.slice(0, shownFolds), low, high),
          },
        ]
      : []),
    { head: ["vs. cross entropy", "better/same/worse"], cell: certaintyCell },
  ];
}

/** `.3201 ±.012`. */
export const withMargin = ({ mean, margin }: Spread, digits: number) => `${score(mean, digits)} ±${score(margin)}`;

function accuracyCell({ shown, thresholds }: FamilyResult): string {
  const tuned = thresholds.find(({ kind }) => kind === "balanced accuracy")?.atFormula;
  return `${score(shown.balancedAccuracy.mean)}→${score(tuned ?? Number.NaN)}`;
}

function certaintyCell({ comparison }: FamilyResult): string {
  if (comparison === null) return "the baseline";
  const shares = wholePercents([comparison.better, comparison.same, comparison.worse]);
  return `${shares.map((share) => String(share).padStart(3)).join(" / ")} %`;
}

/** Sets the columns side by side. The upper line of a heading reaches into the next column where that has none. */
function layOut(columns: readonly TextColumn[], families: readonly FamilyResult[]): LossTable {
  const cells = families.map((family) => columns.map(({ cell }) => cell(family)));
  const widths = columns.map(({ head, prior = "" }, k) => {
    const upper = columns[k + 1]?.head[0] === "" ? 0 : head[0].length;
    return Math.max(upper, head[1].length, prior.length, ...cells.map((row) => row[k].length)) + 2;
  });
  const starts = widths.map((_, k) => widths.slice(0, k).reduce((sum, width) => sum + width, 0));
  const line = (parts: readonly string[]) =>
    ` ${parts.reduce((text, part, k) => (part === "" ? text : text.padEnd(starts[k]) + part), "")}`;
  const groups = line(columns.map(({ head }) => head[0]));
  return {
    head: [...(groups.trim() === "" ? [] : [groups]), line(columns.map(({ head }) => head[1]))],
    prior: line(columns.map(({ prior = "" }) => prior)),
    families: cells.map(line),
  };
}
