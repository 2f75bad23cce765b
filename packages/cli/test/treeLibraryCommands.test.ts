// --engine and --library: trees that a library grows, and every way in which there is none.
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { readModelFile } from "../src/saved/modelFile.ts";
import { librariesHere } from "./librariesHere.ts";
import { command, main, scratch, start, surprisal, twoClasses } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());
const table = place.write("answers.csv", twoClasses(200, "libraries"));
const quick = ["--fast", "--fold-count", "2", "--losses", "ce", "--no-save", "--json"];

describe.each(librariesHere)("compare with trees by $title", ({ name, title, version, path }) => {
  /** A name that only the system finds is no path. */
  const where = path.includes("/") ? ["--library", path] : [];
  const compare = (...flags: readonly string[]) =>
    surprisal(place.folder, "compare", table, "answer", ...quick, "--model", "trees", ...flags);

  it("says which library, and gives the same numbers on one thread and on two", async () => {
    const one = await compare("--engine", name, ...where, "--jobs", "1");
    const two = await compare("--engine", name, ...where, "--jobs", "2");
    expect([one.err.includes(`${title} ${version}`), one.code]).toEqual([true, 0]);
    expect(two.out).toBe(one.out);
    const result = JSON.parse(one.out);
    expect(result.plan.library).toMatchObject({ name, title, version });
    expect(result.families[0].expected.logLoss.mean).toBeLessThan(result.prior.logLoss.mean);
  });

  it("leaves a model that predicts without the library, and tells what grew it", async () => {
    const output = place.path(`model of ${name}`);
    const fit = ["fit", table, "answer", "--model", "trees", "--engine", name, ...where, "--output", output];
    const said = await surprisal(place.folder, ...fit);
    expect([said.err, said.code]).toEqual(["", 0]);
    const path = join(output, "answers.onnx");
    const { model, provenance } = await readModelFile(path);
    expect(model.kind).toBe("trees");
    expect(provenance.versions).toMatchObject({ [name]: version });
    const predicted = await surprisal(place.folder, "predict", path, table, "--output", place.path(`${name}.csv`));
    expect(predicted.code).toBe(0);
  });

  it("takes no journal over that is not its own", async () => {
    const flags = [...quick.filter((flag) => flag !== "--no-save"), "--model", "trees", "--resume"];
    const saved = ["--output", place.path(`journal of ${name}`)];
    const run = (...engine: readonly string[]) =>
      surprisal(place.folder, "compare", table, "answer", ...flags, ...saved, ...engine);
    const first = await run("--engine", name, ...where);
    expect(first.code).toBe(0);
    const again = await run("--engine", name, ...where);
    expect(JSON.parse(again.out)).toEqual(JSON.parse(first.out));
    expect(again.err).not.toContain("journal");
    expect((await run("--engine", "own")).err).toContain("journal");
  });

  it("gives other numbers than our own trees, but not far from them", async () => {
    const scoreOf = async (...flags: readonly string[]) =>
      JSON.parse((await compare(...flags)).out).families[0].expected.logLoss.mean as number;
    const [theirs, ours] = [await scoreOf("--engine", name, ...where), await scoreOf("--engine", "own")];
    expect(theirs).not.toBe(ours);
    expect(Math.abs(theirs - ours)).toBeLessThan(0.05);
  });
});

