// The front door: a loss, a batch, options; out come the loss and its derivatives.
import type { Backend, Outputs } from "./backends/backend.ts";
import { reference } from "./backends/reference.ts";
import { type FloatArray, isFloatArray } from "./batch/arrays.ts";
import { checkInputs } from "./batch/inputs.ts";
import { countLabels, isIgnored } from "./batch/labels.ts";
import { mayOverlap, runApart } from "./batch/memory.ts";
import {
  type Batch,
  makeProblem,
  type Problem,
  type ProblemOptions,
  problemOptionNames,
  totalsOfShape,
} from "./batch/problem.ts";
import type { Totals } from "./batch/reduction.ts";
import { checkedOptions } from "./batch/shape.ts";
import { fail, texts } from "./errors.ts";
import { exponentOf, scaledBy } from "./formula/powersOfTwo.ts";
import { checkedLoss, checkParameterLengths, type Loss } from "./losses/define.ts";

/** Options of {@link evaluate}. */
export interface EvaluateOptions extends ProblemOptions {
  /** Whether to compute d loss / d logits: `true` for a new Float64Array, or an array of yours to write into. */
  readonly gradient?: boolean | FloatArray | undefined;
  /** The same for the diagonal of the Hessian, d^2 loss / d logit^2. */
  readonly curvature?: boolean | FloatArray | undefined;
  /** What computes. Default: the float64 reference. */
  readonly backend?: Backend | undefined;
}

/** What {@link evaluate} gives. */
export interface Evaluation<O extends EvaluateOptions = EvaluateOptions> {
  /** The reduced loss; with reduction "none" the sum. 0 where every example is ignored. */
  readonly loss: number;
  /** With reduction "none": the loss of each example, `[N]`; for sigmoid summed over its labels. */
  readonly perExample: O["reduction"] extends "none" ? Float64Array : Float64Array | undefined;
  /** With reduction "none" and sigmoid: the loss of each label, `[N * classes]`. */
  readonly elements: O["reduction"] extends "none" ? Float64Array : Float64Array | undefined;
  /** d loss / d logits, `[N * classes]`, scaled as the reduction says; with "none" as for "sum". */
  readonly gradient: Requested<O["gradient"]>;
  /** The diagonal of the Hessian with respect to the logits, `[N * classes]`, scaled alike. */
  readonly curvature: Requested<O["curvature"]>;
  /** What the sum was divided by. */
  readonly denominator: number;
  /** The number of examples that are not ignored. */
  readonly counted: number;
}

/** The type of an output, by how it was asked for. */
export type Requested<R> = R extends FloatArray ? R : R extends true ? Float64Array : FloatArray | undefined;

const optionNames = [
  ...problemOptionNames,
  "gradient",
  "curvature",
  "backend",
] as const satisfies readonly (keyof EvaluateOptions)[];

/**
 * Evaluates a loss on a batch, with its gradient and curvature if asked for.
 *
 *     loss = (sum over examples n and targets i of weight_n alpha_i y_ni phi(view of target i)) / denominator
 *
 * A model that knows nothing has loss log(classes): 0.693 for two classes, 2.303 for ten.
 *
 * @param loss what one target costs, such as `crossEntropy()` or `focal({ gamma: 2 })`
 * @param batch `logits`, row-major `[N, classes]`, and `labels`
 * @param options the activation, and everything that composes with every loss
 * @returns the loss, and what was asked for; derivatives are always with respect to the logits, also where `inputs`
 *   are probabilities
 * @throws InputError for every wrong shape, range or combination; the message names the place and the way out
 *
 * @example
 * const batch = { logits: [2, 0, 1], labels: [0] }; // one example, three classes
 * const { loss, gradient } = evaluate(focal({ gamma: 2 }), batch, { activation: "softmax", gradient: true });
 * console.log(loss.toFixed(4), gradient[0].toFixed(4));
 */
