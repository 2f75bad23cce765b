// Every property test ends: a failure is reported with the smallest case found in 30 seconds.
import fc from "fast-check";

// fast-check walks from a failing case towards a simpler one. Where failure is noise of the last digits, each step may
// be one double further, and the walk takes days; no timeout of vitest stops it, because it is a loop without a pause.
fc.configureGlobal({ plugins: [fc.interruptAfterTimeLimit(30_000, { failOnInterrupt: true })] });
