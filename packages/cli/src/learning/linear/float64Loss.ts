// The mean loss of a linear model in float64, by the reference: for the end of a fit, and for tables of mostly zeros.
import { evaluate } from "surprisal";
import type { Clock } from "../clock.ts";
import type { Features } from "../features.ts";
import { columnSums, Nonzeros } from "../nonzeros.ts";
import { bendsOf, curvatureOf, type Labelled, type MeanLoss, priceOf } from "./meanLoss.ts";

const rowsPerBlock = 1024;
const mostKept = 4e6;

/** The rows of a set in blocks: gathered once where they are few, for each pass where memory would be short. */
export class Blocks {
  private readonly kept: Nonzeros[] = [];
  private readonly keep: boolean;
  private readonly order: Int32Array;

  constructor(readonly features: Features) {
    this.keep = features.rows * features.width <= mostKept;
    this.order = Int32Array.from({ length: features.rows }, (_, row) => row);
  }

  forEach(visit: (block: Nonzeros, rowsBefore: number) => void): void {
    const { rows, width, values } = this.features;
    for (let from = 0, index = 0; from < rows; from += rowsPerBlock, index++) {
      const place = this.keep ? index : 0;
      let block = this.kept[place];
      if (block === undefined || !this.keep) {
        block ??= new Nonzeros(Math.min(rowsPerBlock, rows), width);
        block.gather(values, this.order, from, Math.min(from + rowsPerBlock, rows));
        block.transpose();
        this.kept[place] = block;
      }
      visit(block, from);
    }
  }
}

/** What is known of the features: how many are not 0, and their Gram matrix, as `sparseGram` gives it. */
interface Told {
  readonly nonzeros: number;
  readonly gram: (bends: Float64Array | null) => Float64Array;
}

/** The mean loss in float64. */
export function float64Loss(blocks: Blocks, labelled: Labelled, { nonzeros, gram }: Told, clock?: Clock): MeanLoss {
  const { features } = blocks;
  const { rows, width } = features;
  const { loss, activation, outputs, labels, weights, alpha } = labelled;
  const size = width * outputs;
  const logits = new Float64Array(rows * outputs);
  const slopes = new Float64Array(rows * outputs);
  const batch = { logits, labels, classes: outputs };
  const options = { activation, alpha, exampleWeights: weights ?? undefined };
  return {
    weights: size,
    isCurvatureExact: outputs === 1,
    rounding: 1e-15,
    curvaturePrice: priceOf(features, nonzeros, outputs, false),
    evaluate(x, gradient) {
      const start = performance.now();
      const bias = x.subarray(size);
      blocks.forEach((block, rowsBefore) => {
        block.product(x, bias, outputs, logits.subarray(rowsBefore * outputs));
      });
      const forward = performance.now();
      const value = evaluate(loss, batch, { ...options, gradient: slopes }).loss;
      const evaluated = performance.now();
      gradient.fill(0);
      blocks.forEach((block, rowsBefore) => {
        block.addTransposedProduct(slopes.subarray(rowsBefore * outputs), outputs, gradient);
      });
      columnSums(slopes, rows, gradient.subarray(size));
      clock?.spend("loss", evaluated - forward);
      clock?.spend("products", forward - start + performance.now() - evaluated);
      return value;
    },
    curvature(isConstant) {
      const bends = bendsOf(labelled, batch, options);
      return curvatureOf(features, bends, gram, isConstant && weights === null);
    },
  };
}
