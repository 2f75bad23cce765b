// The page about the truth of what the tool says: every sentence from the numbers.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { percent, score, signed, table } from "../markdown.ts";
import type { Alarms } from "./alarms.ts";
import type { NestedTruth } from "./nested.ts";

/** What was measured. */
export interface Truth {
  readonly machine: string;
  readonly alarms: readonly Alarms[];
  readonly nested: readonly NestedTruth[];
}

const folder = new URL("../results/tool/", import.meta.url);
const file = new URL("truth.json", folder);

/** What the page in docs/ was made from; nothing before the first run. */
export function readTruth(): Truth {
  if (!existsSync(file)) return { machine: "", alarms: [], nested: [] };
  return JSON.parse(readFileSync(file, "utf8")) as Truth;
}

/** Keeps what a page is made from. */
export function keepTruth(truth: Truth): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(truth, null, 1)}\n`);
}

/** The page as Markdown. */
export function truthPage({ machine, alarms, nested }: Truth): string {
  return `# Is what the tool says true?

Written by \`npm run bench:truth\`; do not edit by hand. Tables are drawn at random from populations of which the truth is known.

${machine}

## False alarms

Two learners of one kind see two halves of the features. With advantage 1 both halves tell equally much, so that in truth neither is better;
with 2 the challenger's tell more. Five folds, five times over. "Taken" is the challenger by the verdict's rule: better by more than 1 % of the
log loss with 95 % certainty, and p at most .05. The naive t-test takes the 25 folds for independent.

${alarmText(alarms)}

## The nested estimate

Balanced focal loss, the family with the largest grid, at \`--fast\`. "Expected" is the mean over five outer folds, "best of the grid" the score of
the best setting on the rows that chose it; the truth is the log loss of the final model on new rows.

${nestedText(nested)}

## The undo

On the public tables, log loss shown and undone, for each loss: [benchmarks.md](benchmarks.md#the-undo).
`;
}

function alarmText(alarms: readonly Alarms[]): string {
  if (alarms.length === 0) return "Not run yet.";
  const equal = alarms.filter(({ advantage }) => advantage === 1);
  const often = equal.filter(({ taken, p, tables }) => Math.max(taken, p) > 0.05 * tables);
  return [
    table(
      ["learners", "advantage", "tables × rows", "taken", "p ≤ .05", "naive p ≤ .05"],
      alarms.map(({ learner, advantage, tables, rows, taken, p, naive }) => [
        learner,
        String(advantage),
        `${tables} × ${rows}`,
        ...[taken, p, naive].map((count) => percent(count / tables, 1)),
      ]),
    ),
    often.length === 0
      ? "In words: equal learners are told apart in at most 5 % of the tables, by the verdict's rule and by the corrected test."
      : `In words: equal learners are told apart in MORE than 5 % of the tables: ${often
          .map(({ learner, taken, p, tables }) => {
            return `${learner} (taken ${percent(taken / tables, 1)}, p ≤ .05 ${percent(p / tables, 1)})`;
          })
          .join("; ")}.`,
  ].join("\n\n");
}

function nestedText(nested: readonly NestedTruth[]): string {
  if (nested.length === 0) return "Not run yet.";
  const withError = ({ mean, error }: NestedTruth["nested"]) => `${signed(mean)} ± ${score(error)}`;
  const honest = nested.filter((each) => Math.abs(each.nested.mean) <= 3 * each.nested.error);
  const flattering = nested.filter(({ best, nested: each }) => best.mean < each.mean);
  const names = (all: readonly NestedTruth[]) => all.map(({ model }) => model).join(", ") || "none";
  return [
    table(
      [
        "model",
        "tables × rows",
        "new rows",
        "truth",
        "expected minus truth",
        "best of the grid minus truth",
        "covered",
      ],
      nested.map((each) => [
        each.model,
        `${each.tables} × ${each.rows}`,
        String(each.fresh),
        score(each.truth),
        withError(each.nested),
        withError(each.best),
        `${each.covered} of ${each.tables}`,
      ]),
    ),
    `In words: what is expected is the truth within three standard errors for: ${names(honest)}. The best of the grid promises more than the nested estimate for: ${names(flattering)}.`,
  ].join("\n\n");
}
