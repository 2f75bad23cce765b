// Logistic and softmax regression to convergence, for any loss.

import { CliError, modelTexts } from "../../errors.ts";
import type { Clock } from "../clock.ts";
import type { Features } from "../features.ts";
import type { Layers } from "../layers.ts";
import { norm } from "../lbfgs.ts";
import type { Objective } from "../objective.ts";
import { fitsFloat32, heapRowsOf } from "./float32Loss.ts";
import { Blocks, float64Loss } from "./float64Loss.ts";
import { type Labelled, type MeanLoss, sparseGram } from "./meanLoss.ts";
import { continued, type Place, placeAt, search, type Trail } from "./path.ts";

/** How a linear model is fitted. */
export interface LinearOptions {
  /** The strength of the penalty l2 / 2 times the sum of the squared weights; scikit-learn's C is 1 / (rows * l2). */
  readonly l2: number;
  /** Where to start, for example the model of a neighbouring l2. Default: the best constant model. */
  readonly start?: Layers;
  /** "to rank": in float32 where that has room, and not as far. Default "exact". */
  readonly end?: "to rank" | "exact";
  /** How small the gradient must get, as a share of its norm at the best constant model. Default 1e-9, to rank 1e-4. */
  readonly tolerance?: number;
  /** Default 1000. */
  readonly maxIterations?: number;
  /** Told where the time goes. */
  readonly clock?: Clock | undefined;
}

/** A fitted linear model, and how the search for it went. */
export interface LinearFit {
  readonly model: Layers;
  /** Of several labels, those of the one that took most. */
  readonly iterations: number;
  readonly converged: boolean;
  /** The mean loss plus the penalty, at the end. */
  readonly loss: number;
}

const roughly = 1e-4;
const exactly = 1e-9;
/** As far as float32 comes. */
const nearly = 2e-6;

/** What is left of the searches for a model, with what it was fitted to; it ends with the model. */
const trails = new WeakMap<
  Layers,
  { readonly set: Features; readonly objective: Objective; readonly trails: readonly Trail[] }
>();

/**
 * Fits a linear model: the minimum over W and b of
 *
 *     mean loss(x W + b) + l2 / 2 * sum of W^2
 *
 * The bias is not penalised. For cross entropy the minimum is the only one; for losses that are not convex, such as
 * focal, it is the one that L-BFGS reaches from the best constant model. Labels that do not exclude each other are
 * problems of their own, and are fitted one after the other.
 *
 * @throws CliError if the features are such that the loss is not a number
 */
export function fitLinear(set: Features, objective: Objective, options: LinearOptions): LinearFit {
  const { l2, start, end = "exact", maxIterations = 1000, clock } = options;
  const { tolerance = end === "exact" ? exactly : roughly } = options;
  const problems = problemsOf(objective);
  const known = start === undefined ? undefined : trails.get(start);
  if (start !== undefined) trails.delete(start); // what a search remembers goes on with the next one
  const inherited = known?.objective === objective && known.set === set ? known.trails : null;
  let ends: readonly Trail[] | null = null;
  const nonzeros = nonzerosOf(set);
  const starts = (losses: readonly MeanLoss[]) =>
    problems.map((problem, j) => {
      if (inherited !== null) return continued(losses[j], inherited[j], l2);
      if (start === undefined) return placeAt(constantOf(set, problem), true);
      return placeAt(partOf(start, problems.length, j), false);
    });
  const run = (losses: readonly MeanLoss[], from: readonly Place[], target: number, norms: Float64Array) => {
    const small = (target * Math.max(norm(norms), 1e-3)) / Math.sqrt(problems.length); // useless features: the constant
    return losses.map((meanLoss, j) => {
      return search(meanLoss, from[j], { l2, tolerance: small, maxIterations, constantNorm: norms[j] });
    });
  };
  let gram = (bends: Float64Array | null) => sparseGram(set, bends);
  if (fitsFloat32(set, nonzeros, objective.weights)) {
    const heapRows = heapRowsOf(set, nonzeros, problems[0].outputs === 1);
    gram = (bends) => heapRows.gram(bends);
    const losses = heapRows.lossesOf(problems, clock);
    const norms = normsOf(set, problems, losses, inherited);
    const target = Math.max(tolerance, end === "exact" ? nearly : roughly);
    if (norms.every(Number.isFinite)) ends = run(losses, starts(losses), target, norms);
  }
  const isEnough = end === "to rank" && tolerance >= roughly && (ends?.every(({ converged }) => converged) ?? false);
  if (ends === null || !isEnough) {
    const blocks = new Blocks(set);
    const losses = problems.map((problem) => float64Loss(blocks, problem, { nonzeros, gram }, clock));
    const norms =
      ends === null
        ? normsOf(set, problems, losses, inherited)
        : Float64Array.from(ends, ({ constantNorm }) => constantNorm);
    if (!norms.every(Number.isFinite)) throw new CliError(modelTexts.lossNotFinite("the linear model"));
    const from = ends?.map((each) => ({ ...placeAt(each.x, false), ...handedOn(each) })) ?? starts(losses);
    ends = run(losses, from, tolerance, norms);
  }
  const model = modelOf(set.width, ends);
  trails.set(model, { set, objective, trails: ends });
  return {
    model,
    iterations: Math.max(...ends.map(({ iterations }) => iterations)),
    converged: ends.every(({ converged }) => converged),
    loss: ends.reduce((sum, { penalised }) => sum + penalised, 0),
  };
}

