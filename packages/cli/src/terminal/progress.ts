// How far a comparison is: on a terminal a line for each loss, written over in place, elsewhere now and then a line.

import { metrics, scoreOf } from "../scores/metric.ts";
import { meanOfKnown } from "../scores/statistics.ts";
import type { FoldResult } from "../selection/fold.ts";
import type { Plan } from "../selection/plan.ts";
import { count, duration, score } from "../words/text.ts";
import { visibleLine } from "../words/visible.ts";
import type { World } from "../world.ts";

/** What of a finished fold is shown. */
export type ScoredFold = { readonly families: readonly Pick<FoldResult["families"][number], "undone">[] };

/** The lines that show how far a comparison is. */
export class ProgressLines {
  readonly #world: World;
  readonly #plan: Pick<Plan, "metric" | "families">;
  readonly #start: number;
  /** Folds of a run before this one, which took none of its time. */
  #known: number | null = null;
  #drawn = 0;

  constructor(world: World, plan: Pick<Plan, "metric" | "families">) {
    this.#world = world;
    this.#plan = plan;
    this.#start = world.now();
  }

  /** Shows the finished folds; to be called before the first and after each. */
  show(folds: readonly ScoredFold[], all: number): void {
    this.#known ??= folds.length;
    const line = ` ${count(folds.length)} of ${count(all)} folds${this.#left(folds.length, all)}`;
    if (this.#world.terminal) {
      const lines = [...scoreLines(this.#plan, folds), line];
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

/** The mean score of every loss so far, in the columns of the table that follows. */
function scoreLines({ metric, families }: Pick<Plan, "metric" | "families">, folds: readonly ScoredFold[]): string[] {
  if (folds.length === 0) return [];
  const width = Math.max(...families.map(({ title }) => title.length), "prior only".length) + 2;
  const lines = families.map(({ title }, index) => {
    const mean = meanOfKnown(folds.map((fold) => scoreOf(metric, fold.families[index].undone)));
    return ` ${title.padEnd(width)}${score(mean, 4)}`;
  });
  return [` ${"so far".padEnd(width)}${metrics[metric].short}`, ...lines];
}
