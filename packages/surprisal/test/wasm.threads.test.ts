// Several threads of the WASM back end give what one gives, whenever they come.
import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import { crossEntropy, evaluate, focal } from "../src/index.ts";
import { wasm } from "../src/wasm.ts";
import { expectClose } from "./support.ts";

const numbers = (length: number) => Float32Array.from({ length }, (_, k) => Math.sin(k * 12.9898) * 4);

it("three threads give the gradient of one to the last bit, and the same loss each time", async () => {
  const one = wasm.create();
  const three = wasm.create({ threads: 3 });
  const seen = new Map<string, number>();
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
        expectClose(found.loss, expected.loss, 1e-7);
        expect(Buffer.from(found.gradient.buffer).equals(Buffer.from(expected.gradient.buffer))).toBe(true);
        const key = `${loss.name} ${activation} ${rows}`;
        expect(found.loss).toBe(seen.get(key) ?? found.loss);
        seen.set(key, found.loss);
      }
    }
    await setTimeout(round * 20);
  }
});

it("refuse a batch as one thread does", () => {
  const three = wasm.create({ threads: 3 });
  const labels = new Int32Array(20_000).fill(1);
  labels[19_000] = 12;
  const batch = { logits: numbers(200_000), labels, classes: 10 };
  expect(() => evaluate(focal(), batch, { activation: "softmax", backend: three })).toThrow(
    "focal: labels[19000] is 12, but there are 10 classes (0 to 9)",
  );
});
