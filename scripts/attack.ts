// The long mode of every attack, one file after the other, since all write their counts into docs/reliability.json.
//
//     npm run attack                 about an hour
//     npm run attack -- wasm.attack  those whose file is called so
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const tests = ["packages/surprisal/test", "packages/cli/test"].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => join(folder, name)),
);
const wanted = process.argv.slice(2);
const attacks = tests.filter(
  (path) =>
    readFileSync(path, "utf8").includes("attack/counts.ts") &&
    (wanted.length === 0 || wanted.some((name) => path.includes(name))),
);
const { status } = spawnSync(
  process.execPath,
  ["node_modules/vitest/vitest.mjs", "run", "--no-file-parallelism", ...attacks],
  {
    env: { ...process.env, SURPRISAL_ATTACK: "long" },
    stdio: "inherit",
  },
);
process.exitCode = status ?? 1;