/** What float64 takes over from float32: the curvature, but no differences of rounded gradients. */
function handedOn({ curvature, iterations, pairs }: Trail): Pick<Place, "curvature" | "iterations" | "pairs"> {
  return { curvature, iterations, pairs };
}

/** An objective is taken apart once. */
const parted = new WeakMap<Objective, readonly Labelled[]>();

/** An objective as problems that have nothing to do with each other: each label of a sigmoid is one. */
function problemsOf(objective: Objective): readonly Labelled[] {
  const known = parted.get(objective);
  if (known !== undefined) return known;
  const problems = partsOf(objective);
  parted.set(objective, problems);
  return problems;
}

function partsOf({ loss, activation, outputs, labels, weights, alpha, constantLogits }: Objective): Labelled[] {
  if (activation === "softmax" || outputs === 1) {
    return [{ loss, activation, outputs, labels, weights, alpha, constantLogits }];
  }
  const part = (value: number | readonly number[], j: number) => (typeof value === "number" ? value : value[j]);
  return Array.from({ length: outputs }, (_, j): Labelled => {
    const isOfColumn = (_: number, at: number) => at % outputs === j;
    return {
      loss,
      activation,
      outputs: 1,
      labels: labels.filter(isOfColumn),
      weights: weights?.filter(isOfColumn) ?? null,
      alpha:
        alpha !== undefined && "positive" in alpha
          ? { positive: part(alpha.positive, j), negative: part(alpha.negative, j) }
          : undefined,
      constantLogits: constantLogits.subarray(j, j + 1),
    };
  });
}

const counted = new WeakMap<Float32Array, number>();

function nonzerosOf({ values }: Features): number {
  const known = counted.get(values);
  if (known !== undefined) return known;
  let count = 0;
  for (let k = 0; k < values.length; k++) if (values[k] !== 0) count++;
  counted.set(values, count);
  return count;
}

/** The parameters of the best constant model. */
function constantOf({ width }: Features, { outputs, constantLogits }: Labelled): Float64Array {
  const x = new Float64Array((width + 1) * outputs);
  x.set(constantLogits, width * outputs);
  return x;
}

/** The norm of each problem's gradient at the best constant model. */
function normsOf(
  set: Features,
  problems: readonly Labelled[],
  losses: readonly MeanLoss[],
  inherited: readonly Trail[] | null,
): Float64Array {
  return Float64Array.from(problems, (problem, j) => {
    if (inherited !== null) return inherited[j].constantNorm;
    const x = constantOf(set, problem);
    const gradient = new Float64Array(x.length);
    return Number.isFinite(losses[j].evaluate(x, gradient)) ? norm(gradient) : Number.NaN;
  });
}

/** The parameters of one of several problems of which a model was made. */
function partOf({ layers: [{ weights, bias }] }: Layers, problems: number, j: number): Float64Array {
  const all = Float64Array.from([...weights, ...bias]);
  return problems === 1 ? all : all.filter((_, at) => at % problems === j);
}

function modelOf(width: number, ends: readonly Trail[]): Layers {
  const together = ends.length === 1 ? ends[0].x : interleaved(ends.map(({ x }) => x));
  const outputs = together.length / (width + 1);
  const weights = together.slice(0, width * outputs);
  const bias = together.slice(width * outputs);
  return { kind: "layers", layers: [{ inputs: width, outputs, weights, bias, activation: "identity" }] };
}

function interleaved(columns: readonly Float64Array[]): Float64Array {
  const { length } = columns;
  return Float64Array.from(
    { length: columns[0].length * length },
    (_, at) => columns[at % length][Math.floor(at / length)],
  );
}
