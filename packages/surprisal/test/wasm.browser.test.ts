// The WASM back end in headless Chromium, on a page whose security policy allows nothing but `wasm-unsafe-eval`.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium, type Page } from "playwright-core";
import { describe, expect, it } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
if (executablePath === undefined && process.env.CI)
  throw new Error("Chromium is missing; install the Debian package chromium");

/** What the page computes: the largest error of value and gradient over the exact cases of whole gamma. */
const script = `
import { evaluate, focal } from "surprisal";
import { wasm } from "surprisal/wasm";
window.worstOf = (cases) => {
  let worst = 0;
  for (const { activation, classes, gamma, alpha, targetKind, logits, targets, expected } of cases) {
    const labels = targetKind === "index" ? Int32Array.from(targets) : Float32Array.from(targets);
    const onHeap = wasm.float32(logits.length);
    onHeap.set(logits);
    const gradient = wasm.float32(logits.length);
    const result = evaluate(focal({ gamma }), { logits: onHeap, labels, classes },
      { activation, alpha: alpha ?? undefined, reduction: "none", gradient, backend: wasm });
    const pairs = [[result.elements ?? result.perExample, expected.elements ?? expected.examples], [gradient, expected.gradient]];
    for (const [actual, exact] of pairs) {
      const largest = Math.max(...exact.map(Math.abs));
      exact.forEach((value, k) => {
        const error = Math.abs(actual[k] - value);
        if (!(error <= 1e-37)) worst = Math.max(worst, error / (targetKind === "soft" ? largest : Math.abs(value)));
      });
    }
    wasm.free(onHeap);
    wasm.free(gradient);
  }
  return { worst, name: wasm.name, features: wasm.features };
};
window.withThreads = async () => {
  const own = wasm.create({ threads: 3 });
  const logits = new Float32Array(100000);
  const labels = new Int32Array(10000);
  const options = { activation: "softmax", gradient: true, backend: own };
  const { loss } = evaluate(focal(), { logits, labels, classes: 10 }, options);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const status = own.status;
  own.dispose();
  return { loss: loss.toFixed(6), status };
};
let evalIsAllowed = true;
try { new Function("return 1")(); } catch { evalIsAllowed = false; }
window.evalIsAllowed = evalIsAllowed;
`;

const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";
const shares = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

/**
 * A page with the library and the script, opened in a browser under a policy, for as long as something is done there.
 */
async function onPage(contentPolicy: string, headers: object, visit: (tab: Page) => Promise<void>): Promise<void> {
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir: root },
    alias: { surprisal: join(root, "dist/index.js"), "surprisal/wasm": join(root, "dist/wasm.js") },
    bundle: true,
    format: "iife",
    write: false,
  });
  const server = createServer((request, response) => {
    const isScript = request.url === "/page.js";
    const type = isScript ? "text/javascript" : "text/html";
    response.writeHead(200, { "Content-Type": type, "Content-Security-Policy": contentPolicy, ...headers });
    response.end(isScript ? outputFiles[0].text : '<!doctype html><script src="/page.js"></script>');
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const browser = await chromium.launch({
    executablePath: executablePath as string,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    const tab = await browser.newPage();
    const errors: string[] = [];
    tab.on("pageerror", (error) => errors.push(error.message));
    await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await visit(tab);
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
    server.close();
  }
}

describe.skipIf(executablePath === undefined)("in Chromium, under a strict security policy", () => {
  it.each([
    ["where pages may not share memory", {}],
    ["where pages may share memory", shares],
  ])("computes the exact cases within 1e-6, %s", async (_, headers) => {
    await onPage(policy, headers, async (tab) => {
      const { cases } = JSON.parse(readFileSync(join(root, "test/data/exact.json"), "utf8")) as {
        cases: { gamma: number }[];
      };
      type Window = { worstOf(c: unknown): { worst: number; name: string; features: object }; evalIsAllowed: boolean };
      const whole = cases.filter(({ gamma }) => Number.isInteger(gamma));
      const result = await tab.evaluate((all) => (globalThis as never as Window).worstOf(all), whole);
      expect(await tab.evaluate(() => (globalThis as never as Window).evalIsAllowed)).toBe(false);
      expect(result.name).toBe("wasm");
      expect(result.features).toMatchObject({ simd: true, threads: "Cross-Origin-Opener-Policy" in headers });
      expect(result.worst).toBeLessThan(1e-6);
    });
  });

  it.each([
    ["threads are allowed", `${policy}; worker-src blob:`, shares, /^kernels on 3 of 3 threads/],
    ["threads are forbidden", policy, shares, /^kernels on 1 of 3 threads/],
    [
      "types must be trusted",
      `${policy}; require-trusted-types-for 'script'`,
      shares,
      /others cannot be started: .*Worker/,
    ],
    ["memory cannot be shared", policy, {}, /others cannot be started: memory cannot be shared between threads/],
  ])(
    "gives the loss of a large batch to a back end with threads, where %s",
    async (_, contentPolicy, headers, status) => {
      await onPage(contentPolicy, headers, async (tab) => {
        type Window = { withThreads(): Promise<{ loss: string; status: string }> };
        const found = await tab.evaluate(() => (globalThis as never as Window).withThreads());
        expect(found.loss).toBe("1.865094");
        expect(found.status).toMatch(status);
      });
    },
  );
});
