// Calibration in bins: do events happen as often as the probabilities say, and how far off is pure chance?

/** Bins of equal width over [0, 1]; a probability on an edge belongs to the upper bin, 1 to the last. */
export const calibrationBins = 15;

/** What is in each bin. */
export interface Bins {
  readonly counts: Float64Array;
  /** The sum of the probabilities. */
  readonly predicted: Float64Array;
  /** How many events happened. */
  readonly observed: Float64Array;
  /** The sum of p (1 - p): the variance of `observed` if the probabilities are true. */
  readonly variance: Float64Array;
  /** Of events that count by weights w, which all sums are then of: the sum of w^2, and of w p (1 - p); else null. */
  readonly weighted: { readonly squares: Float64Array; readonly single: Float64Array } | null;
}

/**
 * Sorts events (1 happened, 0 did not) into bins by their probabilities.
 *
 * @param weights what each counts; null where each counts once
 */
export function binEvents(events: Int32Array, probabilities: Float64Array, weights: Float64Array | null = null): Bins {
  const empty = () => new Float64Array(calibrationBins);
  const sums = { counts: empty(), predicted: empty(), observed: empty(), variance: empty() };
  if (weights !== null) return binWeighted(events, probabilities, weights, sums);
  const bins: Bins = { ...sums, weighted: null };
  for (let index = 0; index < events.length; index++) {
    const p = probabilities[index];
    const bin = Math.min(Math.floor(p * calibrationBins), calibrationBins - 1);
    bins.counts[bin]++;
    bins.predicted[bin] += p;
    bins.observed[bin] += events[index];
    bins.variance[bin] += p * (1 - p);
  }
  return bins;
}

function binWeighted(
  events: Int32Array,
  probabilities: Float64Array,
  weights: Float64Array,
  sums: Omit<Bins, "weighted">,
): Bins {
  const squares = new Float64Array(calibrationBins);
  const single = new Float64Array(calibrationBins);
  for (let index = 0; index < events.length; index++) {
    const weight = weights[index];
    if (weight === 0) continue;
    const p = probabilities[index];
    const bin = Math.min(Math.floor(p * calibrationBins), calibrationBins - 1);
    sums.counts[bin] += weight;
    sums.predicted[bin] += weight * p;
    sums.observed[bin] += weight * events[index];
    sums.variance[bin] += weight * weight * p * (1 - p);
    squares[bin] += weight * weight;
    single[bin] += weight * p * (1 - p);
  }
  return { ...sums, weighted: { squares, single } };
}

/** The expected calibration error: the mean over all events of |share observed - mean predicted| of their bin. */
export function calibrationError({ counts, predicted, observed }: Bins): number {
  const gap = predicted.reduce((sum, each, bin) => sum + Math.abs(observed[bin] - each), 0);
  return gap / counts.reduce((sum, each) => sum + each, 0);
}

/**
 * The calibration error that a perfectly calibrated model with these probabilities gets by chance.
 *
 * With v = sum p (1 - p), the gap |observed - predicted| of a bin is about |normal(0, v)|, of mean sqrt(2 v / pi). It
 * is never more than 2 v, the sum of the mean gaps of single events, which is the better value where v is small
 * (below .16: a bin with a handful of rare events), so the smaller of both is taken. An event that counts k times is
 * one event, and tells no more of chance than that.
 */
export function errorIfCalibrated({ counts, variance, weighted }: Bins): number {
  const single = weighted?.single ?? variance;
  const gap = variance.reduce((sum, v, bin) => sum + Math.min(Math.sqrt((2 * v) / Math.PI), 2 * single[bin]), 0);
  return gap / counts.reduce((sum, each) => sum + each, 0);
}

/** So many of the events of a bin as, of equal weight, would tell as much (Kish). */
export function effectiveEvents({ counts, weighted }: Bins, bin: number): number {
  return weighted === null ? counts[bin] : counts[bin] ** 2 / weighted.squares[bin];
}

/** The 95 % interval for a share of which `successes` of `count` were seen (Wilson 1927). */
export function wilsonInterval(successes: number, count: number): { readonly low: number; readonly high: number } {
  if (count === 0) return { low: 0, high: 1 };
  const z = 1.959963984540054;
  const share = successes / count;
  const scale = 1 + (z * z) / count;
  const center = (share + (z * z) / (2 * count)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  // At no or only successes the exact ends are 0 and 1; rounding would leave 1e-17.
  return {
    low: successes === 0 ? 0 : Math.max(0, center - half),
    high: successes === count ? 1 : Math.min(1, center + half),
  };
}
