// Several threads of the WASM back end give what one gives, to the last bit, whenever they come; and they end.
import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import { asymmetric, crossEntropy, evaluate, focal } from "../src/index.ts";
import { wasm } from "../src/wasm.ts";
import { attack, attackTime } from "./attack/counts.ts";
import { Random } from "./attack/random.ts";

/** Waits until all threads of a back end are there. */
async function begun(backend: typeof wasm): Promise<void> {
  while (/not begun/.test(backend.status)) await setTimeout(5);
}

const numbers = (length: number) => Float32Array.from({ length }, (_, k) => Math.sin(k * 12.9898) * 4);

it("three threads give the loss and the gradient of one to the last bit", async () => {
  const one = wasm.create();
  const three = wasm.create({ threads: 3 });
  // The first rounds run before the threads have started, the later ones with them.
  for (let round = 0; round < 6; round++) {
    for (const [activation, rows, classes] of [
      ["sigmoid", 150_001, 1],
      ["sigmoid", 3_000, 70],
      ["softmax", 20_003, 10],
      ["softmax", 301, 1000],
    ] as const) {
      const logits = numbers(rows * classes);
      const labels = Int32Array.from({ length: activation === "softmax" ? rows : rows * classes }, (_, k) =>
        activation === "softmax" ? (k * 7) % classes : k % 2,
      );
      for (const loss of [crossEntropy(), focal()]) {
        const batch = { logits, labels, classes };
        const options = { activation, gradient: true } as const;
        const expected = evaluate(loss, batch, { ...options, backend: one });
        const found = evaluate(loss, batch, { ...options, backend: three });
        expect(found.loss).toBe(expected.loss);
        expect(Buffer.from(found.gradient.buffer).equals(Buffer.from(expected.gradient.buffer))).toBe(true);
      }
    }
    await setTimeout(round * 20);
  }
  one.dispose();
  three.dispose();
});

it(
  "one, two and three threads agree in every bit on batches of every shape, also around the cuts",
  async () => {
    const backends = [1, 2, 3].map((threads) => wasm.create({ threads }));
    for (const each of backends) await begun(each);
    const losses = [crossEntropy(), focal(), focal({ gamma: 1.7 }), asymmetric()];
    const longest = 400_000;
    // Logits of very different sizes, so that frames and guesses change from row to row.
    const sizes = new Random(1952);
    const many = Float32Array.from({ length: longest }, () => sizes.between(-1, 1) * 10 ** sizes.between(-1, 2.5));
    const strike = (random: Random): string => {
      const activation = random.pick(["softmax", "sigmoid"] as const);
      const classes = random.pick(activation === "softmax" ? [2, 3, 7, 10, 33, 100, 128, 129, 1000] : [1, 3, 70]);
      const around = random.pick([16_384, 65_536, 131_072, 300_000]) / classes;
      const rows = Math.max(1, Math.min(Math.floor(longest / classes), Math.round(around) + random.below(9) - 4));
      const logits = many.subarray(0, rows * classes);
      const isSoftmax = activation === "softmax";
      const labels = Int32Array.from({ length: isSoftmax ? rows : rows * classes }, () =>
        random.below(isSoftmax ? classes : 2),
      );
      const loss = random.pick(losses);
      const results = backends.map((backend) =>
        evaluate(
          loss,
          { logits, labels, classes },
          { activation, gradient: new Float32Array(rows * classes), backend },
        ),
      );
      for (const { loss: value, gradient } of results.slice(1)) {
        expect(value, `${loss.name}, ${activation} ${rows}x${classes}`).toBe(results[0].loss);
        const isSame = Buffer.from(gradient.buffer).equals(Buffer.from(results[0].gradient.buffer));
        expect(isSame, `gradient of ${loss.name}, ${activation} ${rows}x${classes}`).toBe(true);
      }
      return activation;
    };
    expect(Object.keys(attack("threads", 60, strike))).toHaveLength(2);
    for (const each of backends) each.dispose();
  },
  attackTime,
);

it("refuse a batch as one thread does", () => {
  const three = wasm.create({ threads: 3 });
  const labels = new Int32Array(20_000).fill(1);
  labels[19_000] = 12;
  const batch = { logits: numbers(200_000), labels, classes: 10 };
  expect(() => evaluate(focal(), batch, { activation: "softmax", backend: three })).toThrow(
    "focal: labels[19000] is 12, but there are 10 classes (0 to 9)",
  );
});
