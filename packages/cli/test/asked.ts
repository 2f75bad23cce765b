// What a quick comparison is asked for, where a test cares about little of it.
import type { CompareOptions } from "../src/comparison/options.ts";
import { nothingAsked } from "../src/verdict/goals.ts";

/** The options of a comparison of the column `answer`: quick, with a linear model, writing nothing. */
export function quickComparison(table: string, more: Partial<CompareOptions> = {}): CompareOptions {
  return {
    table,
    targets: ["answer"],
    losses: ["ce", "focal"],
    models: ["linear"],
    metric: "log-loss",
    pace: "fast",
    foldCount: 5,
    drop: [],
    keep: [],
    keepDuplicates: false,
    goals: nothingAsked,
    jobs: 1,
    seed: 0,
    output: null,
    resume: false,
    allowMissingTarget: false,
    dropClasses: [],
    reading: {},
    command: "test",
    ...more,
  };
}
