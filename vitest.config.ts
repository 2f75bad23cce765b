// One run for every package's tests.
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/test/**/*.test.ts", "bench/test/*.test.ts"],
    setupFiles: ["./vitest.setup.ts"],
    reporters: ["default"],
    testTimeout: 60_000,
    // Vitest leaves one processor to others, which of two is half.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
