// How far a comparison is: on a terminal a line for each loss, written over in place, elsewhere now and then a line.

import { engineNamed } from "../learning/engines.ts";
import { metrics, scoreOf } from "../scores/metric.ts";
import { meanOfKnown } from "../scores/statistics.ts";
import type { FoldResult } from "../selection/fold.ts";
import type { Plan } from "../selection/plan.ts";
import { count, duration, score } from "../words/text.ts";
import { visibleLine } from "../words/visible.ts";
import type { World } from "../world.ts";

/** What of a finished fold is shown. */
export type ScoredFold = Pick<FoldResult, "model"> & {
  readonly families: readonly Pick<FoldResult["families"][number], "undone">[];
};

/** What is shown of a plan. */
type ShownPlan = Pick<Plan, "model" | "metric" | "families">;

/** The lines that show how far a comparison is. */
export class ProgressLines {
  readonly #world: World;
  readonly #plans: readonly ShownPlan[];
  readonly #start: number;
  /** Folds of a run before this one, which took none of its time. */
  #known: number | null = null;
  #drawn = 0;

  /** @param plans one for each model; they have metric and families in common */
  constructor(world: World, plans: readonly ShownPlan[]) {
    this.#world = world;
    this.#plans = plans;
    this.#start = world.now();
  }

  /** Shows the finished folds; to be called before the first and after each. */
  show(folds: readonly ScoredFold[], all: number): void {
    this.#known ??= folds.length;
    const line = ` ${count(folds.length)} of ${count(all)} folds${this.#left(folds.length, all)}`;
    if (this.#world.terminal) {
      const lines = [...scoreLines(this.#plans, folds), line];
      this.#draw(lines.length < this.#world.rows ? lines : [line]); // what has left the screen cannot be written over
    } else if (folds.length > 0 && folds.length % Math.ceil(all / 5) === 0) this.#world.err(`${line}\n`);
  }

  /** Takes the lines off the terminal. */
  clear(): void {
    if (this.#drawn > 0) this.#draw([]);
  }

  #left(finished: number, all: number): string {
    const own = finished - (this.#known ?? 0);
    if (own === 0 || finished === all) return "";
    return ` · ${duration(((this.#world.now() - this.#start) / own / 1000) * (all - finished))} left`;
  }

  /** Writes lines over those before: to the start of the first, and all below is erased. */
  #draw(lines: readonly string[]): void {
    const up = this.#drawn > 1 ? `\x1b[${this.#drawn - 1}A` : "";
    this.#world.err(
      `\r${up}\x1b[J${lines.map((line) => visibleLine(line).slice(0, this.#world.columns - 1)).join("\n")}`,
    );
    this.#drawn = lines.length;
  }
}

/** The mean score of every loss of every model so far, in the columns of the table that follows. */
function scoreLines(plans: readonly ShownPlan[], folds: readonly ScoredFold[]): string[] {
  if (folds.length === 0) return [];
  const [{ metric, families }] = plans;
  const { short } = metrics[metric];
  const means = ({ model }: ShownPlan) => {
    const own = folds.filter((fold) => fold.model === model);
    return families.map((_, k) => score(meanOfKnown(own.map((fold) => scoreOf(metric, fold.families[k].undone))), 4));
  };
  const [soFar, heads] =
    plans.length === 1 ? ["so far", [short]] : [`${short} so far`, plans.map(({ model }) => engineNamed(model).words)];
  const width =
    Math.max(...[soFar, "prior only", ...families.map(({ title }) => title)].map(({ length }) => length)) + 2;
  const columns = plans.map((plan, k) => [heads[k], ...means(plan)]);
  return [soFar, ...families.map(({ title }) => title)].map((name, row) => {
    const cells = columns.map((column, k) => column[row].padEnd(heads[k].length + 2));
    return ` ${name.padEnd(width)}${cells.join("")}`.trimEnd();
  });
}
