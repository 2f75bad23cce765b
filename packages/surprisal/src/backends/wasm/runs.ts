// How a batch is cut into runs of its kernel: the same cuts whatever the number of threads, and so the same numbers.
//
// A kernel carries something from row to row, such as the frame in which the next is tried first, and begins anew in
// each run. Where a run begins may therefore be seen in the last bits.
import { CompensatedSum } from "../sum.ts";
import type { Call } from "./call.ts";
import type { ReadyKernel } from "./kernels.ts";

/** From so many numbers on a batch is cut into several runs, and shared by threads: fewer are not worth waking one. */
const smallestCut = 65536;
/**
 * About how many runs a batch has, so that the last one keeps no thread waiting long, if they are not too short or
 * long.
 */
const runsWanted = 32;
const shortestRun = 16384;
const longestRun = 65536;

/** Whether a batch has so many numbers that it is cut. */
export function isCut({ count, strides }: Call): boolean {
  return (count * strides[0]) / 4 >= smallestCut;
}

/** How many rows, or elements, a run of a batch takes. */
export function countPerRun(call: Call): number {
  if (!isCut(call)) return call.countPerRun;
  const numbers = call.strides[0] / 4;
  const wanted = Math.min(Math.max((call.count * numbers) / runsWanted, shortestRun), longestRun);
  const unit = numbers === 1 ? 256 : 4; // elements are summed by so many, rows are ended by four
  return Math.min(call.countPerRun, Math.max(unit, unit * Math.round(wanted / numbers / unit)));
}

/** Does one run after the other, and gives the sum of theirs; it ends with the first that is none. */
export function runInTurn({ run, constants }: ReadyKernel, call: Call, scratch: number): number {
  const { classes, count, pointers, strides } = call;
  const rows = countPerRun(call);
  if (count <= rows) return run(constants, scratch, classes, count, ...pointers);
  const total = new CompensatedSum();
  const here = [...pointers];
  for (let first = 0; first < count; first += rows) {
    const sum = run(constants, scratch, classes, Math.min(rows, count - first), ...here);
    if (!Number.isFinite(sum)) return sum;
    total.add(sum);
    for (let k = 0; k < here.length; k++) if (here[k] !== 0) here[k] += rows * strides[k];
  }
  return total.value;
}
