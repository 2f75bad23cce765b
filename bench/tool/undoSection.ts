// The undo on the public tables: log loss of the same models as shown and undone, in a table and in words.
import { mean } from "../averages.ts";
import { score, table } from "../markdown.ts";
import type { Benchmarks } from "./benchmarks.ts";
import { notRun } from "./duel.ts";
import type { Kind, Run } from "./runs.ts";

/** The table of one kind of run, below its heading. */
export function undoSection(benchmarks: Benchmarks, kind: Kind): string {
  const done = benchmarks.tables.filter(({ name }) => benchmarks.runs[name][kind] !== null);
  if (done.length === 0) return notRun(benchmarks, kind);
  const families = (benchmarks.runs[done[0].name][kind] as Run).families.map(({ family }) => family);
  const rows = done.map(({ name }) => ({ name, run: benchmarks.runs[name][kind] as Run }));
  const cells = rows.map(({ name, run }) => [
    name,
    score(run.prior.logLoss),
    ...run.families.flatMap(({ shown, undone }, k) =>
      k === 0 ? [score(undone.logLoss)] : [score(shown.logLoss), score(undone.logLoss)],
    ),
  ]);
  const changed = rows.flatMap(({ run }) => run.families.slice(1));
  const lower = changed.filter(({ shown, undone }) => undone.logLoss < shown.logLoss);
  const higher = changed.filter(({ shown, undone }) => undone.logLoss > shown.logLoss);
  const beaten = rows.flatMap(({ name, run }) =>
    run.families
      .slice(1)
      .filter(({ undone }) => undone.logLoss < 0.99 * run.families[0].undone.logLoss)
      .map(({ family }) => `${name} (${family})`),
  );
  const average = families.map((family, k) => {
    const shown = mean(rows.map(({ run }) => run.families[k].shown.logLoss));
    const undone = mean(rows.map(({ run }) => run.families[k].undone.logLoss));
    return k === 0 ? `${family} ${score(undone)}` : `${family} ${score(shown)} shown, ${score(undone)} undone`;
  });
  return [
    table(
      ["table", "prior", families[0], ...families.slice(1).flatMap((id) => [`${id} shown`, `${id} undone`])],
      cells,
    ),
    `In words: the undo lowers the log loss in ${lower.length} of ${changed.length} cases and raises it in ${higher.length}` +
      `${lower.length + higher.length < changed.length ? `; in ${changed.length - lower.length - higher.length} there is nothing to undo` : ""}. ` +
      `Means over the ${rows.length} tables: ${average.join("; ")}. ` +
      (beaten.length === 0
        ? "Undone, no loss is more than 1 % better than plain cross entropy on any table."
        : `Undone, a loss is more than 1 % better than plain cross entropy on ${beaten.join(", ")}, before any test of certainty.`),
    notRun(benchmarks, kind),
  ]
    .filter(Boolean)
    .join("\n\n");
}
