// The WASM back end under attack: random batches at every magnitude of float32, beside the reference.
//
// SURPRISAL_ATTACK=long runs a million calls and more, and says how many.
import { describe, expect, it } from "vitest";
import { evaluate } from "../src/index.ts";
import { wasm } from "../src/wasm.ts";
import { type Attack, attackBatch, attackLoss } from "./attack/batches.ts";
import { isLong, recordCounts } from "./attack/counts.ts";
import { type AttackLoss, difference } from "./attack/declared.ts";
import { Random } from "./attack/random.ts";

const batches = isLong ? 260_000 : 1200;
/** A kernel takes longer to make than to run. */
const batchesPerLoss = isLong ? 1000 : 50;
const backends = [
  ["relaxed SIMD", wasm.create()],
  ["plain SIMD", wasm.create({ relaxed: false })],
] as const;

describe("batches at random, at every magnitude of float32", () => {
  it.each(["softmax", "sigmoid"] as const)(
    "%s gives the numbers of the reference, with and without relaxed SIMD",
    (activation) => {
      const random = new Random(activation === "softmax" ? 1952 : 1977);
      let [run, logitsInAll] = [0, 0];
      let each = attackLoss(random);
      const failures: string[] = [];
      for (let k = 0; k < batches && failures.length < 5; k++) {
        if (k % batchesPerLoss === 0) each = attackLoss(random);
        const attack = attackBatch(random, activation);
        const { batch, options, wants } = attack;
        const exact = evaluate(each.loss, batch, { ...options, ...wants });
        const judged = { each, ...batch, options, largestWeight: attack.largestWeight };
        for (const [name, backend] of backends) {
          const found = evaluate(each.loss, batch, { ...options, ...wants, backend });
          run++;
          logitsInAll += batch.logits.length;
          const message = difference(found, exact, judged);
          if (message !== null) failures.push(`batch ${k}, ${name}: ${shown(each, attack)}: ${message}`);
        }
      }
      expect(failures).toEqual([]);
      recordCounts(`kernels of ${activation}`, { calls: run, logits: logitsInAll });
    },
    3_600_000,
  );
});

function shown({ loss }: AttackLoss, { batch, options }: Attack): string {
  const { logits, labels, classes } = batch;
  const numbers = logits.length <= 12 ? `, logits ${Array.from(logits)}, labels ${Array.from(labels)}` : "";
  const { name, parameters } = loss;
  return `${name} ${JSON.stringify(parameters)}, ${options.activation}, ${classes} classes, ${options.reduction}${numbers}`;
}
