// A mutation habit: changes the mathematics of the library in one place at a time, and shows that the tests go red.
//
//     npx tsx scripts/mutate.ts [--sample 100]        writes docs/mutation.md
//
// It works on copies in a temporary folder; the working tree is only read.
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const library = "packages/surprisal";
/** The files of the library's `src` that hold its mathematics. */
const mathematics =
  /^(losses|activations|probability)\/|^formula\/(dual|numbers|logarithms|program|graph)\.|^backends\/(reference|sum)\.|^batch\/(classWeights|rows|alpha)\./;
/** Tests that say nothing about the mathematics: they build, pack and read the documentation. */
const left = ["browser", "docs", "layers", "package"].map((name) => `**/${name}.test.ts`);

/** Mutants that no test can tell from the original, or that none should, each with the reason. */
const equivalent: readonly { file: string; code: string; change: string; reason: string }[] = [
  {
    file: "activations/softmax.ts",
    code: "private below = 0",
    change: "private below = 1",
    reason: "`prepare` sets it before anything reads it",
  },
  {
    file: "batch/classWeights.ts",
    code: "return beta === 0 ? 1",
    change: "return beta === 1 ? 1",
    reason: "for beta 0 the formula beside it gives 1 as well",
  },
  {
    file: "formula/logarithms.ts",
    code: "a.log < -40",
    change: "a.log < -41",
    reason: "near -40 both branches give the same float64",
  },
  {
    file: "formula/logarithms.ts",
    code: "logComplement < -40",
    change: "logComplement < -41",
    reason: "near -40 both branches give the same float64",
  },
  {
    file: "activations/margin.ts",
    code: "margin >= 0",
    change: "margin > 0",
    reason: "at margin 0 both sides give the same views",
  },
  {
    file: "backends/reference.ts",
    code: "order > 1 ?",
    change: "order >= 1 ?",
    reason: "the curvature is pulled along, but written nowhere",
  },
  {
    file: "batch/classWeights.ts",
    code: "c < counts.length",
    change: "c <= counts.length",
    reason: "a typed array ignores what is written behind its end, and a missing count is skipped",
  },
  {
    file: "formula/dual.ts",
    code: "yes === null && no === null",
    change: "yes === null && no !== null",
    reason: "a structural zero is then computed instead of left out",
  },
  {
    file: "losses/define.ts",
    code: "ofClass(0)",
    change: "ofClass(1)",
    reason: "where all classes share their parameters, any of them will do",
  },
  {
    file: "activations/softmax.ts",
    code: "margin >= 0 ?",
    change: "margin > 0 ?",
    reason: "at margin 0 the odds are 1 either way",
  },
  {
    file: "formula/logarithms.ts",
    code: "a.sign * b.sign",
    change: "a.sign / b.sign",
    reason: "signs are 1 or -1",
  },
  {
    file: "formula/logarithms.ts",
    code: "a.log > 40",
    change: "a.log > 41",
    reason: "beyond 40 both branches give the same float64",
  },
  {
    file: "probability/trueProbabilities.ts",
    code: "program.slope < -1e-280",
    change: "program.slope < -1)",
    reason: "the slower way to the same logarithm",
  },
];

