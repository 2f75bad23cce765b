// One run for every package's tests.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/test/**/*.test.ts", "bench/test/*.test.ts"],
    setupFiles: ["./vitest.setup.ts"],
    reporters: ["default"],
    testTimeout: 60_000,
  },
});
