// gradientCheck: whether a loss that somebody defined is finite, keeps its digits and has the slope of its value.
import type { Backend } from "./backends/backend.ts";
import { checkedOptions } from "./batch/shape.ts";
import { decisionTexts, fail } from "./errors.ts";
import { evaluate } from "./evaluate.ts";
import { checkedLoss, type Loss } from "./losses/define.ts";

/** Options of {@link gradientCheck}. */
export interface GradientCheckOptions {
  /** The relative difference that is allowed. Default 1e-6. */
  readonly tolerance?: number;
  /** What computes. Default: the float64 reference. */
  readonly backend?: Backend;
}

/** What {@link gradientCheck} found. */
export interface GradientCheck {
  readonly passed: boolean;
  /** The largest relative difference between a gradient and the finite difference of the value. */
  readonly worst: number;
  /** What is wrong, a sentence each; empty where the loss passed. */
  readonly problems: readonly string[];
}

/**
 * Checks a loss: its gradient against finite differences of its value under sigmoid and softmax, and that value,
 * gradient and curvature are finite for logits up to 1e4.
 *
 * It also finds lost digits: `1 - pow(pt, q)` has the right slope on paper, but near pt = 1 its value is noise.
 *
 * @example
 * const { passed, worst } = gradientCheck(focal({ gamma: 0.5 }));
 * console.log(passed, worst < 1e-8);
 * @throws InputError if `loss` is no loss
 */
export function gradientCheck(loss: Loss, options: GradientCheckOptions = {}): GradientCheck {
  checkedLoss("gradientCheck", loss);
  const { tolerance = 1e-6, backend } = checkedOptions(
    "gradientCheck",
    options,
    ["tolerance", "backend"],
    "{ tolerance: 1e-6 }",
  );
  if (!(typeof tolerance === "number" && tolerance > 0))
    fail("gradientCheck", decisionTexts.toleranceNotValid(tolerance));
  const problems: string[] = [];
  let worst = 0;
  for (const { describe, logits, labels, classes, activation } of trials()) {
    const settings = { activation, backend, reduction: "sum" } as const;
    const at = (z: readonly number[]) => evaluate(loss, { logits: z, labels, classes }, settings).loss;
    const {
      loss: value,
      gradient,
      curvature,
    } = evaluate(loss, { logits, labels, classes }, { ...settings, gradient: true, curvature: true });
    const where = `${describe}, logits ${logits.join(", ")}`;
    const notFinite = Object.entries({ value: [value], gradient, curvature }).find(
      ([, numbers]) => !Array.from(numbers).every(Number.isFinite),
    );
    if (notFinite) {
      problems.push(`${where}: the ${notFinite[0]} is ${Array.from(notFinite[1]).find((x) => !Number.isFinite(x))}`);
      continue;
    }
    if (logits.some((logit) => Math.abs(logit) > 40)) continue; // differences of such values say nothing
    logits.forEach((logit, j) => {
      const step = 1e-4;
      const moved = (by: number) => at(logits.with(j, logit + by));
      const difference = (8 * (moved(step) - moved(-step)) - (moved(2 * step) - moved(-2 * step))) / (12 * step);
      const noise = (16 * Number.EPSILON * Math.abs(value)) / step;
      const error = Math.max(0, Math.abs(difference - gradient[j]) - noise) / Math.max(Math.abs(gradient[j]), 1e-300);
      worst = Math.max(worst, error);
      if (!(error <= tolerance)) {
        problems.push(`${where}: gradient[${j}] is ${gradient[j]}, but the value changes by ${difference} per unit`);
      }
    });
  }
  return { passed: problems.length === 0, worst, problems };
}

interface Trial {
  readonly describe: string;
  readonly activation: "softmax" | "sigmoid";
  readonly logits: number[];
  readonly labels: readonly number[];
  readonly classes: number;
}

function* trials(): Generator<Trial> {
  for (const margin of [0, 0.3, 1.7, 5.1, 12.3, 21.7, 33.1, 41, 130, 720, 800, 1e4]) {
    for (const z of margin === 0 ? [0] : [margin, -margin]) {
      for (const label of [0, 1]) {
        yield { describe: `sigmoid, label ${label}`, activation: "sigmoid", logits: [z], labels: [label], classes: 1 };
      }
      yield { describe: "softmax, label 0", activation: "softmax", logits: [z, 0, -1.1], labels: [0], classes: 3 };
    }
  }
}