/** What is looked for in the code (strings and comments are blanked out), and what takes its place. */
const rules: readonly (readonly [RegExp, (found: string) => string])[] = [
  [/ [-+*/] (?!=)/g, swap({ " + ": " - ", " - ": " + ", " * ": " / ", " / ": " * " })],
  [/ \*\* /g, () => " * "],
  [/ [-+]= /g, swap({ " += ": " -= ", " -= ": " += " })],
  [/ (<|>|<=|>=) /g, swap({ " < ": " <= ", " <= ": " < ", " > ": " >= ", " >= ": " > " })],
  [/ [!=]== /g, swap({ " === ": " !== ", " !== ": " === " })],
  [/ (&&|\|\|) /g, swap({ " && ": " || ", " || ": " && " })],
  [/(?<=[(,=:?[] ?|return )-(?=[\w(])/g, () => ""],
  [/(?<![\w.$])\d+(\.\d+)?(e-?\d+)?\b(?!n)/g, (found) => String(Number(found) + 1)],
  [/\bMath\.(max|min)\b/g, swap({ "Math.max": "Math.min", "Math.min": "Math.max" })],
  [/\bMath\.(log1p|log|expm1|exp|abs)\b/g, (found) => `Math.${functions[found.slice(5)]}`],
  [/\binner\.(add|sub|mul|div)\b/g, (found) => `inner.${operations[found.slice(6)]}`],
  // In a formula an operation is exchanged where it is taken out of the table: { neg, mul } becomes { neg, div: mul }.
  [
    /(?<=[fF]ormula: \(\{[^}]*)\b(add|sub|mul|div|neg|pow|log|expm1)\b(?=[^}]*\},)/g,
    (found) => {
      return `${operations[found]}: ${found}`;
    },
  ],
];
const functions: Readonly<Record<string, string>> = {
  log1p: "log",
  log: "log1p",
  expm1: "exp",
  exp: "expm1",
  abs: "sign",
};
const operations: Readonly<Record<string, string>> = {
  ...{ add: "sub", sub: "add", mul: "div", div: "mul", neg: "exp", pow: "mul", log: "log1p", expm1: "exp" },
};

interface Mutant {
  readonly file: string;
  readonly line: number;
  readonly before: string;
  readonly after: string;
  readonly source: string;
}

function swap(table: Readonly<Record<string, string>>) {
  return (found: string) => table[found] ?? found;
}

/** The code with comments, strings, regular expressions, imports and types as blanks of the same length. */
function code(source: string): string {
  const blank = (text: string) => text.replace(/[^\n]/g, "_");
  return source
    .replace(
      /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|(?<=[ (!])\/\^.*?\$\/|\/\\b.*?\//gm,
      blank,
    )
    .replace(/^import [\s\S]*?;$|^(export )?(type|interface) [\s\S]*?^[}]?.*[;}]$|^.*\bfail\(.*$/gm, blank);
}

function mutantsOf(file: string): Mutant[] {
  const source = readFileSync(join(root, file), "utf8");
  const blanked = code(source);
  const found = rules.flatMap(([pattern, change]) => {
    return [...blanked.matchAll(pattern)].map((match) => ({ at: match.index, length: match[0].length, change }));
  });
  const lineOf = (text: string, at: number) => {
    const start = text.lastIndexOf("\n", at) + 1;
    return text.slice(start, text.indexOf("\n", at)).trim();
  };
  return found
    .sort((a, b) => a.at - b.at)
    .map(({ at, length, change }) => {
      const changed = source.slice(0, at) + change(source.slice(at, at + length)) + source.slice(at + length);
      const line = source.slice(0, at).split("\n").length;
      return { file, line, before: lineOf(source, at), after: lineOf(changed, at), source: changed };
    })
    .filter(({ before, after }) => before !== after);
}

/** A copy of the library and its tests, in which a worker may change what it likes. */
function copyOfLibrary(): string {
  const copy = mkdtempSync(join(tmpdir(), "mutants-"));
  for (const name of ["src", "test", "package.json", "tsconfig.json", "tsconfig.test.json"]) {
    cpSync(join(root, library, name), join(copy, library, name), { recursive: true });
  }
  cpSync(join(root, "package.json"), join(copy, "package.json"));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/** Tells the tests of a copy which to leave out, by name, and which files come first. */
function configure(copy: string, red: readonly string[], order: readonly string[]): void {
  const escaped = red.map((name) => name.replace(/[^\w ]/g, "\\$&"));
  const pattern = escaped.length === 0 ? undefined : `^(?!(${escaped.join("|")})$)`;
  const include = [`${library}/test/**/*.test.ts`];
  const test = { include, exclude: left, pool: "threads", maxWorkers: 1, isolate: false, cache: false, testTimeout: 0 };
  const config = `import { BaseSequencer } from "vitest/node";
const order = ${JSON.stringify(order)};
const place = ({ moduleId }) => order.findIndex((name) => moduleId.endsWith(name));
class QuickFirst extends BaseSequencer {
  async sort(files) {
    return files.toSorted((a, b) => place(a) - place(b));
  }
}
const test = ${JSON.stringify({ ...test, testNamePattern: pattern })};
export default { cacheDir: ${JSON.stringify(join(copy, "cache"))}, test: { ...test, sequence: { sequencer: QuickFirst } } };
`;
  writeFileSync(join(copy, "vitest.config.js"), config);
}

/**
 * Whether the tests of a copy pass. Tests that hang do not: they end after 150 seconds of processor time, several times
 * what all tests take; a limit on the clock would find mutants on a busy machine that no test finds.
 */
function passes(copy: string, ...more: readonly string[]): Promise<boolean> {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const command = ["-c", 'ulimit -t 150; exec "$@"', "sh", process.execPath, vitest, "run", ...more];
  const run = spawn("sh", command, { cwd: copy, stdio: "ignore" });
  return new Promise((resolve) => run.on("close", (status) => resolve(status === 0)));
}

/** One run without a change: which tests are red already, and the files from the quickest to the slowest. */
async function baseline(copy: string): Promise<{ red: string[]; order: string[] }> {
  configure(copy, [], []);
  const file = join(copy, "baseline.json");
  await passes(copy, "--reporter=json", `--outputFile=${file}`);
  const { testResults } = JSON.parse(readFileSync(file, "utf8")) as {
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
    red: [...new Set(tests.filter(({ status }) => status === "failed").map(({ fullName }) => fullName))],
    order: testResults.toSorted((a, b) => time(a) - time(b)).map(({ name }) => name.slice(name.lastIndexOf("/test/"))),
  };
}

const { values } = parseArgs({ options: { sample: { type: "string" } } });
const files = readdirSync(join(root, library, "src"), { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => mathematics.test(name))
  .map((name) => `${library}/src/${name}`)
  .sort();
const all = files.flatMap(mutantsOf);
const size = Math.min(Number(values.sample ?? all.length), all.length);
const chosen = Array.from({ length: size }, (_, k) => all[Math.floor(((k + 0.5) * all.length) / size)]);

const copies = Array.from({ length: Math.min(2, cpus().length) }, copyOfLibrary);
const survivors = new Set<Mutant>();
let leftOut = 0;
try {
  const { red, order } = await baseline(copies[0]);
  for (const copy of copies) configure(copy, red, order);
  if (!(await passes(copies[0]))) throw new Error("the tests are red before anything is changed");
  for (const name of red) console.log(`left out, red before any change: ${name}`);
  leftOut = red.length;
  const queue = [...chosen];
  const work = copies.map(async (copy) => {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const original = readFileSync(join(copy, mutant.file), "utf8");
      writeFileSync(join(copy, mutant.file), mutant.source);
      if (await passes(copy, "--bail", "1")) {
        survivors.add(mutant);
        console.log(`survived: ${mutant.file}:${mutant.line}\n  ${mutant.before}\n  ${mutant.after}`);
      }
      writeFileSync(join(copy, mutant.file), original);
      if (queue.length % 10 === 0) console.log(`${chosen.length - queue.length} of ${chosen.length} begun`);
    }
  });
  await Promise.all(work);
} finally {
  for (const copy of copies) rmSync(copy, { recursive: true });
}

const reasonOf = ({ file, before, after }: Mutant) =>
  equivalent.find((each) => file.endsWith(each.file) && before.includes(each.code) && after.includes(each.change))
    ?.reason;
const real = [...survivors].filter((mutant) => reasonOf(mutant) === undefined);
const tested = size - (survivors.size - real.length);
const killed = tested - real.length;
const cell = (text: string) => `\`${text.replaceAll("|", "\\|")}\``;
const short = (file: string) => file.slice(`${library}/src/`.length);
const rows = files.flatMap((file) => {
  const here = chosen.filter((mutant) => mutant.file === file);
  const alive = here.filter((mutant) => survivors.has(mutant));
  return here.length ? [`| ${short(file)} | ${here.length} | ${here.length - alive.length} | ${alive.length} |`] : [];
});
const survivorRows = [...survivors]
  .sort((a, b) => chosen.indexOf(a) - chosen.indexOf(b))
  .map((mutant) => {
    const { file, line, before, after } = mutant;
    return `| ${short(file)}:${line} | ${cell(before)} | ${cell(after)} | ${reasonOf(mutant) ?? "a test is missing"} |`;
  });
const report = `# Mutation testing

Written by \`npx tsx scripts/mutate.ts${values.sample ? ` --sample ${size}` : ""}\`. The script changes one sign, operator or constant at a time in
the files that hold the mathematics, and runs the tests; a change that no test notices survives.

**${killed} of ${tested} changes were noticed (${((100 * killed) / tested).toFixed(1)} %)**, ${size} tried of ${all.length} possible; ${survivors.size - real.length} further ones
survived that cannot change a result, for the reasons below. ${leftOut === 0 ? "" : `Left out: ${leftOut} tests that were red before any change.`}

| file | tried | noticed | survived |
| --- | ---: | ---: | ---: |
${rows.join("\n")}

## Survivors

${survivorRows.length === 0 ? "None." : `| place | before | after | reason |\n| --- | --- | --- | --- |\n${survivorRows.join("\n")}`}
`;
writeFileSync(join(root, "docs/mutation.md"), report);
console.log(
  `${killed} of ${tested} noticed; ${real.length} survived, ${survivors.size - real.length} equivalent; docs/mutation.md`,
);
