// Logistic and softmax regression to convergence, for any loss.

import { CliError, modelTexts } from "../../errors.ts";
import type { Clock } from "../clock.ts";
import type { Features } from "../features.ts";
import type { Layers } from "../layers.ts";
import { minimise, norm } from "../lbfgs.ts";
import { columnSums, Nonzeros } from "../nonzeros.ts";
import type { Objective } from "../objective.ts";

/** How a linear model is fitted. */
export interface LinearOptions {
  /** The strength of the penalty l2 / 2 times the sum of the squared weights; scikit-learn's C is 1 / (rows * l2). */
  readonly l2: number;
  /** Where to start, for example the model of a neighbouring l2. Default: the best constant model. */
  readonly start?: Layers;
  /** How small the gradient must get, as a share of its norm at the best constant model. Default 1e-6. */
  readonly tolerance?: number;
  /** Default 1000. */
  readonly maxIterations?: number;
  /** Told where the time goes. */
  readonly clock?: Clock | undefined;
}

/** A fitted linear model, and how the search for it went. */
export interface LinearFit {
  readonly model: Layers;
  readonly iterations: number;
  readonly converged: boolean;
  /** The mean loss plus the penalty, at the end. */
  readonly loss: number;
}

/**
 * Fits a linear model: the minimum over W and b of
 *
 *     mean loss(x W + b) + l2 / 2 * sum of W^2
 *
 * The bias is not penalised. For cross entropy the minimum is the only one; for losses that are not convex, such as
 * focal, it is the one that L-BFGS reaches from the best constant model.
 *
 * @throws CliError if the features are such that the loss is not a number
 */
export function fitLinear(set: Features, objective: Objective, options: LinearOptions): LinearFit {
  const { l2, start, tolerance = 1e-6, maxIterations = 1000, clock } = options;
  const { width } = set;
  const { outputs } = objective;
  const blocks = new Blocks(set);
  const order = Int32Array.from({ length: set.rows }, (_, row) => row);
  const logits = new Float64Array(set.rows * outputs);
  const slopes = new Float64Array(set.rows * outputs);
  const size = width * outputs;

  /** The penalised loss at weights and bias, one after the other in `x`. */
  const penalised = (x: Float64Array, gradient: Float64Array): number => {
    const start = performance.now();
    const weights = x.subarray(0, size);
    blocks.forEach(order, (block, rowsBefore) => {
      block.product(weights, x.subarray(size), outputs, logits.subarray(rowsBefore * outputs));
    });
    const forward = performance.now();
    const loss = objective.evaluate(logits, order, slopes);
    const evaluated = performance.now();
    const weightGradient = gradient.subarray(0, size);
    weightGradient.fill(0);
    blocks.forEach(order, (block, rowsBefore) => {
      block.addTransposedProduct(slopes.subarray(rowsBefore * outputs), outputs, weightGradient);
    });
    columnSums(slopes, set.rows, gradient.subarray(size));
    clock?.spend("loss", evaluated - forward);
    clock?.spend("products", forward - start + performance.now() - evaluated);
    let squares = 0;
    for (let i = 0; i < size; i++) {
      squares += weights[i] * weights[i];
      gradient[i] += l2 * weights[i];
    }
    return loss + (l2 / 2) * squares;
  };

  const constant = new Float64Array(size + outputs);
  constant.set(objective.constantLogits, size);
  const gradient = new Float64Array(constant.length);
  if (!Number.isFinite(penalised(constant, gradient))) throw new CliError(modelTexts.lossNotFinite("the linear model"));
  const given = start?.layers[0];
  const from = given === undefined ? constant : Float64Array.from([...given.weights, ...given.bias]);
  const small = tolerance * Math.max(norm(gradient), 1e-3); // useless features: the constant is as good as it gets
  const { x, value, iterations, converged } = minimise(penalised, from, { tolerance: small, maxIterations });
  const weights = x.slice(0, size);
  const layer = { inputs: width, outputs, weights, bias: x.slice(size), activation: "identity" } as const;
  return { model: { kind: "layers", layers: [layer] }, iterations, converged, loss: value };
}

const rowsPerBlock = 1024;
const mostKept = 4e6;

/** The rows of a set in blocks: gathered once where they are few, for each pass where memory would be short. */
class Blocks {
  private readonly kept: Nonzeros[] = [];
  private readonly keep: boolean;

  constructor(private readonly set: Features) {
    this.keep = set.rows * set.width <= mostKept;
  }

  forEach(order: Int32Array, visit: (block: Nonzeros, rowsBefore: number) => void): void {
    const { rows, width, values } = this.set;
    for (let from = 0, index = 0; from < rows; from += rowsPerBlock, index++) {
      const place = this.keep ? index : 0;
      let block = this.kept[place];
      if (block === undefined || !this.keep) {
        block ??= new Nonzeros(Math.min(rowsPerBlock, rows), width);
        block.gather(values, order, from, Math.min(from + rowsPerBlock, rows));
        block.transpose();
        this.kept[place] = block;
      }
      visit(block, from);
    }
  }
}
