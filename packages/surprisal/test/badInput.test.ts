// Wrong calls and their exact messages: each names the place, what was found, what was expected and the way out.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { decisionTexts, heapTexts, shown, texts } from "../src/errors.ts";
import { InputError } from "../src/index.ts";
import { batchRows } from "./badInput/batches.ts";
import { owned, wrong } from "./badInput/calls.ts";
import { decisionRows } from "./badInput/decisions.ts";
import { heapRows } from "./badInput/heap.ts";
import { lossRows } from "./badInput/losses.ts";
import { optionRows } from "./badInput/options.ts";
import { junk, places } from "./badInput/places.ts";
import { treeRows } from "./badInput/trees.ts";

const rows = [...lossRows, ...batchRows, ...optionRows, ...decisionRows, ...heapRows, ...treeRows];

beforeEach(() => {
  owned.fill(7);
});

describe("a wrong call", () => {
  it.each(rows)("%s", (_, call, message) => {
    let error: unknown;
    try {
      call();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(InputError);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "InputError", message });
    expect(owned, "an array of the caller's was written to").toEqual(new Float64Array(6).fill(7));
  });

  it("has a row for every text of the catalogue", () => {
    const groups: readonly Record<string, unknown>[] = [texts, heapTexts, decisionTexts];
    const spies = groups.flatMap((group) =>
      Object.keys(group).map((name) => [name, vi.spyOn(group as { [name]: () => string }, name)] as const),
    );
    for (const [, call] of rows) expect(call).toThrow(InputError);
    const unreached = spies.flatMap(([name, spy]) => (spy.mock.calls.length === 0 ? [name] : []));
    vi.restoreAllMocks();
    expect(unreached).toEqual([]);
  });

  it("has a message that begins with the place", () => {
    for (const [, , message] of rows) expect(message).toMatch(/^[A-Za-z0-9.]+( of [A-Za-z]+|: alpha)?: [a-z]/);
    expect(rows.length).toBeGreaterThan(60);
    expect(new Set(rows.map(([name]) => name)).size).toBe(rows.length);
  });

  it("never ends in an error of JavaScript, whatever stands in whichever place", () => {
    for (const [place, call] of Object.entries(places)) {
      for (const value of junk) {
        try {
          call(wrong(value));
        } catch (error) {
          expect(error, `${place} given ${shown(value)}: ${error}`).toBeInstanceOf(InputError);
        }
      }
    }
  });

  it("is shown by what it was given, whatever that is", () => {
    const values = [null, undefined, Number.NaN, 5n, "x".repeat(50), () => 0, [], {}, Object.create(null), new Map()];
    expect([...values, new Uint8Array(1), Symbol("s")].map(shown)).toEqual([
      "null",
      "undefined",
      "NaN",
      "5n",
      `"${"x".repeat(40)}…"`,
      "a function",
      "an Array",
      "an Object",
      "an Object",
      "a Map",
      "a Uint8Array",
      "Symbol(s)",
    ]);
  });
});
