// The kernels of a network as plain loops in float32, for engines without SIMD; without relaxed SIMD the kernels give
// the same bits.
import { adamConstants, negligible } from "./adam.ts";
import type { NetworkKernels } from "./kernels.ts";

const { fround } = Math;

/** What the kernels mean, one number after the other. */
export const plainKernels: NetworkKernels = {
  layer({ input, weights, bias, output, rows, relu }) {
    const outputs = bias.length;
    const inputs = weights.length / outputs;
    for (let n = 0; n < rows; n++) {
      for (let h = 0; h < outputs; h++) {
        let sum = bias[h];
        for (let i = 0; i < inputs; i++) sum = plus(sum, input[n * inputs + i], weights[i * outputs + h]);
        output[n * outputs + h] = relu && sum < 0 ? 0 : sum;
      }
    }
  },
  weightGradient({ input, slopes, weights, bias, rows }) {
    const outputs = bias.length;
    const inputs = weights.length / outputs;
    for (let h = 0; h < outputs; h++) {
      bias[h] = 0;
      for (let n = 0; n < rows; n++) bias[h] = plus(bias[h], 1, slopes[n * outputs + h]);
      for (let i = 0; i < inputs; i++) {
        let sum = 0;
        for (let n = 0; n < rows; n++) sum = plus(sum, input[n * inputs + i], slopes[n * outputs + h]);
        weights[i * outputs + h] = sum;
      }
    }
  },
  inputGradient({ slopes, weights, input, gradient, rows, inputs }) {
    const outputs = weights.length / inputs;
    for (let n = 0; n < rows; n++) {
      for (let i = 0; i < inputs; i++) {
        let sum = 0;
        for (let h = 0; h < outputs; h++) sum = plus(sum, slopes[n * outputs + h], weights[i * outputs + h]);
        gradient[n * inputs + i] = input[n * inputs + i] <= 0 ? 0 : sum;
      }
    }
  },
  adam({ values, gradient, first, second }, { rate, l2 }) {
    const penalty = fround(l2);
    for (let k = 0; k < values.length; k++) {
      const slope = drop(plus(gradient[k], values[k], penalty), negligible.slope);
      first[k] = drop(mix(first[k], adamConstants.first, slope), negligible.first);
      second[k] = drop(mix(second[k], adamConstants.second, fround(slope * slope)), negligible.second);
      const size = fround(fround(Math.sqrt(second[k])) + fround(adamConstants.smallest));
      values[k] -= fround(fround(first[k] * fround(rate)) / size);
    }
  },
  gather(matrix, indices, into) {
    const columns = into.length / indices.length;
    indices.forEach((row, n) => {
      for (let i = 0; i < columns; i++) into[n * columns + i] = matrix[row * columns + i];
    });
  },
};

/** sum + a b, rounded to float32 after each operation. */
function plus(sum: number, a: number, b: number): number {
  return fround(sum + fround(a * b));
}

function mix(old: number, share: number, fresh: number): number {
  return fround(fround(old * fround(share)) + fround(fresh * fround(1 - share)));
}

function drop(x: number, below: number): number {
  return Math.abs(x) < fround(below) ? 0 : x;
}
