// Laws of folds and windows in time: for any times, labels and groups nothing is learnt from what comes later.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CliError } from "../src/errors.ts";
import { hashFolds, sidesOf, testedPositions, testShareOf, trainedRowsOf } from "../src/folds/assignment.ts";
import { foldsInTime, timeOf } from "../src/folds/time.ts";
import { windowsInTime } from "../src/folds/windows.ts";
import type { NumberColumn } from "../src/table/table.ts";
import { allPositions, positionsWhere } from "../src/task/positions.ts";
import { goalsOf, nothingAsked } from "../src/verdict/goals.ts";
import { chooseThresholds } from "../src/verdict/thresholds.ts";
import { allRows, column } from "./columns.ts";
import { binaryTarget } from "./simulation.ts";
import { classTarget, labelTarget } from "./targets.ts";

/** Rows with a time (of a few or many), a label and a group each. */
const rows = fc.integer({ min: 1, max: 60 }).chain((times) =>
  fc.array(fc.record({ when: fc.integer({ min: -times, max: times }), label: fc.nat(1), group: fc.nat(12) }), {
    minLength: 12,
    maxLength: 80,
  }),
);

const worldOf = (given: readonly { readonly when: number; readonly label: number; readonly group: number }[]) => {
  const target = binaryTarget(Int32Array.from(given, ({ label }) => label));
  const times = column(
    "when",
    given.map(({ when }) => when),
  ) as NumberColumn;
  const groups = Int32Array.from(given, ({ group }) => group);
  return { target, time: timeOf(times, allRows(given.length)), groups };
};

/** What is refused is no matter here. */
const orNull = <T>(make: () => T): T | null => {
  try {
    return make();
  } catch (error) {
    expect(error).toBeInstanceOf(CliError);
    return null;
  }
};

const whenOf = (given: readonly { readonly when: number }[], positions: Int32Array) =>
  Array.from(positions, (position) => given[position].when);

describe("folds in time", () => {
  it("train on all that is earlier and on nothing else, test each row once at most, and keep groups apart", () => {
    let made = 0;
    fc.assert(
      fc.property(rows, fc.integer({ min: 2, max: 6 }), fc.boolean(), (given, count, grouped) => {
        const { target, time, groups } = worldOf(given);
        const folds = orNull(() => foldsInTime(target, time, grouped ? groups : null, count));
        if (folds === null) return;
        made++;
        const all = allPositions(target);
        const sides = Array.from({ length: count }, (_, fold) => sidesOf(folds, 0, fold, all));
        const tested = sides.flatMap(({ test }) => [...test]);
        expect(new Set(tested).size).toBe(tested.length);
        expect([...testedPositions(folds, all)]).toEqual(tested.sort((a, b) => a - b));
        for (const { train, test } of sides) {
          const last = Math.max(...whenOf(given, train));
          expect(Math.min(...whenOf(given, test))).toBeGreaterThan(last);
          // All that is as early as the latest row that is trained on is trained on.
          expect(train.length).toBe(given.filter(({ when }) => when <= last).length);
          expect(new Set(Array.from(train, (k) => given[k].label)).size).toBe(2);
          expect(new Set(Array.from(test, (k) => given[k].label)).size).toBe(2);
          const known = new Set(Array.from(train, (k) => groups[k]));
          if (grouped) expect(Array.from(test, (k) => known.has(groups[k]))).not.toContain(true);
        }
        const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
        expect(testShareOf(folds)).toBeCloseTo(mean(sides.map(({ train, test }) => test.length / train.length)), 12);
        expect(trainedRowsOf(folds)).toBeCloseTo(mean(sides.map(({ train }) => train.length)), 9);
        expect(folds.hash).toBe(hashFolds(folds.repeats));
      }),
      { numRuns: 300 },
    );
    expect(made).toBeGreaterThan(30);
  });

  it("advise a count that works, where they advise one", () => {
    let advised = 0;
    fc.assert(
      fc.property(rows, fc.integer({ min: 3, max: 12 }), (given, count) => {
        const { target, time } = worldOf(given);
        try {
          foldsInTime(target, time, null, count);
        } catch (error) {
          const fewer = /use --fold-count (\d+)/.exec((error as Error).message)?.[1];
          if (fewer === undefined) return;
          const again = orNull(() => foldsInTime(target, time, null, Number(fewer)));
          // With too few times the classes are looked at only then.
          if (!/different times?,/.test((error as Error).message)) expect(again).not.toBeNull();
          advised++;
        }
      }),
      { numRuns: 300 },
    );
    expect(advised).toBeGreaterThan(30);
  });

  it("want every class, and of every label its 0 and its 1, in every block", () => {
    const when = Array.from({ length: 12 }, (_, k) => k);
    const time = timeOf(column("when", when) as NumberColumn, allRows(12));
    const three = classTarget(
      when.map((k) => k % 3),
      ["a", "b", "c"],
    );
    expect(foldsInTime(three, time, null, 3).repeats[0]).toEqual(Int32Array.from(when, (k) => Math.floor(k / 3) - 1));
    const lacking = classTarget([0, 1, 2, 0, 1, 2, 0, 1, 0, 0, 1, 2], ["a", "b", "c"]);
    expect(() => foldsInTime(lacking, time, null, 3)).toThrow(
      /block 3 of 4 \(6 to 8\).*"c" to test; use --fold-count 2/,
    );
    const labels = labelTarget(
      when.map((k) => [k % 2, k < 6 ? k % 2 : 1]),
      ["x", "y"],
    );
    expect(() => foldsInTime(labels, time, null, 3)).toThrow(/block 3 of 4 \(6 to 8\) has no row of class "y = 0"/);
  });
});

