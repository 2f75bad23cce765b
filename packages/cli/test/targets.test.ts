// Targets as people write them: which class is positive, classes that look alike, words for no, columns by a pattern.
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { command, scratch } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

/** A table with one number and a column `answer` of these cells, over and over. */
const answers = (cells: readonly string[], rows = 60) =>
  `x,answer\n${Array.from({ length: rows }, (_, n) => `${(n * 37) % 101},${cells[n % cells.length]}`).join("\n")}\n`;

/** What `fit` tells of the target, with its exit code. */
async function told(table: string, ...argv: readonly string[]) {
  const path = place.write("table.csv", table);
  const targets = argv.length > 0 ? argv : ["answer"];
  const { code, out, err } = await command(["fit", path, ...targets, "--model", "linear", "--output", place.folder], {
    columns: 1000,
  });
  const lines = out.replaceAll(/\n {10}(?=\S)/g, " ").split("\n");
  return {
    code,
    err,
    target: lines.filter((line) => line.startsWith(" target")).map((line) => line.replace(/ S\d{3}$/, "")),
    out,
  };
}

const positives = (cells: readonly string[], ...argv: readonly string[]) =>
  told(answers(cells), ...(argv.length > 0 ? ["answer", ...argv] : []));

describe("the positive class", () => {
  it.each([
    ["1", "0"],
    ["1.0", "0.0"],
    ["+1", "00"],
    ["true", "false"],
    ["TRUE", "FALSE"],
    ["Yes", "No"],
    ["y", "n"],
    ["T", "F"],
    ["positive", "negative"],
    ["Positive", "NEGATIVE"],
    ["yes", "0"],
    ["1", "no"],
    ["True", "0"],
  ])("is %s where the other class is %s, also where it is the larger", async (yes, no) => {
    const { code, target } = await positives([yes, yes, no]);
    expect(code).toBe(0);
    expect(target).toEqual([
      ` target   answer: "${yes}" 40 (66.7 %) is taken as positive, since the other class is "${no}" (--positive changes it)`,
    ]);
  });

  it("is 1 where both are as frequent, for what they mean and not for their order", async () => {
    const { target } = await positives(["no", "1"]);
    expect(target[0]).toContain('"1" 30 (50.0 %) is taken as positive, since the other class is "no"');
  });

  it("is the rare one where words mean nothing of the kind, and where it is both", async () => {
    expect((await positives(["churned", "stayed", "stayed"])).target[0]).toContain(
      '"churned" 20 (33.3 %) is the rare class',
    );
    expect((await positives(["2", "2", "1"])).target[0]).toContain('"1" 20 (33.3 %) is the rare class');
    expect((await positives(["1", "1", "-1"])).target[0]).toContain('"-1" 20 (33.3 %) is the rare class');
    expect((await positives(["y", "y", "f"])).target[0]).toContain('"f" 20 (33.3 %) is the rare class');
    expect((await positives(["yes", "no", "no"])).target[0]).toContain('"yes" 20 (33.3 %) is the rare class');
  });

  it("is what --positive says, whatever the words mean", async () => {
    expect((await positives(["1", "1", "0"], "--positive", "0")).target[0]).toContain(
      '"0" 20 (33.3 %) is the positive class as asked',
    );
  });

  it("is the column of probabilities that predict adds", async () => {
    await positives(["1", "1", "0"]);
    const table = place.write("table.csv", answers(["1", "1", "0"]));
    const output = place.path("predicted.csv");
    expect((await command(["predict", place.path("table.onnx"), table, "--output", output])).code).toBe(0);
    expect(readFileSync(output, "utf8")).toMatch(/^x,answer,probability_1,prediction\n/);
  });
});

describe("classes that look alike", () => {
  it.each([
    ["yes", "Yes", "no", "in capitals only"],
    ["STRASSE", "straße", "weg", "in capitals only"],
    ["very good", "very  good", "bad", "in blanks only"],
    ["New York", "NewYork", "Rome", "in blanks only"],
    ["very\u00a0good", "very good", "bad", "in blanks only"],
    ["ze\u200bro", "zero", "one", "in characters that are not seen only"],
    ["caf\u00e9", "cafe\u0301", "bar", "in characters that look the same only"],
    ["1.1", "1.10", "2", "in how a number is written only"],
  ])("are told: %s and %s", async (one, other, third, how) => {
    const { code, target } = await positives([one, other, third]);
    expect(code).toBe(0);
    const alike = target.filter((line) => line.includes("differ"));
    expect(alike).toHaveLength(1);
    expect(alike[0]).toContain(`differ ${how} and are different classes; write them alike to join them`);
  });

  it("are told where there are two classes and no other", async () => {
    const { target } = await positives(["Yes", "yes"]);
    expect(target.join("\n")).toContain('answer: "Yes" and "yes" differ in capitals only and are different classes');
  });

  it("are told in one line where there are three", async () => {
    const { target } = await positives(["a", "A", "á", "Á", "b"]);
    expect(target.join("\n").match(/differ in capitals only/g)).toHaveLength(2);
    const three = await positives(["ab", "aB", "AB", "b"]);
    expect(three.target.join("\n")).toContain('"AB", "aB" and "ab" differ in capitals only');
  });

  it("are told of a label whose words mean nothing by themselves", async () => {
    const rows = Array.from(
      { length: 60 },
      (_, n) => `${n % 13},${["in", "In"][n % 2]},${["in", "out"][(n >> 1) % 2]}`,
    );
    const { code, target } = await told(`x,a,b\n${rows.join("\n")}\n`, "a", "b", "--positive", "in");
    expect(code).toBe(0);
    expect(target.join("\n")).toContain('a: "In" and "in" differ in capitals only');
  });

  it("are no matter where they are not: other letters, other numbers", async () => {
    const { target } = await positives(["a", "á", "10", "1 1"]);
    expect(target.join("\n")).not.toContain("differ");
  });
});

