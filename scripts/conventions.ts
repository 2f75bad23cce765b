// Writes docs/conventions.md from the tables that the tests of published examples use; with --check only compares.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import { table } from "../bench/markdown.ts";
import { InputError } from "../packages/surprisal/src/index.ts";
import {
  type Difference,
  type Section,
  type Snippet,
  sections,
} from "../packages/surprisal/test/published/conventions.ts";
import { examples, type PublishedExample } from "../packages/surprisal/test/published/examples.ts";
import { type ReductionRule, sourceSystems, systemOf } from "../packages/surprisal/test/published/systems.ts";
import { reproductions } from "../packages/surprisal/test/published/translate.ts";

const target = new URL("../docs/conventions.md", import.meta.url);
const library = new URL("../packages/surprisal/src/index.ts", import.meta.url);

/** Runs snippets one after the other and gives what each prints. */
async function outputs(snippets: readonly Snippet[]): Promise<Map<Snippet, string>> {
  const folder = mkdtempSync(join(tmpdir(), "surprisal-conventions-"));
  const log = console.log;
  const printed = new Map<Snippet, string>();
  try {
    for (const [index, snippet] of snippets.entries()) {
      const lines: string[] = [];
      const file = join(folder, `snippet${index}.mts`);
      writeFileSync(file, snippet.code.replaceAll('from "surprisal"', `from ${JSON.stringify(library.href)}`));
      console.log = (...values: unknown[]) => lines.push(format(...values));
      await import(pathToFileURL(file).href);
      printed.set(snippet, lines.join("\n"));
    }
  } finally {
    console.log = log;
    rmSync(folder, { recursive: true });
  }
  return printed;
}

/** A table without numbers. */
function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return table(head, rows, head.length);
}

function differencesTable(differences: readonly Difference[]): string {
  const several = differences.some(({ system }) => system !== undefined);
  const head = ["what", ...(several ? ["system"] : []), "there", "here: the options that give the same number"];
  return textTable(
    head,
    differences.map(({ topic, system, there, here }) => [topic, ...(several ? [system ?? ""] : []), there, here]),
  );
}

function sectionText(section: Section, printed: ReadonlyMap<Snippet, string>): string {
  const published = examples.filter(({ source }) => section.systems.includes(systemOf(source).name));
  const same = published.filter(reproduces).length;
  const checked =
    published.length === 0
      ? "No published numbers; the tests compare with its formula."
      : `Published examples that the tests reproduce: ${same} of ${published.length}.`;
  const snippets = section.snippets.map(
    (snippet) =>
      `### ${snippet.title}\n\n\`\`\`ts\n${snippet.code}\n\`\`\`\n\n\`\`\`text\n${printed.get(snippet)}\n\`\`\``,
  );
  return [`## ${section.title}`, differencesTable(section.differences), checked, ...snippets].join("\n\n");
}

function optionsOf({ reduction, perRowMean, ignoredStay, zeroWeights }: ReductionRule): string {
  return [
    `\`reduction: "${reduction}"\``,
    ...(perRowMean ? ["`exampleWeights` of `1 / classes`"] : []),
    ...(zeroWeights ? ["labels of weight 0 left out (`ignoreLabel`, `mask`)"] : []),
    ...(ignoredStay ? ["ignored labels weigh 0 in `exampleWeights`"] : []),
  ].join(", ");
}

/** Whether the example can be asked for here at all; the tests compare its numbers. */
function reproduces(example: PublishedExample): boolean {
  try {
    for (const { run } of reproductions(example)) run();
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** Every reduction of the examples, as the tests translate it. */
function reductionsTable(): string {
  const rows = new Map<string, { readonly cells: readonly [string, string, string]; readonly systems: Set<string> }>();
  for (const { source, params } of examples) {
    const system = systemOf(source);
    for (const activation of ["softmax", "sigmoid"] as const) {
      const words = String(params.reduction);
      const rule = system[activation]?.reductions[words];
      if (rule === undefined || (system.softmax && system.sigmoid && !isFor(activation, source, words))) continue;
      const cells = [words, activation, optionsOf(rule)] as const;
      const row = rows.get(cells.join()) ?? { cells: [...cells] as const, systems: new Set<string>() };
      row.systems.add(system.name);
      rows.set(cells.join(), row);
    }
  }
  const sorted = [...rows.values()].sort((a, b) => (a.cells.join() < b.cells.join() ? -1 : 1));
  return textTable(
    ["in the words of the example", "activation", "here", "systems"],
    sorted.map(({ cells: [words, activation, here], systems }) => [
      `\`${words}\``,
      activation,
      here,
      [...systems].join(", "),
    ]),
  );
}

/** Whether some example of the source with this reduction has this activation. */
function isFor(activation: "softmax" | "sigmoid", source: string, words: string): boolean {
  const softmax = ["softmax", "poly1", "generalized", "nll", "kl"];
  return examples.some(
    (example) =>
      example.source === source &&
      String(example.params.reduction) === words &&
      softmax.some((start) => example.function.startsWith(start)) === (activation === "softmax"),
  );
}

const introduction = `# Conventions: the same number as elsewhere

Systems agree on the formulas and differ in everything around them: which class alpha weighs, what a mean divides by,
where smoothing puts the rest, what is clipped. This page says how each system does it and which options of Surprisal
give the same number.

It is written by \`npx tsx scripts/conventions.ts\` from the tables that the tests use. The tests reproduce
${examples.filter(reproduces).length} of ${examples.length} examples from ${sourceSystems.length} sources; the others are two of ONNX, which are errors here. The tables have ${sections.reduce((count, { differences }) => count + differences.length, 0)} rows.

Three rules explain most of the options:

- \`alpha\`, \`exampleWeights\` and \`ignoreLabel\` never change what \`"mean"\` divides by, except that ignored examples do
  not count. Only \`"weighted-mean"\` divides by the sum of the weights.
- With sigmoid, \`"mean"\` sums the labels of an example and averages over examples. \`"element-mean"\` averages over
  labels, as most systems do.
- Nothing is clipped or ignored unless you ask for it. Rows of probabilities must sum to 1 within 0.001; softmax takes
  that last bit out.`;

const snippets = sections.flatMap(({ snippets }) => snippets);
const printed = await outputs(snippets);
const text = `${[
  introduction,
  ...sections.map((section) => sectionText(section, printed)),
  "## Every reduction of the published examples",
  "`N` is the number of examples, `w` a weight, `w_y` the weight of the label's class.",
  reductionsTable(),
].join("\n\n")}\n`;

if (process.argv.includes("--check")) {
  const found = existsSync(target) ? readFileSync(target, "utf8") : "";
  if (found === text) {
    console.log("docs/conventions.md is up to date");
  } else {
    const [lines, wanted] = [found.split("\n"), text.split("\n")];
    const line = wanted.findIndex((each, index) => each !== lines[index]);
    const place = line === -1 ? wanted.length : line;
    console.error(
      `docs/conventions.md: line ${place + 1} is ${JSON.stringify(lines[place] ?? "missing")}, but the tables give ${JSON.stringify(wanted[place] ?? "no such line")}; run: npx tsx scripts/conventions.ts`,
    );
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, text);
  console.log(`docs/conventions.md: ${text.length} characters written`);
}
