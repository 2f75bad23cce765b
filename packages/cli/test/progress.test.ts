// What is shown while folds are worked on: on a terminal it is written over, elsewhere it is a few plain lines.
import { describe, expect, it } from "vitest";
import type { Scores } from "../src/scores/scores.ts";
import { makeFamilies } from "../src/selection/families.ts";
import { ProgressLines, type ScoredFold } from "../src/terminal/progress.ts";
import type { World } from "../src/world.ts";

const plan = { model: "linear", metric: "log-loss", families: makeFamilies(["ce", "balanced"], true) } as const;
const plans = [plan];

/** The codes that move or erase, and the text between them. */
const codes = /\p{Cc}\[(\d+)A|\p{Cc}\[J|\r|\n|\P{Cc}+/gu;

/** A world with a clock that is set, and the screen that its standard error has drawn. */
function terminal(more: Partial<World> = {}) {
  const screen = [""];
  let line = 0;
  let column = 0;
  let written = "";
  const clock = { now: 0 };
  const put = (text: string) => {
    screen[line] = screen[line].slice(0, column) + text + screen[line].slice(column + text.length);
    column += text.length;
  };
  const world: World = {
    out() {},
    err(text) {
      written += text;
      for (const [all, up] of text.matchAll(codes)) {
        if (up !== undefined) line -= Number(up);
        else if (all.endsWith("[J")) screen.splice(line, screen.length, screen[line].slice(0, column));
        else if (all === "\r") column = 0;
        else if (all === "\n") [line, column] = [screen.push("") - 1, 0];
        else put(all);
        expect(line, "above the first line").toBeGreaterThanOrEqual(0);
      }
    },
    terminal: true,
    colour: false,
    columns: 80,
    rows: 24,
    processors: 1,
    now: () => clock.now,
    signal: new AbortController().signal,
    ...more,
  };
  return { world, screen, clock, written: () => written };
}

function fold(...logLosses: readonly number[]): ScoredFold {
  return { model: "linear", families: logLosses.map((logLoss) => ({ undone: { logLoss } as Scores })) };
}

describe("on a terminal", () => {
  it("each loss has a line with its mean so far, and the last line the time that is left", () => {
    const { world, screen, clock } = terminal();
    const lines = new ProgressLines(world, plans);
    lines.show([], 4);
    expect(screen).toEqual([" 0 of 4 folds"]);
    clock.now = 10_000;
    lines.show([fold(0.2, 0.3)], 4);
    expect(screen).toEqual([
      " so far                  log loss",
      " cross entropy           .2000",
      " balanced cross entropy  .3000",
      " 1 of 4 folds · 30 s left",
    ]);
    clock.now = 20_000;
    lines.show([fold(0.2, 0.3), fold(0.3, Number.NaN)], 4);
    expect(screen).toEqual([
      " so far                  log loss",
      " cross entropy           .2500",
      " balanced cross entropy  .3000",
      " 2 of 4 folds · 20 s left",
    ]);
    lines.clear();
    expect(screen).toEqual([""]);
  });

  it("each of several models has a column, with the mean of its own folds; the time left is of all of them", () => {
    const { world, screen, clock } = terminal();
    const lines = new ProgressLines(world, [plan, { ...plan, model: "mlp" }]);
    lines.show([], 8);
    clock.now = 30_000;
    const network = { ...fold(0.1, 0.15), model: "mlp" } as const;
    lines.show([fold(0.2, 0.3), network, fold(0.4, 0.5)], 8);
    expect(screen).toEqual([
      " log loss so far         linear model  small network",
      " cross entropy           .3000         .1000",
      " balanced cross entropy  .4000         .1500",
      " 3 of 8 folds · 50 s left",
    ]);
  });

  it("folds of an earlier run count as finished, but not for the time", () => {
    const { world, screen, clock } = terminal();
    const lines = new ProgressLines(world, plans);
    const known = [fold(0.2, 0.3), fold(0.2, 0.3)];
    lines.show(known, 4);
    expect(screen.at(-1)).toBe(" 2 of 4 folds");
    clock.now = 5000;
    lines.show([...known, fold(0.2, 0.3)], 4);
    expect(screen.at(-1)).toBe(" 3 of 4 folds · 5 s left");
  });

  it("that is small there is only the last line, cut off where the terminal ends", () => {
    const { world, screen } = terminal({ rows: 4, columns: 10 });
    const lines = new ProgressLines(world, plans);
    for (const folds of [[], [fold(0.2, 0.3)]]) lines.show(folds, 4);
    expect(screen).toEqual([" 1 of 4 f"]);
  });
});

describe("where there is no terminal", () => {
  it("a plain line is written about five times, and nothing is written over", () => {
    const { world, clock, written } = terminal({ terminal: false });
    const lines = new ProgressLines(world, plans);
    for (let finished = 0; finished <= 25; finished++) {
      clock.now = 1000 * finished;
      lines.show(Array(finished).fill(fold(0.2, 0.3)), 25);
    }
    lines.clear();
    expect(written()).toBe(
      `${[5, 10, 15, 20].map((n) => ` ${n} of 25 folds · ${25 - n} s left\n`).join("")} 25 of 25 folds\n`,
    );
  });
});
