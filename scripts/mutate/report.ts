// docs/mutation.md, written from what was noticed.
import { table } from "../../bench/markdown.ts";
import { equivalent } from "./equivalent.ts";
import type { Change } from "./mutants.ts";

/** What was tried in an area. */
export interface Outcome {
  /** The name of the area. */
  readonly area: string;
  /** The folder of its files. */
  readonly folder: string;
  /** The version of Node: kernels use what it has. */
  readonly node: string;
  /** How many changes there are. */
  readonly possible: number;
  readonly tried: readonly Tried[];
  /** Tests that were red before any change. */
  readonly red: readonly string[];
}

/** A change, and whether some test noticed it. */
export interface Tried extends Change {
  readonly noticed: boolean;
}

/** Why a change cannot be noticed, if that is known. */
function reasonOf({ file, before, after }: Change): string | undefined {
  return equivalent.find(
    (each) => file.endsWith(each.file) && before.includes(each.code) && after.includes(each.change),
  )?.reason;
}

/** How many of the changes that can be noticed were. */
export function countsOf(outcomes: readonly Outcome[]) {
  const tried = outcomes.flatMap((outcome) => outcome.tried);
  const alive = tried.filter(({ noticed }) => !noticed);
  const equal = alive.filter((change) => reasonOf(change) !== undefined).length;
  const able = tried.length - equal;
  return { tried: tried.length, equal, able, noticed: able - (alive.length - equal) };
}

/** The page as Markdown. */
export function mutationPage(outcomes: readonly Outcome[]): string {
  const { able, equal, noticed, tried } = countsOf(outcomes);
  const possible = outcomes.reduce((sum, outcome) => sum + outcome.possible, 0);
  const red = outcomes.flatMap((outcome) => outcome.red).length;
  return `# Mutation testing

Written by \`npm run mutate\` from \`mutation.json\`, which keeps what it found. It changes one sign, operator, constant or
instruction at a time in the files that hold the mathematics, and runs the tests that concern them; a change that no test
notices survives. Which changes are tried is drawn at random, with the same seed each time.

**${noticed} of ${tried} changes were noticed**, tried of ${possible} possible. ${equal} survived that are judged to change no
result where they ran, each with the reason beside it.${able === noticed ? "" : ` Of ${able - noticed} a test is missing.`}${red === 0 ? "" : ` Left out: ${red} tests that were red before any change.`}

${outcomes.map(areaSection).join("\n\n")}
`;
}

function areaSection({ area, folder, node, possible, tried }: Outcome): string {
  const short = (file: string) => file.slice(folder.length + 1);
  const files = [...new Set(tried.map(({ file }) => file))].map((file) => {
    const here = tried.filter((change) => change.file === file);
    const noticed = here.filter((change) => change.noticed).length;
    return [short(file), `${here.length}`, `${noticed}`, `${here.length - noticed}`];
  });
  const rows = tried
    .filter(({ noticed }) => !noticed)
    .map((change) => {
      const { file, line, before, after } = change;
      return [`${short(file)}:${line}`, `\`${before}\``, `\`${after}\``, reasonOf(change) ?? "a test is missing"];
    });
  return [
    `## ${area[0].toUpperCase()}${area.slice(1)}`,
    `${tried.length} of ${possible} possible changes, under Node ${node}.`,
    table(["file", "tried", "noticed", "survived"], files),
    rows.length === 0 ? "No survivors." : table(["place", "before", "after", "reason"], rows, 4),
  ].join("\n\n");
}
