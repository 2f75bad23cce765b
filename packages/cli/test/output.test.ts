// A reader that goes is no fault, and a full disk behind standard output is told: for every command that prints.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attack, main, scratch, surprisal, twoClasses } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

const quick = "--model linear --fast --losses ce";
const commands: Readonly<Record<string, { call: string; made?: readonly string[]; expected?: number }>> = {
  help: { call: "--help" },
  "help of a command": { call: "compare --help" },
  version: { call: "--version" },
  losses: { call: "losses" },
  show: { call: "show focal" },
  fit: { call: "fit answers.csv answer --model linear", made: ["answers.onnx"] },
  predict: { call: "predict model.onnx answers.csv --output new.csv", made: ["new.csv"] },
  compare: { call: `compare answers.csv answer ${quick} --jobs 2`, made: ["answers.onnx", "answers.report.json"] },
  "compare --json": { call: `compare answers.csv answer ${quick} --jobs 1 --json`, made: ["answers.report.html"] },
  "compare --no-save": { call: `compare answers.csv answer ${quick} --jobs 1 --no-save` },
  "a wrong call": { call: "compare none.csv answer", expected: 2 },
};

beforeAll(async () => {
  place.write("answers.csv", twoClasses(80, "output"));
  expect((await surprisal(place.folder, "fit", "answers.csv", "answer", "--model", "linear")).code).toBe(0);
  place.write("model.onnx", readFileSync(place.path("answers.onnx")));
});

let runs = 0;
/** Runs a command in bash, with what follows it; its exit code and what reaches standard error. */
function through(call: string, rest: string) {
  const folder = place.path(`run ${runs++}`);
  mkdirSync(folder);
  for (const name of ["answers.csv", "model.onnx"]) {
    spawnSync("cp", [place.path(name), folder]);
  }
  const script = `"$0" "$1" ${call} ${rest}; echo "\${PIPESTATUS[0]}" > code`;
  const { stderr } = spawnSync("bash", ["-c", script, process.execPath, main], { cwd: folder, timeout: 60_000 });
  return { folder, err: stderr.toString(), code: Number(readFileSync(join(folder, "code"), "utf8")) };
}

const fault = /Error|EPIPE|ENOSPC|at .*\.js|fault/;

describe.each(Object.entries(commands))("%s", (_, { call, made = [], expected = 0 }) => {
  const endings = ["| head -1 > /dev/null", "| true", "| head -c 1 > /dev/null", "2>&1 | true", "2> >(true)"];
  it.each(attack(0, 1) === 1 ? endings : [endings[call.length % 2], endings[3]])(
    "ends quietly where its reader has gone (%s), and its files are whole",
    (rest) => {
      const { folder, err, code } = through(call, rest);
      expect(err).not.toMatch(fault);
      expect(code).toBe(expected);
      for (const file of made) expect(existsSync(join(folder, file)), file).toBe(true);
    },
    60_000,
  );

  it.runIf(existsSync("/dev/full"))("says that standard output is full, with exit code 2", () => {
    const { folder, err, code } = through(call, "> /dev/full");
    expect(err).not.toMatch(fault);
    expect(code).toBe(2);
    const printsNothing = expected === 2;
    expect(err.match(/^surprisal: standard output: cannot be written \(the disk is full\).*$/gm)?.length ?? 0).toBe(
      printsNothing ? 0 : 1,
    );
    for (const file of made) expect(existsSync(join(folder, file)), file).toBe(true);
  });

  it.runIf(existsSync("/dev/full"))("where standard error is full, too, has the same code and ends", () => {
    const { err, code } = through(call, "> /dev/full 2> /dev/full");
    expect([err, code]).toEqual(["", 2]);
  });
});
