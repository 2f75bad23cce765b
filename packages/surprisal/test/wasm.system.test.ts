// The WASM back end where the system gives it less than it asks for, and what it gives back: in processes of their own.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const run = promisify(execFile);
const dist = join(dirname(fileURLToPath(import.meta.url)), "../dist");
const isLinux = existsSync("/proc/self/status");

/** What every program here begins with: a large batch whose loss is 1.8650938 in any arithmetic. */
const start = `
import { readFileSync } from "node:fs";
import { evaluate, focal } from ${JSON.stringify(join(dist, "index.js"))};
import { networkKernels } from ${JSON.stringify(join(dist, "network.js"))};
import { wasm } from ${JSON.stringify(join(dist, "wasm.js"))};
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const threads = () => Number(/Threads:\\s*(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]);
const batch = { logits: new Float32Array(300000), labels: new Int32Array(30000), classes: 10 };
const lossOf = (backend) => evaluate(focal(), batch, { activation: "softmax", gradient: true, backend }).loss.toFixed(6);
const print = (value) => console.log(JSON.stringify(value));
`;

/** Runs a program, under a limit of the shell, and gives what it prints. */
async function program(code: string, flags: readonly string[] = [], limit = ""): Promise<unknown> {
  const node = [process.execPath, ...flags, "--input-type=module", "--eval", start + code];
  const quoted = node.map((each) => `'${each.replaceAll("'", `'\\''`)}'`).join(" ");
  const { stdout } = await run("/bin/sh", ["-c", `${limit} exec ${quoted}`], { timeout: 60_000 });
  return JSON.parse(stdout);
}

describe.skipIf(!isLinux)("threads", () => {
  it("end when their back end is disposed of, or when nobody has it any more", async () => {
    const code = `
      const before = threads();
      const kept = [];
      const make = () => {
        for (let k = 0; k < 6; k++) {
          const backend = wasm.create({ threads: 3 });
          lossOf(backend);
          if (k % 2 === 0) kept.push(backend);
        }
      };
      make();
      const most = threads();
      for (let k = 0; k < 100 && threads() > before + 6; k++) {
        globalThis.gc();
        await sleep(20);
      }
      const afterDropping = threads();
      for (const each of kept) { each.dispose(); each.dispose(); }
      for (let k = 0; k < 100 && threads() > before; k++) await sleep(20);
      print({ most: most - before, afterDropping: afterDropping - before, atLast: threads() - before });`;
    expect(await program(code, ["--expose-gc"])).toEqual({ most: 12, afterDropping: 6, atLast: 0 });
  });
});

const permission = Number(process.versions.node.split(".")[0]) < 23 ? "--experimental-permission" : "--permission";

describe("a back end that is forbidden to start threads", () => {
  it("does the work with one and says so", async () => {
    const code = `const own = wasm.create({ threads: 3 }); print([lossOf(own), own.name, own.status]);`;
    const [loss, name, status] = (await program(code, [permission, "--allow-fs-read=*"])) as string[];
    expect([loss, name]).toEqual(["1.865094", "wasm"]);
    expect(status).toMatch(/^kernels on 1 of 3 threads; others cannot be started: Access to this API/);
  });
});

describe.skipIf(!isLinux)("where addresses are limited", () => {
  it.each([1_500_000, 2_500_000, 4_000_000, 16_000_000])(
    "to %d kB everything gives its numbers, and says what runs",
    async (kilobytes) => {
      const code = `
      const seen = [];
      for (const threads of [1, 3, 2, 1]) {
        const own = wasm.create({ threads });
        const loss = lossOf(own);
        const [name, status] = [own.name, own.status];
        const { gather } = networkKernels(own);
        const [matrix, indices, into] = [own.float32(6), own.int32(1), own.float32(3)];
        matrix.set([1, 2, 3, 4, 5, 6]);
        indices[0] = 1;
        gather(matrix, indices, into);
        seen.push({ loss, name, status, into: Array.from(into) });
      }
      print(seen);`;
      const seen = (await program(code, [], `ulimit -v ${kilobytes};`)) as Record<"loss" | "name" | "status", string>[];
      expect(seen).toHaveLength(4);
      for (const each of seen) {
        expect(each).toMatchObject({ loss: "1.865094", into: [4, 5, 6] });
        if (each.name === "wasm") expect(each.status).toMatch(/^kernels on (one thread|\d of \d threads)/);
        else {
          expect(each.name).toBe("wasm (no memory for a heap here: the reference)");
          expect(each.status).toContain("no memory for a heap here; where addresses are limited (ulimit -v)");
        }
      }
    },
  );
});
