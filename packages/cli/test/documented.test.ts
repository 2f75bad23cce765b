// Every command and every flag is described on the page of the tool, as it is written, and no other is.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { command } from "./world.ts";

const page = readFileSync(new URL("../../../docs/tool.md", import.meta.url), "utf8");
const helpOf = async (...words: readonly string[]) => (await command([...words, "--help"])).out;
const [lead, ...sections] = page.split(/^## /m);

const commands = [...(await helpOf()).matchAll(/^ {2}([a-z]+) /gm)]
  .map(([, name]) => name)
  .filter((name) => name !== "help");
/** The flags of a command as its help writes them: `--seed <n>`. */
const flagsOf = async (name: string) =>
  [...(await helpOf(name)).matchAll(/^ {2}(?:-\w, )?(--[a-z-]+(?: <[^>]+>)?)/gm)]
    .map(([, flag]) => flag)
    .filter((flag) => flag !== "--help");
/** The flags that the page has in the sections whose headings name the command. */
const documentedOf = (name: string) =>
  sections
    .filter((section) => section.split("\n")[0].includes(`\`surprisal ${name}\``))
    .flatMap((section) => [...section.matchAll(/^\| `(--[^`]+)` \| (.*?) \|/gm)])
    .map(([, flag, what]) => ({ flag, what }));

describe("docs/tool.md", () => {
  it("has every command in its first table", () => {
    expect(commands.length).toBeGreaterThanOrEqual(5);
    expect([...lead.matchAll(/^\| `surprisal ([a-z]+)/gm)].map(([, name]) => name)).toEqual(commands);
  });

  it.each(commands)("has every flag of %s once, in words, and no flag that it lacks", async (name) => {
    const documented = documentedOf(name);
    expect(documented.map(({ flag }) => flag).sort()).toEqual((await flagsOf(name)).sort());
    for (const { flag, what } of documented) expect(what.length, flag).toBeGreaterThan(5);
  });
});
