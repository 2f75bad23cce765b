// The catalogue of messages: every text of an error stands in it, once, and is said somewhere.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as catalogue from "../src/errors.ts";

const root = fileURLToPath(new URL("../src/", import.meta.url));
const others = readdirSync(root, { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".ts") && name !== "errors.ts");
const textOf = (source: string) => readFileSync(root + source, "utf8");

const groups = Object.entries(catalogue).filter(([name]) => name.endsWith("Texts"));
const texts = groups.flatMap(([group, entries]) =>
  Object.entries(entries).map(([name, text]) => ({ name: `${group}.${name}`, text: String(text) })),
);

describe("the catalogue of messages", () => {
  const everything = others.map(textOf).join("\n");
  // The reasons of the system are found by its codes.
  it.each(texts.filter(({ name }) => !name.startsWith("systemTexts.")))("$name is said somewhere", ({ name }) => {
    expect(everything).toMatch(new RegExp(`\\b${name.replace(".", "\\.")}\\b`));
  });

  it("has no text twice", () => {
    const bodies = texts.map(({ text }) => text.replace(/^\(.*?\) =>/s, "").trim());
    expect(bodies.filter((body, k) => bodies.indexOf(body) !== k)).toEqual([]);
  });

  // What is thrown at users; a TypeError or a RangeError is for programmers.
  const thrown = /new (?:CliError|InputError|InvalidArgumentError|InvalidOptionArgumentError|Error)\((.{0,120})/gs;
  it.each(others)("%s throws no text of its own", (source) => {
    for (const [, given] of textOf(source).matchAll(thrown)) {
      if (source === "running/transfer.ts") continue; // makes errors again that came from another thread
      expect(given).toMatch(/^\s*(?:[\w.]+ === "\w+" \? )?\w+Texts\.\w+/);
    }
  });
});