export function evaluate<const O extends EvaluateOptions>(loss: Loss, batch: Batch, options: O): Evaluation<O> {
  const { name } = checkedLoss("evaluate", loss);
  checkedOptions(name, options, optionNames, '{ activation: "softmax" } or { activation: "sigmoid" }');
  const problem = makeProblem(name, batch, options);
  const { examples, classes, activation } = problem;
  const perTarget = problem.reduction === "none";
  const outputs = {
    gradient: output(name, "gradient", options.gradient, examples * classes),
    curvature: output(name, "curvature", options.curvature, examples * classes),
    perExample: perTarget ? new Float64Array(examples) : null,
    elements: perTarget && activation === "sigmoid" ? new Float64Array(examples * classes) : null,
  } satisfies Outputs;
  const { backend = reference } = options;
  if (typeof backend?.run !== "function") fail(name, texts.backendNotValid(backend));
  const { gradient, curvature } = outputs;
  if (gradient?.buffer === curvature?.buffer && mayOverlap(gradient, curvature)) {
    fail(name, texts.memoryShared("gradient", "curvature"));
  }
  const reduce = (written: Outputs) => summed(loss, problem, written, backend);
  const { exampleWeights, mask, logitAdjustment, alpha } = options;
  const hasMore = (exampleWeights ?? mask ?? logitAdjustment ?? alpha) != null;
  if (hasMore) backend.checkArrays?.(name, { exampleWeights, mask, logitAdjustment, alpha });
  // Alpha and the parameters of a loss have been copied.
  const { mean, totals } = hasMore
    ? runApart(outputs, [exampleWeights, mask, logitAdjustment], reduce)
    : reduce(outputs);
  const { counted, denominator, unit } = totals;
  return {
    loss: mean,
    perExample: outputs.perExample ?? undefined,
    elements: outputs.elements ?? undefined,
    gradient: gradient ?? undefined,
    curvature: curvature ?? undefined,
    denominator: unit === 0 ? denominator : scaledBy(denominator, unit),
    counted,
  } as Evaluation<O>;
}

/** The losses of a batch, summed and divided, and by what. */
interface Summed {
  readonly mean: number;
  readonly totals: Totals;
}

/**
 * Runs a back end, and looks at the numbers of the batch only as far as it cannot do that on its way.
 *
 * Nothing here and in `makeProblem` spreads an object on the way of a good call: in Node 20 that takes as long as all
 * the rest of a small one.
 */
function summed(loss: Loss, problem: Problem, outputs: Outputs, wanted: Backend): Summed {
  const { name } = loss;
  const scaleOf = ({ denominator }: Totals) => (denominator === 0 ? 0 : 1 / denominator);
  const backend = problem.areWeightsExtreme ? reference : wanted;
  const meanOf = (sum: number, { denominator }: Totals) => (denominator === 0 ? 0 : sum / denominator);
  if (problem.examples === 0) {
    // Nothing is made for each class: of an empty batch these may be any number.
    checkParameterLengths(loss, problem.classes);
    return { mean: 0, totals: countLabels(name, problem) };
  }
  const ofShape = backend.attempt ? totalsOfShape(problem) : null;
  const first = ofShape ?? countLabels(name, problem);
  const attempted = backend.attempt?.(loss, problem, scaleOf(first), outputs) ?? null;
  if (attempted !== null) return { mean: meanOf(attempted, first), totals: first };
  const totals = ofShape === null ? first : countLabels(name, problem);
  checkInputs(name, problem, (example, index) => isIgnored(problem, example, index));
  const { logits, labels } = problem;
  const { gradient, curvature } = outputs;
  wanted.checkArrays?.(name, { logits, labels, gradient, curvature });
  const weighed = problem.areWeightsExtreme ? { ...problem, weightUnit: totals.unit } : problem;
  const mean = runApart(outputs, [logits, labels], (written) => {
    const sum = (backend.attempt ? reference : backend).run(loss, weighed, scaleOf(totals), written);
    const isBeyond = Math.abs(sum) === Number.POSITIVE_INFINITY && totals.denominator > 1;
    return isBeyond ? meanBeyond(loss, weighed, totals) : meanOf(sum, totals);
  });
  return { mean, totals };
}

/** The mean of losses whose sum is beyond every float may be none: they are added up once more in a larger unit. */
function meanBeyond(loss: Loss, problem: Problem, { denominator, unit }: Totals): number {
  const larger = exponentOf(denominator) + 1;
  const weightUnit = larger + (problem.areWeightsExtreme ? unit : 0);
  const none = { gradient: null, curvature: null, perExample: null, elements: null };
  const sum = reference.run(loss, { ...problem, areWeightsExtreme: true, weightUnit }, 0, none);
  return scaledBy(sum / denominator, larger);
}

function output(where: string, name: string, wanted: unknown, length: number): FloatArray | null {
  if (wanted === undefined || wanted === false) return null;
  if (wanted === true) return new Float64Array(length);
  if (!isFloatArray(wanted)) fail(where, texts.notAnArray(name, wanted, "true, a Float32Array or a Float64Array"));
  if (wanted.length !== length) fail(where, texts.outputLength(name, wanted.length, length));
  return wanted;
}
