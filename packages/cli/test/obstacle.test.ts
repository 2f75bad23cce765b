// Where the system has no memory for a WASM heap, networks are trained slowly, and that is said; else it is not.
import { afterAll, expect, it, vi } from "vitest";
import { command, scratch, twoClasses } from "./world.ts";

let reason: string | null = null;
vi.mock("../src/learning/heap.ts", async (original) => {
  const { TrainingHeap } = await original<typeof import("../src/learning/heap.ts")>();
  Object.defineProperty(TrainingHeap.prototype, "obstacle", { get: () => reason });
  return { TrainingHeap };
});

const place = scratch();
afterAll(() => place.dispose());
const table = place.write("t.csv", twoClasses(120, "obstacle"));

it.each([
  ["mlp", "there is no memory for a heap here", true],
  ["mlp", null, false],
  ["linear", "there is no memory for a heap here", false],
])("fit of %s, where %s, says so: %s", async (model, given, isTold) => {
  reason = given;
  const { code, err } = await command(["fit", table, "answer", "--model", model, "--output", place.folder]);
  expect(code).toBe(0);
  expect(err.includes("networks are trained without WASM, many times slower (there is no memory")).toBe(isTold);
});
