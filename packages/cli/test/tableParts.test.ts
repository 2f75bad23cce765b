// The parts of reading a table: delimiters, records, the dictionary of a column, the nearest name.
import { describe, expect, test } from "vitest";
import { Dictionary } from "../src/table/dictionary.ts";
import { findDelimiter } from "../src/table/layout.ts";
import { firstRecords } from "../src/table/records.ts";
import { nearestName } from "../src/words/names.ts";

describe("the parts", () => {
  test("the delimiter is the one that cuts all lines alike", () => {
    expect(findDelimiter("a;b\n1,5;2\n2,5;3\n")).toBe(";");
    expect(findDelimiter('a,b\n"x;y;z",2\n"x;y",3\n')).toBe(",");
    expect(findDelimiter("a\n1\n")).toBe(",");
  });

  test("records keep quoted delimiters, quotes and line ends", () => {
    const { records } = firstRecords('"a,""b""\n",c\r\n1,2\n', ",", { most: 9, whole: true });
    expect(records.map(({ cells }) => cells)).toEqual([
      ['a,"b"\n', "c"],
      ["1", "2"],
    ]);
  });

  test("a dictionary numbers texts by first sight and survives growing", () => {
    const dictionary = new Dictionary();
    const codes = Array.from({ length: 9000 }, (_, i) => dictionary.code(i % 3000, (i % 3000) * 7, () => `t${i}`));
    expect(codes).toEqual(Array.from({ length: 9000 }, (_, i) => i % 3000));
    expect(dictionary.texts).toHaveLength(3000);
    expect(dictionary.code(1, 99, () => null)).toBe(-1);
  });

  test("the nearest name forgives a few letters and no more", () => {
    expect(nearestName("chrun", ["state", "churn"])).toBe("churn");
    expect(nearestName("Churn", ["state", "churn"])).toBe("churn");
    expect(nearestName("zzzzzz", ["state", "churn"])).toBe(null);
  });
});
