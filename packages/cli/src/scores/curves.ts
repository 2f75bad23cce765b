// The data behind the report's charts, small enough for JSON: a few hundred numbers a curve, rounded to six digits.
import { binEvents, calibrationBins, effectiveEvents, wilsonInterval } from "./calibration.ts";
import { balancedAccuracy, type Column01, type Confusion, f1 } from "./confusion.ts";
import { type Ranked, rank, totalsOf, walk } from "./ranking.ts";

/** The most points of a curve. */
const points = 200;

/** Precision against recall, from the highest threshold to the lowest. */
export interface PrecisionRecallCurve {
  readonly threshold: readonly number[];
  readonly recall: readonly number[];
  readonly precision: readonly number[];
}

/** At most 200 points of the precision-recall curve, evenly spread over recall; the first and last point always. */
export function precisionRecallCurve(column: Column01): PrecisionRecallCurve {
  const { labels } = column;
  const ranked = rank(column);
  const { positives, negatives } = totalsOf(ranked);
  const curve = { threshold: [] as number[], recall: [] as number[], precision: [] as number[] };
  let taken = -1;
  walk(ranked, (threshold, hits, alarms) => {
    const recall = hits / positives;
    const last = hits + alarms === positives + negatives;
    const step = Math.floor(recall * (points - 2));
    if (labels.length > points && step === taken && !last) return;
    taken = step;
    curve.threshold.push(rounded(threshold));
    curve.recall.push(rounded(recall));
    curve.precision.push(rounded(hits / (hits + alarms)));
  });
  return curve;
}

/** A reliability diagram: the bins that hold rows, and in each the share that was promised and the share that came. */
export interface ReliabilityDiagram {
  /** The lower edge of each bin; its width is `width`. */
  readonly from: readonly number[];
  readonly width: number;
  readonly count: readonly number[];
  /** The mean probability. */
  readonly predicted: readonly number[];
  /** The share of events, with the ends of its 95 % interval (Wilson). */
  readonly observed: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** The reliability of probabilities for a 0/1 column in 15 bins of equal width. */
export function reliabilityDiagram({ labels, probabilities, weights = null }: Column01): ReliabilityDiagram {
  const bins = binEvents(labels, probabilities, weights);
  const { counts, predicted, observed } = bins;
  const filled = Array.from(counts.keys()).filter((bin) => counts[bin] > 0);
  const intervals = filled.map((bin) => {
    const events = effectiveEvents(bins, bin);
    return events === counts[bin]
      ? wilsonInterval(observed[bin], events)
      : wilsonInterval((observed[bin] / counts[bin]) * events, events);
  });
  return {
    from: filled.map((bin) => rounded(bin / calibrationBins)),
    width: rounded(1 / calibrationBins),
    count: filled.map((bin) => counts[bin]),
    predicted: filled.map((bin) => rounded(predicted[bin] / counts[bin])),
    observed: filled.map((bin) => rounded(observed[bin] / counts[bin])),
    low: intervals.map(({ low }) => rounded(low)),
    high: intervals.map(({ high }) => rounded(high)),
  };
}

/** What an error costs; the unit does not matter. */
export interface Costs {
  /** A positive that is not found. */
  readonly miss: number;
  /** A negative that is taken for a positive. */
  readonly falseAlarm: number;
}

/** What follows from each threshold; a row is taken as positive from the threshold on. */
export interface ThresholdCurve {
  readonly threshold: readonly number[];
  /** 1 where nothing is taken as positive. */
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  readonly f1: readonly number[];
  readonly balancedAccuracy: readonly number[];
  /** Mean cost per row. */
  readonly cost: readonly number[];
}

/**
 * The curve over at most 200 thresholds: 0 (all positive), 1, and between them probabilities that occur.
 *
 * Half of these are spread over the ranks of all rows and half over those of the positives: with rare positives nearly
 * all rows lie at small probabilities, and the thresholds that matter do not.
 */
export function thresholdCurve(column: Column01, costs: Costs): ThresholdCurve {
  const ranked = rank(column);
  const { positives } = ranked;
  const all = column.probabilities.slice().sort();
  const grid = new Set([0, ...quantiles(all, points / 2 - 1), ...quantiles(positives, points / 2 - 1), 1].map(rounded));
  const threshold = [...grid].sort((a, b) => a - b);
  const confusions = confusionsAt(ranked, threshold);
  const rows = confusions[0].flat().reduce((sum, each) => sum + each, 0);
  return {
    threshold,
    precision: confusions.map(([[, alarms], [, hits]]) => rounded(hits + alarms === 0 ? 1 : hits / (hits + alarms))),
    recall: confusions.map(([, [misses, hits]]) => rounded(hits / (hits + misses))),
    f1: confusions.map((confusion) => rounded(f1(confusion, 1) || 0)),
    balancedAccuracy: confusions.map((confusion) => rounded(balancedAccuracy(confusion))),
    cost: confusions.map(([[, alarms], [misses]]) => rounded((costs.miss * misses + costs.falseAlarm * alarms) / rows)),
  };
}

/** The confusion matrix at each of the increasing thresholds, from one walk over the probabilities. */
function confusionsAt(ranked: Ranked, thresholds: readonly number[]): readonly Confusion[] {
  const { positives, negatives } = totalsOf(ranked);
  const result: Confusion[] = new Array(thresholds.length);
  let next = thresholds.length - 1;
  const fill = (below: number, hits: number, alarms: number) => {
    for (; next >= 0 && thresholds[next] > below; next--) {
      result[next] = [
        [negatives - alarms, alarms],
        [positives - hits, hits],
      ];
    }
  };
  let before = { hits: 0, alarms: 0 };
  walk(ranked, (probability, hits, alarms) => {
    fill(probability, before.hits, before.alarms);
    before = { hits, alarms };
  });
  fill(Number.NEGATIVE_INFINITY, before.hits, before.alarms);
  return result;
}

/** At most `count` of the sorted values, evenly over their ranks. */
function quantiles(sorted: Float64Array, count: number): readonly number[] {
  if (sorted.length <= count) return [...sorted];
  return Array.from({ length: count }, (_, k) => sorted[Math.round((k * (sorted.length - 1)) / (count - 1))]);
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
