// The 360 cases whose loss, gradient, curvature and probabilities are known to 50 digits; data/README.md says from
// where.
import { readFileSync } from "node:fs";

/** One case: softmax with class indices or soft labels, sigmoid with hard or soft ones. */
export interface ExactCase {
  readonly id: string;
  readonly activation: "softmax" | "sigmoid";
  readonly classes: number;
  readonly gamma: number;
  readonly alpha: number | number[] | null;
  readonly targetKind: "index" | "hard" | "soft";
  readonly logits: number[];
  readonly targets: number[];
  readonly expected: {
    readonly examples?: number[];
    readonly elements?: number[];
    readonly gradient: number[];
    readonly hessianDiagonal: number[];
    readonly probabilities: number[];
  };
}

/** All of them. */
export const { cases } = JSON.parse(readFileSync(new URL("./data/exact.json", import.meta.url), "utf8")) as {
  readonly cases: readonly ExactCase[];
};
