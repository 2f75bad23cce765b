// What is left of the gradient when the target is already certain: its relative error at large logits, by contender.
import { type Case, makeCase } from "./cases.ts";
import type { Contender } from "./contender.ts";
import { given } from "./data.ts";

/** The logits of the target; the other class of softmax has 0. */
export const certainties = [17, 20, 30, 60, 100] as const;

/** Relative errors of the gradient at the target's logit, one per certainty. */
export interface ConfidentErrors {
  readonly activation: Case["activation"];
  readonly name: string;
  readonly errors: readonly number[];
}

const examples = 64; // of which each repeats a certainty: a number that every contender takes

/** Asks each contender for the gradient of softmax and of sigmoid cross entropy. */
export async function measureConfident(contenders: readonly Contender[]): Promise<readonly ConfidentErrors[]> {
  const found: ConfidentErrors[] = [];
  for (const activation of ["softmax", "sigmoid"] as const) {
    const classes = activation === "softmax" ? 2 : 1;
    const task = makeCase(activation, 0, `${examples} × ${classes}`);
    const certainty = (n: number) => certainties[n % certainties.length];
    const logits = Float32Array.from({ length: examples * classes }, (_, k) =>
      k % classes === 0 ? certainty(k / classes) : 0,
    );
    const labels = activation === "softmax" ? new Int32Array(examples) : new Uint8Array(examples).fill(1);
    for (const contender of contenders) {
      if (contender.refuses(task, "gradient") !== null) continue;
      await contender.prepare(task, given(logits, labels));
      await contender.time("gradient", 1);
      const { gradient } = await contender.numbers("gradient");
      await contender.release();
      const errors = certainties.map((z, n) => {
        const exact = -1 / (1 + Math.exp(z)) / examples;
        return Math.abs((gradient ?? [])[n * classes] / exact - 1);
      });
      found.push({ activation, name: contender.name, errors: errors.map((error) => Number(error.toPrecision(2))) });
    }
  }
  return found;
}
