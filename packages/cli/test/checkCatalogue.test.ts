// The catalogue of checks: each entry is provoked by its own table, gone under its cure, and stands on docs/checks.md.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checks } from "../src/checks/catalogue.ts";
import { type Check, commandsOf, type Example } from "../src/checks/check.ts";
import { everyNote } from "../src/notes.ts";
import { command, scratch, surprisal } from "./world.ts";

const entries = Object.entries<Check>(checks);
const subjects = ["file", "cells", "target", "features", "folds", "prediction", "outcome"];
const home = process.cwd();

/** Runs the commands of an example in a folder of its own; what the last one says. */
async function said(example: Example, more = ""): Promise<string> {
  const place = scratch();
  try {
    for (const [name, content] of Object.entries(example.files)) place.write(name, content);
    const commands = commandsOf(example);
    let last = "";
    for (const [k, line] of commands.entries()) {
      const whole = `${line}${k === commands.length - 1 ? more : ""}`;
      const words = (whole.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ""));
      const { code, out, err } = await runIn(place.folder, words);
      if (code !== 0 && !(words[0] === "check" && code === 1)) throw new Error(`${line}: ${err}`);
      last = out + err;
    }
    return last;
  } finally {
    place.dispose();
  }
}

/** A comparison needs the threads of the built program; the rest runs here, which is faster. */
async function runIn(folder: string, words: readonly string[]) {
  if (words[0] === "compare") return surprisal(folder, ...words);
  process.chdir(folder);
  try {
    return await command(words);
  } finally {
    process.chdir(home);
  }
}

describe("the numbers of checks", () => {
  it("are unique", () => {
    const numbers = entries.map(([, { number }]) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it.each(entries)("%s: is in the range of its subject", (code, { number }) => {
    const subject = subjects.indexOf(everyNote[code as keyof typeof everyNote].about) + 1;
    expect(number).toMatch(new RegExp(`^S${subject}\\d\\d$`));
  });

  it("stand on docs/checks.md, each with its title", () => {
    const page = readFileSync(new URL("../../../docs/checks.md", import.meta.url), "utf8");
    for (const [, { number, title }] of entries) expect(page).toContain(`\n### ${number}: ${title}\n`);
  });
});

describe.each(entries)("%s", (_, { number, told, cure }) => {
  it("is told by the table and the command of its entry", async () => {
    expect(await said(told)).toMatch(new RegExp(`\\b${number}$`, "m"));
  });

  it("is gone under its cure, or where it is ignored", async () => {
    const cured =
      cure === undefined
        ? await said(told, ` --ignore ${number}`)
        : await said({ ...told, ...cure, files: { ...told.files, ...cure.files } });
    expect(cured).not.toMatch(new RegExp(`\\b${number}$`, "m"));
  });
});
