// A Python with the peers installed, and what a script of ours says in it.
import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** One thread for everything that a peer might start. */
export const oneThread = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };

/** Python with some of the peers. */
export interface Python {
  readonly command: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** The versions of the packages that a Python has; a text that says why where it lacks one. */
export function findPython(command: string, packages: readonly string[]): Python | string {
  const program = `import json, importlib; print(json.dumps({n: importlib.import_module(n).__version__ for n in ${JSON.stringify(packages)}}))`;
  const { status, stdout, stderr, error } = spawnSync(command, ["-c", program], { encoding: "utf8" });
  if (error !== undefined) return `there is no ${command}`;
  if (status !== 0) return `${command}: ${stderr.trim().split("\n").at(-1) ?? "failed"}`;
  return { command, versions: JSON.parse(stdout) as Record<string, string> };
}

/** What a script prints, which is JSON. */
export function runPython<T>({ command }: Python, script: URL, ...argv: readonly (string | number)[]): T {
  return JSON.parse(
    execFileSync(command, [fileURLToPath(script), ...argv.map(String)], {
      encoding: "utf8",
      env: { ...process.env, ...oneThread },
      stdio: ["ignore", "pipe", "ignore"],
    }),
  ) as T;
}
