// What the WASM back end declares of its digits, as a comparison with the reference.
import { type EvaluateOptions, evaluate, type FloatArray, type Loss, type NumberArray } from "../../src/index.ts";

/** A loss with the tolerance that is declared for it, and to what it is relative beside the number itself. */
export interface AttackLoss {
  readonly loss: Loss;
  readonly tolerance: number;
  /** Numbers of this size are the smallest that keep the tolerance. */
  readonly floor: number;
  /** Whether derivatives are compared relative to the value, too: those of a formula at random may cancel. */
  readonly mayCancel: boolean;
}

/** The numbers that a call gives. */
export interface Numbers {
  readonly loss: number;
  readonly denominator: number;
  readonly gradient?: FloatArray | undefined;
  readonly curvature?: FloatArray | undefined;
  readonly perExample?: Float64Array | undefined;
  readonly elements?: Float64Array | undefined;
}

/** A call by what decides how exact its numbers must be. */
export interface Judged {
  readonly each: AttackLoss;
  readonly logits: Float32Array;
  readonly labels: NumberArray;
  readonly classes: number;
  readonly options: Omit<EvaluateOptions, "backend" | "gradient" | "curvature">;
  /** The largest weight of a label, by which small numbers are multiplied. */
  readonly largestWeight: number;
}

/** The first number that is further from the reference's than is declared; null where all are near enough. */
export function difference(found: Numbers, exact: Numbers, judged: Judged): string | null {
  const { each, classes, options, largestWeight } = judged;
  const { floor, mayCancel } = each;
  // Where one of many classes outweighs others that are alike, their terms are added in float32.
  const tolerance = options.activation === "softmax" && classes > 64 ? Math.max(8e-6, each.tolerance) : each.tolerance;
  const isSigmoid = options.activation === "sigmoid";
  const terms = termsOf(judged, exact);
  const share = exact.denominator > 0 ? Math.min(Number.MAX_VALUE, 1 / exact.denominator) : 1;
  const smallest = (name: string) => (name === "curvature" ? 1e-35 : 1e-37) * Math.max(largestWeight, 1);
  const wrong = (name: string, actual: number, wanted: number, limit: number) =>
    Object.is(actual, wanted) || Math.abs(actual - wanted) <= Math.max(limit, smallest(name))
      ? null
      : `${name} is ${actual}, should be ${wanted} within ${limit}`;
  for (const name of ["perExample", "elements", "gradient", "curvature"] as const) {
    const [actual, wanted] = [found[name], exact[name]];
    if (actual === undefined || wanted === undefined) {
      if (actual !== wanted) return `${name} is missing`;
      continue;
    }
    let largestOfRow = 0;
    for (let k = 0; k < wanted.length; k++) {
      const row = name === "perExample" ? k : Math.floor(k / classes);
      if (k % classes === 0 && !isSigmoid) largestOfRow = largestMagnitude(wanted, k, k + classes);
      const isDerivative = name === "gradient" || name === "curvature";
      const unit = isDerivative ? share : 1;
      let scale = Math.max(floor * unit, Math.abs(wanted[k]));
      if (name === "perExample") scale = Math.max(floor, terms.row[k]);
      else if (isSigmoid) scale = Math.max(scale, finite(unit * terms[name][k]));
      else scale = Math.max(scale, largestOfRow, name === "curvature" ? finite(unit * terms.curvature[k]) : 0);
      if (mayCancel) scale = Math.max(scale, finite(unit * Math.max(floor, terms.row[row])));
      const loose = name === "curvature" ? 10 : 1;
      const message = wrong(`${name}[${k}]`, actual[k], wanted[k], loose * tolerance * scale);
      if (message !== null) return message;
    }
  }
  const sum = terms.row.reduce((total, value) => total + Math.max(floor, value), 0);
  // Up to 64 losses of a sigmoid are added in float32, each time rounded as the sum is.
  const ofSum = tolerance + (isSigmoid ? 4e-6 : 0);
  return wrong("loss", found.loss, exact.loss, ofSum * Math.max(Math.abs(exact.loss), finite(sum * share)));
}

/** A size that float64 can hold; 0 for others, which come of weights beyond 1e300 and tell nothing. */
const finite = (size: number) => (Number.isFinite(size) ? size : 0);

function largestMagnitude(values: ArrayLike<number>, from: number, to: number): number {
  let largest = 0;
  for (let k = from; k < to; k++) largest = Math.max(largest, Math.abs(values[k]));
  return largest;
}

/** The sizes of the terms that a number is made of: of a soft label's two, and of a row's many. */
interface Terms {
  readonly row: Float64Array;
  readonly elements: Float64Array;
  readonly gradient: Float64Array;
  readonly curvature: Float64Array;
}

function termsOf({ each, logits, labels, classes, options }: Judged, wants: Numbers): Terms {
  const isWanted = { gradient: true, curvature: wants.curvature !== undefined } as const;
  const none = { ...options, ...isWanted, reduction: "none" } as const;
  const count = logits.length;
  const [elements, gradient, curvature] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const row = new Float64Array(count / classes);
  if (options.activation === "softmax") {
    const found: Numbers = evaluate(each.loss, { logits, labels: labels as Float32Array, classes }, none);
    found.perExample?.forEach((value, n) => {
      row[n] = Math.abs(value);
      // Where a curvature changes its sign, it is the difference of terms as large as the slopes.
      const largest = largestMagnitude(found.gradient ?? [], n * classes, (n + 1) * classes);
      curvature.fill(largest, n * classes, (n + 1) * classes);
    });
    return { row, elements, gradient, curvature };
  }
  // Labels that are ignored stay what they are, so that they are ignored.
  const ignored = options.ignoreLabel;
  for (const label of [0, 1]) {
    const sides = Float32Array.from(labels, (each) => (each === ignored ? each : label));
    const { ignoreLabel, ...counted } = none;
    const found: Numbers = evaluate(each.loss, { logits, labels: sides, classes }, counted);
    for (let k = 0; k < count; k++) {
      const part = label === 1 ? labels[k] : 1 - labels[k];
      const smoothed = part * (1 - (options.labelSmoothing ?? 0)) + (options.labelSmoothing ?? 0);
      if (smoothed === 0 || labels[k] === ignoreLabel) continue;
      elements[k] += smoothed * Math.abs(found.elements?.[k] ?? 0);
      if (found.gradient) gradient[k] += smoothed * Math.abs(found.gradient[k]);
      // Where a curvature changes its sign, it is the difference of terms as large as the slope.
      const bend = Math.max(Math.abs(found.curvature?.[k] ?? 0), Math.abs(found.gradient?.[k] ?? 0));
      if (found.curvature) curvature[k] += smoothed * bend;
    }
  }
  for (let k = 0; k < count; k++) row[Math.floor(k / classes)] += elements[k];
  return { row, elements, gradient, curvature };
}