describe("a library that cannot be used", () => {
  const fit = (...flags: readonly string[]) => command(["fit", table, "answer", "--output", place.folder, ...flags]);
  const trees = ["--model", "trees"];

  beforeEach(() => {
    vi.stubEnv("SURPRISAL_XGBOOST", "");
    vi.stubEnv("SURPRISAL_LIGHTGBM", "");
    return () => vi.unstubAllEnvs();
  });

  it.each([
    [[], "--engine: xgboost can grow trees only, but mlp is to be trained"],
    [["--model", "linear"], "--engine: xgboost can grow trees only, but linear is to be trained"],
  ])("has no trees to grow: %j", async (flags, text) => {
    const said = await fit("--engine", "xgboost", ...flags);
    expect(said.err).toContain(text);
    expect(said.code).toBe(2);
  });

  it("is none that is known", async () => {
    const said = await fit(...trees, "--engine", "catboost");
    expect(said.err).toContain("Allowed choices are own, xgboost, lightgbm.");
    expect(said.code).toBe(2);
  });

  it("is given without an engine", async () => {
    const said = await fit(...trees, "--library", table);
    expect(said.err).toBe(
      "surprisal: --library: there is no --engine that would use it; name one of them, or leave --library out\n",
    );
    expect(said.code).toBe(2);
  });

  it("is not there", async () => {
    const path = place.path("nowhere.so");
    const said = await fit(...trees, "--engine", "xgboost", "--library", path);
    expect(said.err).toContain(`--library: there is no ${path}; name the file of XGBoost's library`);
    expect(said.code).toBe(2);
  });

  it("is not there where the environment says", async () => {
    vi.stubEnv("SURPRISAL_LIGHTGBM", place.path("nowhere"));
    const said = await fit(...trees, "--engine", "lightgbm");
    expect(said.err).toContain(`SURPRISAL_LIGHTGBM: there is no ${place.path("nowhere")}`);
    expect(said.code).toBe(2);
  });

  it("is not in the folder", async () => {
    const said = await fit(...trees, "--engine", "xgboost", "--library", place.folder);
    expect(said.err).toContain(`--library: the library of XGBoost is not in ${place.folder}`);
    expect(said.code).toBe(2);
  });

  it("is a table", async () => {
    const said = await fit(...trees, "--engine", "xgboost", "--library", table);
    expect(said.err).toContain(`--library: ${table} cannot be loaded (`);
    expect(said.err).toContain("name a shared library for this system and processor");
    expect(said.code).toBe(2);
  });

  it.each(librariesHere)("is the other one: $title", async ({ name, path }) => {
    const [other, lacks] =
      name === "xgboost" ? ["lightgbm", "LGBM_BoosterGetLoadedParam"] : ["xgboost", "XGBSetGlobalConfig"];
    vi.stubEnv(`SURPRISAL_${other.toUpperCase()}`, "");
    if (!path.includes("/")) return; // a name that only the system finds
    const said = await fit(...trees, "--engine", other, "--library", path);
    expect(said.err).toContain("or newer: it lacks");
    expect(said.err).toContain(lacks);
    expect(said.code).toBe(2);
  });

  it("is nowhere", async () => {
    vi.stubEnv("PATH", place.folder);
    vi.stubEnv("HOME", place.folder);
    vi.stubEnv("VIRTUAL_ENV", place.folder);
    vi.stubEnv("CONDA_PREFIX", place.folder);
    // In a process of its own: what a process has open is found by its name.
    const said = await surprisal(place.folder, "fit", table, "answer", ...trees, "--engine", "lightgbm");
    expect(said.err).toBe(
      "surprisal: --engine: LightGBM was found neither by the system nor in Python's packages; install it (pip install lightgbm), or say where it is with --library or SURPRISAL_LIGHTGBM\n",
    );
    expect(said.code).toBe(2);
  });

  it("cannot be called, since koffi is not installed", async () => {
    const hook = place.write(
      "without.cjs",
      `const Module = require("node:module");
       const resolve = Module._resolveFilename;
       Module._resolveFilename = (name, ...rest) => {
         if (name === "koffi") throw Object.assign(new Error("Cannot find module"), { code: "MODULE_NOT_FOUND" });
         return resolve.call(Module, name, ...rest);
       };`,
    );
    const flags = [...trees, "--engine", "xgboost", "--library", table];
    const said = await start(place.folder, process.execPath, ["-r", hook, main, "fit", table, "answer", ...flags])
      .ended;
    expect(said.err).toBe(
      "surprisal: --engine: libraries are called by the package koffi, which is not installed; install it beside surprisal-cli: npm install koffi@3\n",
    );
    expect(said.code).toBe(2);
  });
});
