// A copy of the packages in a temporary folder, in which a worker changes one line at a time and runs the tests.
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Mutant } from "./mutants.ts";

/** What one run without a change tells of some tests. */
export interface Baseline {
  /** The files, from the quickest to the slowest. */
  readonly files: readonly string[];
  /** The names of tests that are red already. */
  readonly red: readonly string[];
  /** The processor time that all of them took. */
  readonly seconds: number;
}

/** A copy of everything that the tests need. */
export class Copy {
  readonly folder = mkdtempSync(join(tmpdir(), "mutants-"));
  readonly #vitest: string;

  constructor(root: string) {
    this.#vitest = join(root, "node_modules/vitest/vitest.mjs");
    for (const name of ["packages/surprisal", "packages/cli"]) {
      for (const part of ["src", "test", "package.json", "tsconfig.json", "tsconfig.test.json"]) {
        cpSync(join(root, name, part), join(this.folder, name, part), { recursive: true });
      }
      const modules = join(root, name, "node_modules");
      if (existsSync(modules)) symlinkSync(modules, join(this.folder, name, "node_modules"));
    }
    cpSync(join(root, "package.json"), join(this.folder, "package.json"));
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    this.configure({ files: [], red: [], seconds: 0 });
  }

  /** Tells vitest which tests to leave out, by name, and which files come first. */
  configure({ files, red }: Baseline): void {
    const escaped = red.map((name) => name.replace(/[^\w ]/g, "\\$&"));
    const pattern = escaped.length === 0 ? undefined : `^(?!(${escaped.join("|")})$)`;
    // Every mutant meets the same random cases, and a failing one is not made smaller.
    writeFileSync(
      join(this.folder, "setup.js"),
      'import fc from "fast-check";\nfc.configureGlobal({ seed: 1, endOnFailure: true });\n',
    );
    const test = {
      include: ["packages/*/test/**/*.test.ts"],
      setupFiles: ["./setup.js"],
      ...{ pool: "threads", maxWorkers: 1, isolate: false, cache: false, testTimeout: 0, testNamePattern: pattern },
    };
    const config = `import { BaseSequencer } from "vitest/node";
const order = ${JSON.stringify(files)};
const place = ({ moduleId }) => order.findIndex((name) => moduleId.endsWith(name));
class QuickFirst extends BaseSequencer {
  async sort(files) {
    return files.toSorted((a, b) => place(a) - place(b));
  }
}
const test = ${JSON.stringify(test)};
export default { cacheDir: ${JSON.stringify(join(this.folder, "cache"))}, test: { ...test, sequence: { sequencer: QuickFirst } } };
`;
    writeFileSync(join(this.folder, "vitest.config.js"), config);
  }

  /** Runs tests without a change. */
  async baseline(files: readonly string[]): Promise<Baseline> {
    const report = join(this.folder, "baseline.json");
    const { seconds } = await this.#run(600, [...files, "--reporter=json", `--outputFile=${report}`]);
    const { testResults } = JSON.parse(readFileSync(report, "utf8")) as {
      testResults: {
        name: string;
        startTime: number;
        endTime: number;
        assertionResults: { fullName: string; status: string }[];
      }[];
    };
    const time = (each: { startTime: number; endTime: number }) => each.endTime - each.startTime;
    const tests = testResults.flatMap((each) => each.assertionResults);
    return {
      files: testResults
        .toSorted((a, b) => time(a) - time(b))
        .map(({ name }) => name.slice(name.lastIndexOf("packages/"))),
      red: [...new Set(tests.filter(({ status }) => status === "failed").map(({ fullName }) => fullName))],
      seconds,
    };
  }

  /** Whether no test notices the change. */
  async survives({ file, source }: Mutant, { files, seconds }: Baseline): Promise<boolean> {
    const path = join(this.folder, file);
    const original = readFileSync(path, "utf8");
    writeFileSync(path, source);
    const { passes } = await this.#run(Math.ceil(10 + 3 * seconds), [...files, "--bail", "1"]);
    writeFileSync(path, original);
    return passes;
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /**
   * Whether tests pass, and their processor time. Tests that hang do not pass: they end after so many seconds of it,
   * several times what they take; a limit on the clock would find mutants on a busy machine that no test finds.
   */
  #run(limit: number, more: readonly string[]): Promise<{ readonly passes: boolean; readonly seconds: number }> {
    const script = `ulimit -t ${limit}; "$@" > /dev/null 2>&1; status=$?; times; exit $status`;
    const child = spawn("sh", ["-c", script, "sh", process.execPath, this.#vitest, "run", ...more], {
      cwd: this.folder,
      stdio: ["ignore", "pipe", "ignore"],
    });
    let times = "";
    child.stdout.on("data", (part) => {
      times += part;
    });
    return new Promise((resolve) =>
      child.on("close", (status) => {
        // The second line is of the children: user and system, as 1m2.345s.
        const parts = (times.trim().split("\n").at(-1) ?? "").matchAll(/(\d+)m([\d.]+)s/g);
        const seconds = [...parts].reduce((sum, [, minutes, rest]) => sum + 60 * Number(minutes) + Number(rest), 0);
        resolve({ passes: status === 0, seconds });
      }),
    );
  }
}
