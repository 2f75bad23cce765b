// What will be tried, fixed before anything is trained: engine, metric, families, budgets.
import type { EnginePlan, Pace } from "../learning/engine.ts";
import type { EngineName } from "../learning/engines.ts";
import type { Metric } from "../scores/metric.ts";
import type { Family } from "./families.ts";

/** With the table and the folds everything that decides a number; equal plans on equal data give equal results. */
export interface Plan {
  readonly model: EngineName;
  readonly metric: Metric;
  readonly families: readonly Family[];
  readonly seed: number;
  readonly pace: Pace;
  /** What the engine will try, and for how long. */
  readonly training: EnginePlan;
}
