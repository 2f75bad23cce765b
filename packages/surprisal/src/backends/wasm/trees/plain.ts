// The kernels of boosted trees as plain loops, for engines without SIMD: they give the same bits.
import type { UncheckedKernels } from "./kernels.ts";

/** What the kernels mean, one number after the other. */
export const plainKernels: UncheckedKernels = {
  histogram({ bins, starts, gradient, curvature, outputs, output, rows, into }) {
    const width = starts.length - 1;
    into.fill(0, 0, 2 * starts[width]);
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k];
      const g = gradient[row * outputs + output];
      const h = curvature[row * outputs + output];
      for (let f = 0; f < width; f++) {
        const bin = starts[f] + bins[row * width + f];
        if (bin >= starts[f + 1]) return false;
        const cell = 2 * bin;
        into[cell] += g;
        into[cell + 1] += h;
      }
    }
    return true;
  },
  subtract({ from, other }) {
    for (let k = 0; k < from.length; k++) from[k] -= other[k];
  },
  bestCuts({ histogram, starts, features, gradient, curvature, l2, least, into, cuts }) {
    features.forEach((feature, k) => {
      const [first, last] = [starts[feature], starts[feature + 1] - 1];
      const missing = [histogram[2 * last], histogram[2 * last + 1]];
      let best = Number.NEGATIVE_INFINITY;
      cuts[k] = -1;
      into.fill(0, 3 * k, 3 * k + 3);
      const look = (g: number, h: number, cut: number) => {
        const [otherG, otherH] = [gradient - g, curvature - h];
        const gain = (g * g) / (h + l2) + (otherG * otherG) / (otherH + l2);
        if (!(gain > best && h >= least && otherH >= least)) return;
        best = gain;
        cuts[k] = cut;
        into[3 * k + 1] = g;
        into[3 * k + 2] = h;
      };
      const hasMissing = missing[1] > 0;
      let [g, h] = [0, 0];
      for (let bin = 0; first + bin < (hasMissing ? last : last - 1); bin++) {
        g += histogram[2 * (first + bin)];
        h += histogram[2 * (first + bin) + 1];
        look(g, h, 2 * bin);
        if (hasMissing) look(g + missing[0], h + missing[1], 2 * bin + 1);
      }
      into[3 * k] = best;
    });
  },
  partition({ bins, width, feature, goesLeft, rows }) {
    const right = new Int32Array(rows.length);
    let left = 0;
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k];
      if (goesLeft[bins[row * width + feature]] !== 0) rows[left++] = row;
      else right[k - left] = row;
    }
    rows.set(right.subarray(0, rows.length - left), left);
    return left;
  },
  addToRows({ logits, outputs, output, rows, value }) {
    const rounded = Math.fround(value);
    for (let k = 0; k < rows.length; k++) logits[rows[k] * outputs + output] += rounded;
  },
  largest(rows) {
    let most = 0;
    for (let k = 0; k < rows.length; k++) most = Math.max(most, rows[k] >>> 0);
    return most;
  },
};
