// The page of the checks, from their catalogue: what each means, what provokes it, what cures it.
import { checks } from "../../packages/cli/src/checks/catalogue.ts";
import { type Check, commandsOf } from "../../packages/cli/src/checks/check.ts";
import { everyNote, type NoteCode, type Subject, type Weight } from "../../packages/cli/src/notes.ts";

const subjects: Readonly<Record<Subject, string>> = {
  file: "The file",
  cells: "How cells are read",
  target: "The target",
  features: "The columns that are learnt from",
  folds: "Rows that belong together",
  prediction: "Prediction",
  outcome: "What came out",
};

const weights: Readonly<Record<Weight, string>> = {
  warning: "Warning.",
  notice: "Notice.",
  detail: "Detail.",
};

const lead = `# The checks

Every check and every note of \`surprisal\` has a number, which stands behind it in the terminal and is its \`code\` in the
JSON. A **warning** says that scores may be too good to be true; a **notice** says what was decided, and how to decide
otherwise; a **detail** stands in the report, and where \`surprisal check\` lists everything. The heaviest come first, and
notes of one kind are one line.

\`--ignore S303,S401\`, of \`check\`, \`compare\`, \`fit\` and \`predict\`, silences checks in the terminal; the JSON has them
all, those with \`"ignored": true\`. \`surprisal check TABLE TARGET\` trains nothing and ends with exit code 1 where a warning
was found that is not ignored, so that it can stand before a pipeline.

This page is written by \`npx tsx scripts/docs.ts\` from \`packages/cli/src/checks/\`. A test runs every table and command on
it, sees the note with its number, and sees it gone under its cure.
`;

/** All of `docs/checks.md`. */
export function checksPage(): string {
  const entries = Object.entries<Check>(checks) as [NoteCode, Check][];
  const parts = Object.entries(subjects).flatMap(([subject, title], k) => {
    const own = entries.filter(([code]) => everyNote[code].about === subject);
    if (own.length === 0) return [];
    const sorted = own.sort(([, a], [, b]) => (a.number < b.number ? -1 : 1));
    return [`## S${k + 1}xx: ${title}\n`, ...sorted.map(([code, check]) => section(everyNote[code].weight, check))];
  });
  return `${lead}\n${parts.join("\n")}`;
}

function section(weight: Weight, { number, title, means, told, cure }: Check): string {
  const commands = commandsOf(told);
  const files = Object.entries(told.files).map(
    ([name, text]) =>
      `\`${name}\`:\n\n${block(firstLines(typeof text === "string" ? text : new TextDecoder("utf-16le").decode(text)))}`,
  );
  const mended =
    cure === undefined ? `A plain statement: nothing to mend. \`--ignore ${number}\` silences it.` : cure.words;
  const changed = cure?.run === undefined ? "" : `\n${block(cure.run.map((line) => `surprisal ${line}`).join("\n"))}`;
  return [
    `### ${number}: ${title}\n`,
    `**${weights[weight]}** ${means}\n`,
    ...files,
    block(commands.map((line) => `surprisal ${line}`).join("\n")),
    `**Cure.** ${mended}\n${changed}`,
  ].join("\n");
}

const block = (text: string) => `\`\`\`\n${text}\n\`\`\`\n`;

/** Enough of a table to see what it is about. */
function firstLines(text: string): string {
  const lines = text.trimEnd().split("\n");
  return lines.length <= 8 ? lines.join("\n") : [...lines.slice(0, 5), `… ${lines.length} lines in all`].join("\n");
}
