// The built package in headless Chromium: the exact cases once more, computed by a page.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { describe, expect, it } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
if (executablePath === undefined) {
  if (process.env.CI) throw new Error("Chromium is missing; install the Debian package chromium");
  console.log("not run: the tests in Chromium, which is missing (Debian package chromium)");
}

/** What the page computes: the largest error of value, gradient and curvature over all exact cases. */
const page = `
import { evaluate, focal } from "surprisal";
globalThis.worstOf = (cases) => {
  let worst = 0;
  for (const { activation, classes, gamma, alpha, targetKind, logits, targets, expected } of cases) {
    const labels = targetKind === "index" ? Int32Array.from(targets) : Float64Array.from(targets);
    const result = evaluate(focal({ gamma }), { logits: Float32Array.from(logits), labels, classes },
      { activation, alpha: alpha ?? undefined, reduction: "none", gradient: true, curvature: true });
    const pairs = [
      [result.elements ?? result.perExample, expected.elements ?? expected.examples],
      [result.gradient, expected.gradient],
      [result.curvature, expected.hessianDiagonal],
    ];
    for (const [actual, exact] of pairs) {
      const largest = Math.max(...exact.map(Math.abs));
      exact.forEach((value, k) => {
        const error = Math.abs(actual[k] - value);
        if (!(error <= 1e-300)) worst = Math.max(worst, error / (targetKind === "soft" ? largest : Math.abs(value)));
      });
    }
  }
  return worst;
};`;

describe.skipIf(executablePath === undefined)("in Chromium", () => {
  it("computes all exact cases within 1e-12", async () => {
    const { outputFiles } = await build({
      stdin: { contents: page, resolveDir: root },
      alias: { surprisal: join(root, "dist/index.js") },
      bundle: true,
      format: "iife",
      write: false,
    });
    const { cases } = JSON.parse(readFileSync(join(root, "test/data/exact.json"), "utf8")) as { cases: unknown[] };
    const browser = await chromium.launch({
      executablePath: executablePath as string,
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    });
    try {
      const tab = await browser.newPage();
      const errors: string[] = [];
      tab.on("pageerror", (error) => errors.push(error.message));
      await tab.addScriptTag({ content: outputFiles[0].text });
      const worst = await tab.evaluate(
        (all) => (globalThis as never as { worstOf(c: unknown): number }).worstOf(all),
        cases,
      );
      expect(errors).toEqual([]);
      expect(cases).toHaveLength(360);
      expect(worst).toBeLessThan(1e-12);
    } finally {
      await browser.close();
    }
  });
});
