// The WASM back end under attack: random batches at every magnitude of float32, beside the reference.
//
// SURPRISAL_ATTACK=long runs a million calls and more, and says how many.
import { describe, expect, it } from "vitest";
import { evaluate, type FloatArray } from "../src/index.ts";
import { wasm } from "../src/wasm.ts";
import { type Attack, type AttackLoss, attackBatch, attackLoss, Random } from "./attack.ts";

const isLong = process.env.SURPRISAL_ATTACK === "long";
const batches = isLong ? 260_000 : 1200;
/** A kernel takes longer to make than to run. */
const batchesPerLoss = isLong ? 1000 : 50;
const backends = [
  ["relaxed SIMD", wasm.create()],
  ["plain SIMD", wasm.create({ relaxed: false })],
] as const;

type Result = {
  loss: number;
  gradient?: FloatArray;
  curvature?: FloatArray;
  perExample?: Float64Array;
  elements?: Float64Array;
};

/** The first number that is not what it should be, or null. */
function difference(found: Result, exact: Result, { attack, each, terms }: Task): string | null {
  const { classes } = attack.batch;
  const { tolerance, floor, mayCancel } = each;
  const isSigmoid = attack.options.activation === "sigmoid";
  const smallest = (name: string) => (name === "curvature" ? 1e-35 : 1e-37) * attack.largestWeight;
  const wrong = (name: string, k: number, actual: number, wanted: number, limit: number) =>
    Object.is(actual, wanted) || Math.abs(actual - wanted) <= Math.max(limit, smallest(name))
      ? null
      : `${name}[${k}] is ${actual}, should be ${wanted} within ${limit}`;
  const values = terms.values;
  const valueAt = (n: number) => Math.max(floor, values.row[n]);
  for (const name of ["perExample", "elements", "gradient", "curvature"] as const) {
    const [actual, wanted] = [found[name], exact[name]];
    if (actual === undefined || wanted === undefined) continue;
    let largestOfRow = 0;
    for (let k = 0; k < wanted.length; k++) {
      const row = name === "perExample" ? k : Math.floor(k / classes);
      if (k % classes === 0 && !isSigmoid) largestOfRow = largestMagnitude(wanted, k, k + classes);
      let scale = Math.max(floor, Math.abs(wanted[k]));
      if (name === "perExample") scale = valueAt(k);
      else if (isSigmoid) scale = Math.max(scale, terms[name][k]);
      else scale = Math.max(scale, largestOfRow);
      if (mayCancel) scale = Math.max(scale, valueAt(row));
      const loose = name === "curvature" ? 10 : 1;
      const message = wrong(name, k, actual[k], wanted[k], loose * tolerance * scale);
      if (message !== null) return message;
    }
  }
  const sum = values.row.reduce((total, each) => total + Math.max(floor, each), 0);
  const share = attack.options.reduction === "mean" ? 1 / values.row.length : 1;
  return wrong(
    "loss",
    0,
    found.loss,
    exact.loss,
    // Up to 64 losses of a sigmoid are added in float32, each time rounded as the sum is.
    (tolerance + (isSigmoid ? 4e-6 : 0)) *
      Math.max(Math.abs(exact.loss), sum * Math.max(share, attack.options.mask ? 1 : 0)),
  );
}

function largestMagnitude(values: ArrayLike<number>, from: number, to: number): number {
  let largest = 0;
  for (let k = from; k < to; k++) largest = Math.max(largest, Math.abs(values[k]));
  return largest;
}

/** The sizes of the terms that a number is made of: of a soft label's two, and of a row's many. */
interface Terms {
  readonly values: { readonly row: Float64Array };
  readonly elements: Float64Array;
  readonly gradient: Float64Array;
  readonly curvature: Float64Array;
}

interface Task {
  readonly attack: Attack;
  readonly each: AttackLoss;
  readonly terms: Terms;
}

function termsOf(each: AttackLoss, { batch, options, wants }: Attack): Terms {
  const { logits, labels, classes } = batch;
  const none = { ...options, gradient: true, curvature: wants.curvature, reduction: "none" } as const;
  const count = logits.length;
  const [elements, gradient, curvature] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const row = new Float64Array(count / classes);
  if (options.activation === "softmax") {
    evaluate(each.loss, batch, none).perExample.forEach((value, n) => {
      row[n] = Math.abs(value);
    });
    return { values: { row }, elements, gradient, curvature };
  }
  for (const label of [0, 1]) {
    const found = evaluate(each.loss, { logits, labels: new Uint8Array(count).fill(label), classes }, none) as Result;
    for (let k = 0; k < count; k++) {
      const share = label === 1 ? labels[k] : 1 - labels[k];
      if (share === 0) continue;
      elements[k] += share * Math.abs((found.elements as Float64Array)[k]);
      if (found.gradient) gradient[k] += share * Math.abs(found.gradient[k]);
      // Where a curvature changes its sign, it is the difference of terms as large as the slope.
      if (found.curvature)
        curvature[k] += share * Math.max(Math.abs(found.curvature[k]), Math.abs(found.gradient?.[k] ?? 0));
    }
  }
  for (let k = 0; k < count; k++) row[Math.floor(k / classes)] += elements[k];
  return { values: { row }, elements, gradient, curvature };
}

describe("batches at random, at every magnitude of float32", () => {
  it.each(["softmax", "sigmoid"] as const)(
    "%s gives the numbers of the reference, with and without relaxed SIMD",
    (activation) => {
      const random = new Random(activation === "softmax" ? 1952 : 1977);
      let [run, logitsInAll] = [0, 0];
      let each = attackLoss(random);
      const failures: string[] = [];
      for (let k = 0; k < batches && failures.length < 5; k++) {
        if (isLong && k % 20_000 === 0) console.log(`${activation}: ${run} calls, ${logitsInAll} logits`);
        if (k % batchesPerLoss === 0) each = attackLoss(random);
        const attack = attackBatch(random, activation);
        const { batch, options, wants } = attack;
        const exact = evaluate(each.loss, batch, { ...options, ...wants }) as Result;
        const task = { attack, each, terms: termsOf(each, attack) };
        for (const [name, backend] of backends) {
          const found = evaluate(each.loss, batch, { ...options, ...wants, backend }) as Result;
          run++;
          logitsInAll += batch.logits.length;
          const message = difference(found, exact, task);
          if (message !== null) failures.push(`batch ${k}, ${name}: ${shown(task)}: ${message}`);
        }
      }
      if (isLong) console.log(`${activation}: ${run} calls, ${logitsInAll} logits`);
      expect(failures).toEqual([]);
    },
    3_600_000,
  );
});

function shown({ each: { loss }, attack: { batch, options } }: Task): string {
  const { logits, labels, classes } = batch;
  const numbers = logits.length <= 12 ? `, logits ${Array.from(logits)}, labels ${Array.from(labels)}` : "";
  const { name, parameters } = loss;
  return `${name} ${JSON.stringify(parameters)}, ${options.activation}, ${classes} classes, ${options.reduction}${numbers}`;
}