describe("windows in time", () => {
  it("hold out later rows than those that are learnt from, each at most once, with their groups apart", () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 10 }), fc.boolean(), (given, count, grouped) => {
        const { target, time, groups } = worldOf(given);
        const some = positionsWhere(allPositions(target), (position) => position % 5 !== 2);
        const windows = windowsInTime(target, some, time.ranks, grouped ? groups : null, count);
        const different = new Set(whenOf(given, some)).size;
        if (different === 1) expect(windows).toEqual([]);
        else if (!grouped) expect(windows.length).toBeGreaterThan(0);
        expect(windows.length).toBeLessThanOrEqual(Math.min(count, 4));
        const held = windows.flatMap(({ test }) => [...test]);
        expect(new Set(held).size).toBe(held.length);
        for (const { train, test } of windows) {
          expect(Math.min(train.length, test.length)).toBeGreaterThan(0);
          expect(Math.min(...whenOf(given, test))).toBeGreaterThan(Math.max(...whenOf(given, train)));
          for (const position of [...train, ...test]) expect(some).toContain(position);
          const known = new Set(Array.from(train, (k) => groups[k]));
          if (grouped) expect(Array.from(test, (k) => known.has(groups[k]))).not.toContain(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("have all classes on both sides wherever one cut has", () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 4 }), (given, count) => {
        const { target, time } = worldOf(given);
        const windows = windowsInTime(target, allPositions(target), time.ranks, null, count);
        const labelsWhere = (holds: (when: number) => boolean) =>
          new Set(given.filter(({ when }) => holds(when)).map(({ label }) => label)).size;
        const all = labelsWhere(() => true);
        const possible = given.some(
          ({ when: cut }) => labelsWhere((when) => when < cut) === all && labelsWhere((when) => when >= cut) === all,
        );
        if (!possible) return;
        for (const { train, test } of windows)
          for (const side of [train, test]) expect(new Set(Array.from(side, (k) => given[k].label)).size).toBe(all);
      }),
      { numRuns: 300 },
    );
  });
});

describe("thresholds in time", () => {
  it("are searched for in earlier folds only: what comes later changes nothing of what a fold takes", () => {
    const labels = Int32Array.from({ length: 90 }, (_, k) => Number((k * 7) % 5 < 2));
    const probabilities = Float64Array.from(labels, (label, k) => 0.25 + 0.4 * label + 0.2 * Math.sin(k));
    const fold = Array.from({ length: 90 }, (_, k) => Math.floor(k / 30));
    const at = (p: Float64Array, inTime: boolean) =>
      chooseThresholds({ labels, probabilities: p }, fold, goalsOf(nothingAsked, 90), inTime)[0];
    const last = probabilities.map((p, k) => (k < 60 ? p : 1 - p));
    // The last fold is searched for in the 60 rows before it, the first in none, and tells nothing.
    const [one, other] = [at(probabilities, true), at(last, true)];
    expect(other.bySearch).toBe(one.bySearch);
    expect(at(last, false).bySearch).not.toBeCloseTo(at(probabilities, false).bySearch, 3);
  });
});
