// An error from a worker arrives as what it is: whoever catches it can tell whose mistake it was.
import { InputError } from "surprisal";
import { afterAll, describe, expect, it } from "vitest";
import { CliError } from "../src/errors.ts";
import { packError, unpackError } from "../src/running/transfer.ts";
import { scratch, surprisal, twoClasses } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

const system = Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
const errors = [
  new CliError("training: no"),
  new InputError("focal: gamma is -1"),
  new Error("plain"),
  new TypeError("x is undefined"),
  new RangeError("too long"),
  new SyntaxError("odd"),
  new ReferenceError("y"),
  new EvalError("code"),
  new URIError("%"),
  new AggregateError([], "several"),
  new WebAssembly.CompileError("too large"),
  new WebAssembly.LinkError("memory"),
  new WebAssembly.RuntimeError("unreachable"),
  new DOMException("gone", "AbortError"),
  system,
];

describe("an error on its way between threads", () => {
  it.each(errors.map((error) => [error.name, error] as const))(
    "%s arrives with its name, words and place",
    (_, error) => {
      const arrived = unpackError(structuredClone(packError(error)));
      expect([arrived.name, arrived.message, arrived.stack]).toEqual([error.name, error.message, error.stack]);
      expect(arrived).toBeInstanceOf(Error);
      for (const known of [CliError, InputError]) expect(arrived instanceof known).toBe(error instanceof known);
      expect((arrived as NodeJS.ErrnoException).code).toBe(error === system ? "ENOSPC" : undefined);
    },
  );

  it("is told where something else was thrown", () => {
    for (const thrown of ["text", 7, null, undefined]) {
      expect(unpackError(packError(thrown)).message).toBe(String(thrown));
    }
  });
});

describe("features that not every training can take", () => {
  it.each(["linear", "mlp"])(
    "are told by every command in the same way (%s)",
    async (model) => {
      const lines = twoClasses(120, "huge").trim().split("\n");
      const huge = lines.slice(1).map((line, n) => `${n % 2 ? "1.7e308" : "-1.7e308"},${line}`);
      place.write("huge.csv", `${[`huge,${lines[0]}`, ...huge].join("\n")}\n`);
      const flags = ["huge.csv", "answer", "--model", model];
      const fitted = await surprisal(place.folder, "fit", ...flags);
      const compared = await surprisal(place.folder, "compare", ...flags, "--fast", "--losses", "ce", "--no-save");
      const told = ({ code, err }: typeof fitted) => ({ code, error: /^surprisal: .*$/m.exec(err)?.[0] });
      expect(told(compared)).toEqual(told(fitted));
      // What is too much for float32 is none to a linear model in float64.
      expect(told(fitted)).toEqual(
        model === "linear"
          ? { code: 0, error: undefined }
          : { code: 2, error: expect.stringMatching(/training of the network.*huge values.*--drop/) },
      );
    },
    60_000,
  );
});
