// SQL is quoted in one place: no file that makes a statement puts a name or a text between quotes by hand.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { identifier, literal } from "../src/table/sql.ts";

const root = fileURLToPath(new URL("../src/", import.meta.url));
const makers = readdirSync(root, { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => /^(table\/.*|saved\/modelTable)\.ts$/.test(name) && name !== "table/sql.ts");
const codeOf = (source: string) => readFileSync(root + source, "utf8").replace(/\/\*.*?\*\/|\/\/[^\n]*/gs, "");

describe("statements", () => {
  it.each(makers)("%s quotes no SQL by hand", (source) => {
    expect(codeOf(source)).not.toMatch(/'[\w^]*\$\{/);
    expect(codeOf(source)).not.toMatch(/replaceAll\(("'"|'"'),/);
  });

  it("cannot be left by a name or a text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("'", '"', "\\", "a", ";", "\n") }), (text) => {
        expect(identifier(text)).toMatch(/^"([^"]|"")*"$/);
        expect(literal(text)).toMatch(/^'([^']|'')*'$/);
      }),
    );
  });
});