describe("the spelling of the file", () => {
  it("is kept by classes: 001, 010, 100", async () => {
    const { target } = await positives(["001", "010", "100"]);
    expect(target).toEqual([' target   answer: 3 classes, "001" 20, "010" 20, "100" 20']);
  });

  it("is kept by ids beyond 2^53", async () => {
    const ids = ["9007199254740993", "9007199254740992", "1234567890123456789"];
    const { target } = await positives(ids);
    for (const id of ids) expect(target.join()).toContain(`"${id}" 20`);
  });

  it("is a class where a word for no value is frequent in the target: - and +", async () => {
    const { code, target } = await positives(["-", "+", "-"]);
    expect(code).toBe(0);
    expect(target.join()).not.toContain("no label");
    expect(target.join()).toContain('"+" 20 (33.3 %)');
  });

  it("is a class where it is None among others", async () => {
    const { target } = await positives(["None", "Mild", "Severe"]);
    expect(target.join()).toContain('"None" 20');
  });

  it("is a gap where such a word is rare, and an empty cell always", async () => {
    const cells = [...Array.from({ length: 15 }, () => ["a", "b"]).flat(), "NA", ""];
    const { target } = await told(answers(cells, 64));
    expect(target.join()).toContain("4 rows (6.3 %) have no label and are left out");
  });
});

describe("one row", () => {
  it("has no label, and is of a class", async () => {
    const { target } = await told(`${answers(["a", "b"])}3,\n`);
    expect(target.join()).toContain("answer: 1 row (1.6 %) has no label and is left out");
    const dropped = await told(`${answers(["a", "b"])}3,c\n`, "answer", "--drop-classes", "c");
    expect(dropped.target.join()).toContain('answer: 1 row of class "c" is left out as asked');
  });
});

describe("--labels with a pattern", () => {
  const names = ["x", "tag_a", "tag_b", "tag_cc", "other", "tag_*", "note"];
  const rows = Array.from({ length: 60 }, (_, n) =>
    [(n * 37) % 101, n % 2, (n >> 1) % 2, (n >> 2) % 2, (n * 3) % 7, (n >> 3) % 2, (n * 5) % 13].join(","),
  );
  const tags = (columns = names) =>
    `${columns.join(",")}\n${rows.map((row) => row.split(",").slice(0, columns.length).join(",")).join("\n")}\n`;
  const plain = names.slice(0, 5);

  it("takes every column that it fits, told by name", async () => {
    const { code, target } = await told(tags(plain), "--labels", "tag_*");
    expect(code).toBe(0);
    expect(target[0]).toBe(" target   --labels tag_*: 3 columns, tag_a, tag_b, tag_cc");
    expect(target[1]).toContain("3 labels, each on its own");
  });

  it("takes one character for ?, and stands beside names and other patterns", async () => {
    const one = await told(tags(plain), "--labels", "tag_?");
    expect(one.target[0]).toContain("--labels tag_?: 2 columns, tag_a, tag_b");
    const several = await told(tags(plain), "--labels", "tag_cc,tag_?,*_b");
    expect(several.target.join("\n")).toContain("3 labels");
    const again = await told(tags(plain), "--labels", "tag_a", "--labels", "*_b", "--labels", "tag_cc");
    expect(again.target.join("\n")).toContain("3 labels");
  });

  it("takes the column of just that name, where there is one", async () => {
    const { out, target } = await told(tags(names), "--labels", "tag_*,tag_a");
    expect(target.join("\n")).toContain("2 labels");
    expect(target.join("\n")).not.toContain("--labels");
    expect(out).not.toContain("3 labels");
  });

  it("takes no column that another flag takes", async () => {
    const { target } = await told(tags(plain), "--labels", "tag_*", "--drop", "tag_a");
    expect(target[0]).toContain("2 columns, tag_b, tag_cc");
    const grouped = await told(tags(plain), "--labels", "tag_*", "--group", "tag_cc");
    expect(grouped.target[0]).toContain("2 columns, tag_a, tag_b");
  });

  it("is refused where it fits nothing, with the names that there are", async () => {
    const { code, err } = await told(tags(plain), "--labels", "label_*");
    expect(code).toBe(2);
    expect(err).toContain('--labels: no column fits "label_*"; the table has "x", "tag_a", "tag_b", "tag_cc", "other"');
  });

  it("is one target where it fits one column", async () => {
    const { code, target } = await told(tags(plain), "--labels", "*_cc");
    expect(code).toBe(0);
    expect(target[0]).toBe(" target   --labels *_cc: 1 column, tag_cc");
    expect(target[1]).toContain('tag_cc: "1"');
  });

  it("keeps a name without a pattern what it was: unknown ones are refused, with the nearest", async () => {
    const { code, err } = await told(tags(plain), "--labels", "tag_a,tag_bb");
    expect(code).toBe(2);
    expect(err).toMatch(/no column "tag_bb"; did you mean "tag_b"\?/);
    expect((await told(tags(plain), "--labels", "tag_a,tag_a")).err).toContain('"tag_a" is named twice');
  });
});
