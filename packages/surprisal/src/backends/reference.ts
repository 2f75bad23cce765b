// The reference back end: float64, one example after the other, written to be read. It is what all else is held to.
import { sigmoidViews } from "../activations/sigmoid.ts";
import { SoftmaxRow } from "../activations/softmax.ts";
import { negativeWeight, positiveWeight } from "../batch/alpha.ts";
import { exampleWeight, isIgnored } from "../batch/labels.ts";
import type { Problem } from "../batch/problem.ts";
import { fillRow, toLogit } from "../batch/rows.ts";
import { exponentOf, product, scaledBy } from "../formula/powersOfTwo.ts";
import type { Order } from "../formula/program.ts";
import { type Loss, parametersPerClass, programsOf } from "../losses/define.ts";
import type { Backend, Outputs } from "./backend.ts";
import { CompensatedSum } from "./sum.ts";

/** Float64 whatever the type of the arrays; value and gradient within 1e-13 of the exact ones. */
export const reference: Backend = {
  name: "reference",
  tolerance: { value: 1e-13, gradient: 1e-13 },
  run(loss, problem, scale, outputs) {
    return problem.activation === "softmax"
      ? runSoftmax(loss, problem, scale, outputs)
      : runSigmoid(loss, problem, scale, outputs);
  },
};

function orderOf({ gradient, curvature }: Outputs): Order {
  return curvature !== null ? 2 : gradient !== null ? 1 : 0;
}

function runSoftmax(loss: Loss, problem: Problem, scale: number, outputs: Outputs): number {
  const { examples, classes, labels, labelsAreIndices, labelSmoothing, alpha, areWeightsExtreme, weightUnit } = problem;
  const { gradient, curvature, perExample } = outputs;
  const order = orderOf(outputs);
  const { positive: program } = programsOf(loss, order);
  const parameters = parametersPerClass(loss, classes);
  const convert = toLogit(problem.activation, problem.inputs);
  const row = new SoftmaxRow(classes);
  // Where only derivatives of the value are asked for there is nowhere to write gradients; they go here.
  const slopes = gradient ?? (order === 2 ? new Float64Array(examples * classes) : null);
  const total = new CompensatedSum();

  for (let n = 0; n < examples; n++) {
    const offset = n * classes;
    const weight = exampleWeight(problem, n, n);
    if (isIgnored(problem, n, n) || weight === 0) {
      gradient?.fill(0, offset, offset + classes);
      curvature?.fill(0, offset, offset + classes);
      if (perExample !== null) perExample[n] = 0;
      continue;
    }
    fillRow(row.logits, problem.logits, n, convert, problem.logitAdjustment);
    if (!row.prepare()) {
      gradient?.fill(Number.NaN, offset, offset + classes);
      curvature?.fill(Number.NaN, offset, offset + classes);
      if (perExample !== null) perExample[n] = Number.NaN;
      total.add(Number.NaN);
      continue;
    }
    let lossOfRow = 0;
    const single = labelsAreIndices && labelSmoothing === 0;
    const from = single ? labels[n] : 0;
    const to = single ? from + 1 : classes;
    // Extreme weights are taken in units of the row's own, 2^size, so that nothing overflows before all is added up.
    let size = 0;
    if (areWeightsExtreme) {
      let largest = 0;
      for (let i = from; i < to; i++) largest = Math.max(largest, shareOf(problem, n, i) && positiveWeight(alpha, i));
      size = exponentOf(weight) + exponentOf(largest);
    }
    for (let i = from; i < to; i++) {
      const share = shareOf(problem, n, i);
      const ofClass = positiveWeight(alpha, i);
      const pull = areWeightsExtreme ? product(-size, weight, ofClass, share) : weight * ofClass * share;
      if (pull === 0) continue; // 0 times an infinite loss is 0
      row.views(i, program.registers);
      program.setParameters(parameters[i]);
      program.run();
      lossOfRow += pull * program.value;
      if (order > 0) row.pull(i, scale * pull * program.slope, order > 1 ? scale * pull * program.curvature : 0);
    }
    const power = areWeightsExtreme ? size - weightUnit : 0;
    lossOfRow = scaledBy(lossOfRow, power);
    if (slopes !== null) row.scatter(slopes, curvature, offset, power);
    if (perExample !== null) perExample[n] = lossOfRow;
    total.add(lossOfRow);
  }
  return total.value;
}

/** How much of an example's label is class i. */
function shareOf({ labels, labelsAreIndices, labelSmoothing, classes }: Problem, n: number, i: number): number {
  const hard = labelsAreIndices ? Number(labels[n] === i) : labels[n * classes + i];
  return hard * (1 - labelSmoothing) + labelSmoothing / classes;
}

function runSigmoid(loss: Loss, problem: Problem, scale: number, outputs: Outputs): number {
  const { examples, classes, labels, labelSmoothing, alpha, areWeightsExtreme, weightUnit } = problem;
  const { gradient, curvature, perExample, elements } = outputs;
  const order = orderOf(outputs);
  const programs = programsOf(loss, order);
  const parameters = parametersPerClass(loss, classes);
  const convert = toLogit(problem.activation, problem.inputs);
  const row = new Float64Array(classes);
  const total = new CompensatedSum();

  for (let n = 0; n < examples; n++) {
    fillRow(row, problem.logits, n, convert, problem.logitAdjustment);
    let lossOfRow = 0;
    for (let j = 0; j < classes; j++) {
      const index = n * classes + j;
      const weight = isIgnored(problem, n, index) ? 0 : exampleWeight(problem, n, index);
      let value = 0;
      let slope = 0;
      let bend = 0;
      let size = 0;
      if (weight !== 0) {
        const label = labels[index] * (1 - labelSmoothing) + labelSmoothing / 2;
        const ofOne = positiveWeight(alpha, j);
        const ofZero = negativeWeight(alpha, j);
        if (areWeightsExtreme) size = exponentOf(weight) + exponentOf(Math.max(label && ofOne, 1 - label && ofZero));
        const positive = areWeightsExtreme ? product(-size, weight, ofOne, label) : weight * ofOne * label;
        const negative = areWeightsExtreme ? product(-size, weight, ofZero, 1 - label) : weight * ofZero * (1 - label);
        if (positive !== 0) {
          const program = programs.positive;
          sigmoidViews(program.registers, row[j]);
          program.setParameters(parameters[j]);
          program.run();
          value += positive * program.value;
          if (order > 0) slope += positive * program.slope;
          if (order > 1) bend += positive * program.curvature;
        }
        if (negative !== 0) {
          const program = programs.negative;
          sigmoidViews(program.registers, -row[j]); // the margin of label 0, which is why the slope changes sign
          program.setParameters(parameters[j]);
          program.run();
          value += negative * program.value;
          if (order > 0) slope -= negative * program.slope;
          if (order > 1) bend += negative * program.curvature;
        }
        if (Number.isNaN(row[j])) value = slope = bend = Number.NaN;
      }
      const power = areWeightsExtreme ? size - weightUnit : 0;
      value = scaledBy(value, power);
      if (elements !== null) elements[index] = value;
      if (gradient !== null) gradient[index] = scaledBy(scale * slope, power);
      if (curvature !== null) curvature[index] = scaledBy(scale * bend, power);
      lossOfRow += value;
    }
    if (perExample !== null) perExample[n] = lossOfRow;
    total.add(lossOfRow);
  }
  return total.value;
}
