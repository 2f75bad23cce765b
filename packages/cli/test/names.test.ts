// Whatever a table, a column, a class or a folder is called: what is suggested can be pasted, and all of it only shows.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parseHTML } from "linkedom";
import { afterAll, describe, expect, it } from "vitest";
import { attackTime, isLong, recordCounts } from "../../surprisal/test/attack/counts.ts";
import { list } from "../src/commands/values.ts";
import { CliError, tableTexts } from "../src/errors.ts";
import { html, withFlags } from "../src/report/drawing/html.ts";
import { readModelFile } from "../src/saved/modelFile.ts";
import type { Result } from "../src/verdict/result.ts";
import { plainName } from "../src/words/quoted.ts";
import { listWord, pathWord, predictCommand, shellWord } from "../src/words/shell.ts";
import { wordsOf, wrapped } from "../src/words/text.ts";
import { visibleLine, visibleText } from "../src/words/visible.ts";
import { acting, hostileNames } from "./hostileNames.ts";
import { attack, command, scratch, surprisal } from "./world.ts";

const place = scratch();
/** Milliseconds for what goes over all names. */
afterAll(() => place.dispose());

/** Shells that there are; `sh` is there always. */
const shells = ["sh", "bash", "zsh", "ksh"].filter((name) => spawnSync(name, ["-c", ":"]).status === 0);

/** What a shell gives to a program, `surprisal` among others, of each line; nothing else may run. */
function words(lines: readonly string[], shell = "sh"): string[][] {
  const folder = place.path("shell");
  mkdirSync(folder, { recursive: true });
  const script = `surprisal() { for word; do printf '%s\\000' "$word"; done; printf '\\001'; }\n${lines.join("\n")}\n`;
  const { stdout, stderr, status } = spawnSync(shell, ["-s"], { cwd: folder, input: script });
  expect([status, stderr.toString()]).toEqual([0, ""]);
  expect(readdirSync(folder)).toEqual([]);
  return stdout
    .toString()
    .split("\u0001")
    .slice(0, -1)
    .map((line) => line.split("\0").slice(0, -1));
}

const anyName = fc.string({
  minLength: 1,
  maxLength: 12,
  unit: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(..."ab '\"$`\\!-;()\n\t=~*%,\u001b\u202e\u0085\r".split("")) },
    { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }) },
  ),
});
const randomNames = fc
  .sample(anyName, { seed: 8, numRuns: attack(300, 30_000) })
  .filter((name) => !name.includes("\0") && !name.includes("\u0001") && !/\p{Cs}/u.test(name));
const names = [...hostileNames, ...randomNames];

describe("a word for a shell", () => {
  it.each(shells)(
    "is the name that it stands for, in %s",
    (shell) => {
      for (let from = 0; from < names.length; from += 500) {
        const some = names.slice(from, from + 500);
        expect(
          words(
            some.map((name) => `surprisal ${shellWord(name)}`),
            shell,
          ),
        ).toEqual(some.map((name) => [name]));
      }
      recordCounts(`names in suggested commands, ${shell}`, { "came back": names.length });
    },
    attackTime,
  );

  it(
    "of a path is never taken for a flag, of several names is read as they are",
    () => {
      const read = words(names.map((name) => `surprisal ${pathWord(name)} ${listWord([name, "b"])}`));
      read.forEach(([path, several], k) => {
        expect(path.startsWith("-")).toBe(false);
        expect(path.replace(/^\.\/(?=-)/, "")).toBe(names[k].replace(/^\.\/(?=-)/, ""));
        expect(list(several)).toEqual([names[k], "b"]);
      });
    },
    attackTime,
  );

  it(
    "is one line that only shows",
    () => {
      for (const name of names) expect(shellWord(name)).not.toMatch(/\n/);
      for (const name of names) expect(shellWord(name)).not.toMatch(acting);
    },
    attackTime,
  );

  it(
    "stays whole where a text is broken into lines, beside any name, on a page, too",
    () => {
      for (const name of names) {
        const word = shellWord(name);
        const text = visibleLine(`${plainName(name)}: it's a note of 5 % (--keep ${word}), and more`);
        expect(
          wordsOf(text).some((each) => each.includes(word)),
          text,
        ).toBe(true);
        for (const columns of [20, 40, 70]) expect(wrapped(text, columns, "").split("\n").join(" ")).toContain(word);
        const { document } = parseHTML(html`<p>${withFlags(text)}</p>`.text);
        expect(document.querySelector("p")?.textContent).toContain(word);
      }
    },
    attackTime,
  );
});

describe("what is printed", () => {
  it(
    "acts on no terminal, and JSON stays what it was",
    () => {
      fc.assert(
        fc.property(fc.string({ unit: "binary" }), fc.constantFrom(...hostileNames), (text, name) => {
          expect(visibleText(text + name)).not.toMatch(acting);
          expect(visibleLine(text + name)).not.toMatch(/\n/);
          expect(JSON.parse(visibleText(JSON.stringify({ [text]: name })))).toEqual({ [text]: name });
        }),
        { seed: 8, numRuns: attack(300, 100_000) },
      );
      expect(visibleText("\u001b[1mbold\u001b[22m \u001b[31mred", true)).toBe("\u001b[1mbold\u001b[22m \\u001b[31mred");
    },
    attackTime,
  );
});

const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** A table in which the first column numbers the rows, and the classes are told by the second. */
function table(column: string, answer: string, yes: string, no: string): string {
  const rows = Array.from({ length: 60 }, (_, n) => {
    const positive = n % 3 === 0;
    return [`${1000 + n}`, `${positive ? n % 7 : (n % 7) + 0.5}`, `k${n % 4}`, positive ? yes : no].map(cell).join(",");
  });
  return `${[`id ${column}`, column, "kind", answer].map(cell).join(",")}\n${rows.join("\n")}\n`;
}

