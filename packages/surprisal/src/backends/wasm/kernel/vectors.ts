// Parts of kernels that go along vectors: loops, and masks and stores for the last few numbers.
import type { Code, Local } from "../assembler/code.ts";
import { type I32, i32, i32x4, type V128, v128 } from "../assembler/instructions.ts";

/** 0, 1, 2, 3. */
export function laneNumbers(code: Code): V128 {
  let numbers: V128 = code.bits(0);
  for (const k of [1, 2, 3]) numbers = i32x4.replaceLane(k, numbers, i32.constant(k));
  return code.keep(numbers, "lanes");
}

/** Ones in the first `count` lanes. */
export function firstLanes(code: Code, count: I32): Local<"v128"> {
  return code.keep(i32x4.less(laneNumbers(code), i32x4.splat(count)), "mask");
}

/** Stores the first one, two, three or four lanes. */
export function storeLanes(code: Code, address: I32, value: V128, count: I32): void {
  code.do(v128.storeLane(0, address, value));
  code.if(i32.greater(count, i32.constant(1)), () => code.do(v128.storeLane(1, address, value, 4)));
  code.if(i32.greater(count, i32.constant(2)), () => code.do(v128.storeLane(2, address, value, 8)));
  code.if(i32.greater(count, i32.constant(3)), () => code.do(v128.storeLane(3, address, value, 12)));
}

/** Stores the first one, two, three or four lanes, a number that is known now. */
export function storeFirst(code: Code, count: number, address: I32, value: V128, offset = 0): void {
  if (count === 4) code.do(v128.store(address, value, offset));
  if (count === 2 || count === 3) code.do(v128.storeHalf(0, address, value, offset));
  if (count === 1 || count === 3) code.do(v128.storeLane(count - 1, address, value, offset + 4 * (count - 1)));
}

const bytesPerVector = 16;
/** How many vectors a round of a loop takes: with one, Node 20 spends a third of the time on the loop itself. */
const vectorsPerRound = 4;

/**
 * Lets pointers run along vectors until the first reaches the end: several vectors a round, then one at a time. Those
 * of a round go in lockstep; with multiply-adds, whose chains are short, only two by two, which keeps more in
 * registers.
 *
 * @param body gets by how many bytes its vector lies behind the pointers
 */
export function forEachVector(
  code: Code,
  pointers: readonly Local<"i32">[],
  end: I32,
  body: (offset: number) => void,
): void {
  const [first] = pointers;
  const roundBytes = vectorsPerRound * bytesPerVector;
  const rounds = i32.and(i32.sub(end, first), i32.constant(-roundBytes));
  const roundsEnd = code.keep(i32.add(first, rounds), "roundsEnd");
  const run = (vectors: number, until: I32) =>
    code.while(i32.less(first, until), () => {
      const inStep = Math.min(vectors, code.fused ? 2 : 4);
      for (let k = 0; k < vectors; k += inStep) code.sideBySide(inStep, (j) => body(bytesPerVector * (k + j)));
      for (const each of pointers) code.set(each, i32.add(each, i32.constant(vectors * bytesPerVector)));
    });
  run(vectorsPerRound, roundsEnd);
  run(1, end);
}
