// The labels of a batch: checked, counted and weighed.
import { fail, texts } from "../errors.ts";
import { negativeWeight, positiveWeight } from "./alpha.ts";
import type { Problem } from "./problem.ts";
import { denominatorOf, type Totals } from "./reduction.ts";
import { sumOfProducts } from "./weights.ts";

/**
 * Whether a label does not count.
 *
 * @param index the label's place in `labels`: the example for class indices, else that of the logit
 */
export function isIgnored(batch: Problem, example: number, index: number): boolean {
  const { ignoreLabel, mask, labels, examples } = batch;
  if (ignoreLabel !== null && labels[index] === ignoreLabel) return true;
  return mask !== null && mask[mask.length === examples ? example : index] === 0;
}

/** The weight of an example, or of its label at `index` where there is one for each; without alpha. */
export function exampleWeight({ exampleWeights, examples }: Problem, example: number, index: number): number {
  return exampleWeights === null ? 1 : exampleWeights[exampleWeights.length === examples ? example : index];
}

/** Checks the labels and counts what the reductions divide by, in one pass. */
export function countLabels(where: string, problem: Problem): Totals {
  const { activation, examples, classes, labels, labelsAreIndices, alpha, reduction } = problem;
  let counted = 0;
  let countedLabels = 0;
  let weights = 0;
  const extreme: number[][] | null = problem.areWeightsExtreme && reduction === "weighted-mean" ? [] : null;
  for (let n = 0; n < examples; n++) {
    if (labelsAreIndices) {
      if (isIgnored(problem, n, n)) continue;
      const label = labels[n];
      if (!Number.isInteger(label)) fail(where, texts.labelNotIndex(n, label, classes));
      if (label < 0 || label >= classes) fail(where, texts.labelRange(n, label, classes));
      counted++;
      weights += exampleWeight(problem, n, n) * positiveWeight(alpha, label);
      extreme?.push([exampleWeight(problem, n, n), positiveWeight(alpha, label)]);
      continue;
    }
    let sum = 0;
    let countedHere = 0;
    for (let j = 0; j < classes; j++) {
      const index = n * classes + j;
      if (isIgnored(problem, n, index)) continue;
      const label = labels[index];
      const valid = typeof label === "number" && label >= 0 && label <= 1;
      if (!valid) fail(where, texts.labelNotProbability(index, label));
      sum += label;
      countedHere++;
      const others = activation === "sigmoid" ? (1 - label) * negativeWeight(alpha, j) : 0;
      weights += exampleWeight(problem, n, index) * (label * positiveWeight(alpha, j) + others);
      extreme?.push([exampleWeight(problem, n, index), label, positiveWeight(alpha, j)]);
      if (activation === "sigmoid")
        extreme?.push([exampleWeight(problem, n, index), 1 - label, negativeWeight(alpha, j)]);
    }
    if (activation === "softmax" && countedHere > 0 && Math.abs(sum - 1) > 1e-3) fail(where, texts.labelRowSum(n, sum));
    countedLabels += countedHere;
    if (countedHere > 0) counted++;
  }
  const total = extreme ? sumOfProducts(extreme) : { weights, unit: problem.weightUnit };
  return { counted, denominator: denominatorOf(reduction, counted, countedLabels, total.weights), unit: total.unit };
}