/** Names as the reader of tables takes them: without blanks around, a byte order mark, or a line end of old. */
const usable = hostileNames.filter((name) => name === name.trim() && !/^(\ufeffmark|nan|carriage.*)$/s.test(name));
const fileName = (name: string) => name.replaceAll("/", "_").slice(0, 80);

describe("a hostile name", () => {
  it("is one of at least 65", () => {
    expect(new Set(hostileNames).size).toBe(hostileNames.length);
    expect(hostileNames.length).toBeGreaterThanOrEqual(65);
  });

  it.each(usable)(
    "%j as a table, column, class and folder goes through fit, and what is suggested works",
    async (name) => {
      const folder = place.path(`fit ${fileName(name)}`);
      mkdirSync(folder);
      const source = join(folder, `${fileName(name)}.csv`);
      place.write(
        join(`fit ${fileName(name)}`, `${fileName(name)}.csv`),
        table(name, `the ${name}`, `yes ${name}`, "no"),
      );
      const argv = ["fit", source, `the ${name}`, "--model", "linear", "--output", folder, "--positive", `yes ${name}`];
      const { code, out, err } = await command(argv);
      expect([code, err]).toEqual([0, ""]);
      expect(out + err).not.toMatch(acting);
      const model = source.replace(/\.csv$/, ".onnx");
      expect(out).toContain(` NEXT     ${predictCommand(model)}\n`);
      expect(out.replaceAll(/\n {10}/g, " ")).toContain(`(--keep ${shellWord(`id ${name}`)})`);
      const saved = await readModelFile(model);
      expect(words([saved.provenance.command])).toEqual([argv]);
      // The path of the model may begin with anything: it is given from the folder, too.
      const [predict] = words([predictCommand(`${fileName(name)}.onnx`)]);
      expect(existsSync(join(folder, predict[1]))).toBe(true);
      // Wrong calls name it in their errors.
      for (const flags of [
        ["--drop", name, "--keep", name],
        ["--group", `${name}?`],
        ["--positive", `${name}?`],
      ]) {
        const refused = await command([
          "fit",
          source,
          `the ${name}`,
          "--model",
          "linear",
          "--output",
          folder,
          ...flags,
        ]);
        expect(refused.code).toBe(2);
        expect(refused.err).not.toMatch(acting);
        expect(refused.err.split("\n").length).toBe(2);
      }
      for (const missing of [`${name}/none.csv`, name]) {
        const none = await command(["fit", missing, "answer", "--output", folder, "--loss", name]);
        expect(none.code).toBe(2);
        expect(none.err).not.toMatch(acting);
      }
    },
  );

  it("in an error that suggests a flag is a word for a shell", () => {
    for (const name of usable) {
      const infinite = new CliError(tableTexts.infinite("t.csv", name, 1, true)).message;
      expect(words([`surprisal ${infinite.slice(infinite.indexOf("--drop "))}`])).toEqual([["--drop", name]]);
      const tiny = tableTexts.tinyClasses("a", [name], 2);
      const [[, several]] = words([`surprisal ${tiny.slice(tiny.indexOf("--drop-classes "))}`]);
      expect(list(several)).toEqual([name]);
      const none = tableTexts.noFeatures([{ column: name, why: "an id", flag: `--keep ${shellWord(name)}` }]);
      expect(words([`surprisal ${none.slice(none.indexOf("--keep ", none.indexOf("keep one with")))}`])).toEqual([
        ["--keep", name],
      ]);
    }
  });

  it.each(isLong ? usable : ["$(touch pwned)", "x --keep 'y", "a  b", "two\nlines", "-x", "\u001b[31m\u202ered"])(
    "%j goes through compare: terminal, JSON and page",
    async (name) => {
      const folder = place.path(`compare ${fileName(name)}`);
      mkdirSync(folder);
      const source = `${fileName(name)}.csv`;
      place.write(join(`compare ${fileName(name)}`, source), table(name, `the ${name}`, `yes ${name}`, "no"));
      const output = `out ${fileName(name)}`;
      const flags = [
        "--model",
        "linear",
        "--fast",
        "--losses",
        "ce",
        "--fold-count",
        "2",
        "--jobs",
        "1",
        "--drop",
        "kind",
      ];
      const argv = ["compare", ...flags, "--output", output, "--", source, `the ${name}`];
      const { code, out, err } = await surprisal(folder, ...argv);
      expect([code, err.split("\n").filter((line) => !/folds/.test(line))]).toEqual([0, [""]]);
      expect(out + err).not.toMatch(acting);
      const stem = join(output, fileName(name));
      const report = JSON.parse(readFileSync(join(folder, `${stem}.report.json`), "utf8")) as Result;
      const repeats = argv.filter((word, k) => word !== "--jobs" && argv[k - 1] !== "--jobs");
      expect(words([report.command])).toEqual([repeats]);
      const next = predictCommand(`${stem}.onnx`);
      expect(out.replaceAll(/\n {10}/g, " ")).toContain(` NEXT     ${next}`);
      expect(words([next])).toEqual([["predict", `${stem}.onnx`, "NEW_TABLE"]]);
      const page = readFileSync(join(folder, `${stem}.report.html`), "utf8");
      expect(page).not.toMatch(acting);
      const code_ = [...parseHTML(page).document.querySelectorAll("code")].map(({ textContent }) => textContent);
      expect(code_).toContain(report.command);
      expect(code_).toContain(next);
    },
    60_000,
  );
});
