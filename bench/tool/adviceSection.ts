// A sentence per table on the model and the loss that it calls for, and what they come to.
import { type Advice, adviceFor, type Measured, models, modelWords } from "./advice.ts";
import type { Benchmarks } from "./benchmarks.ts";
import type { Run } from "./runs.ts";

const lossKinds = { linear: "linearLosses", mlp: "mlpLosses", trees: "treesLosses" } as const;

/** What was measured on a table; null where a model has not been run. */
export function measuredOn(name: string, { runs }: Pick<Benchmarks, "runs">): Measured | null {
  const run = runs[name];
  if (models.some((model) => run[model] === null)) return null;
  const lossesOf = ({ families }: Run) => families.map(({ family, perFold }) => ({ name: family, perFold }));
  return {
    models: models.map((model) => ({ name: model, perFold: (run[model] as Run).families[0].perFold })),
    losses: Object.fromEntries(
      models.flatMap((model) => {
        const of = run[lossKinds[model]];
        return of === null ? [] : [[model, lossesOf(of)]];
      }),
    ),
    rarest: (run.linear as Run).rarest,
  };
}

/** The sentences, below their heading. */
export function adviceSection(benchmarks: Benchmarks): string {
  const told = benchmarks.tables.flatMap(({ name }): { name: string; advice: Advice }[] => {
    const measured = measuredOn(name, benchmarks);
    return measured === null ? [] : [{ name, advice: adviceFor(measured) }];
  });
  if (told.length === 0) return "Not run yet.";
  const names = (all: typeof told) => all.map(({ name }) => name).join(", ") || "none";
  const counts = models.map((model) => {
    const all = told.filter(({ advice }) => advice.model === model);
    return `${modelWords[model]} on ${all.length} (${names(all)})`;
  });
  const switched = told.filter(({ advice }) => advice.loss?.kind === "switch");
  return [
    "Made from the five folds as the tool makes its verdict: the corrected resampled t-test, Holm's correction, 95 % certainty (99 % " +
      "where a fold tests fewer than 30 rows of the rarest class, and no ranking under 10), and of those that cannot be told " +
      "apart the simplest. Models are compared with cross entropy, losses with the model that is taken.",
    told.map(({ name, advice }) => `- **${name}**: ${advice.sentence}`).join("\n"),
    `In words: what is taken is ${counts.join(", ")}. ` +
      (switched.length === 0
        ? "On no table is another loss surely better than cross entropy."
        : `Another loss than cross entropy is surely better on ${names(switched)}.`),
  ].join("\n\n");
}
