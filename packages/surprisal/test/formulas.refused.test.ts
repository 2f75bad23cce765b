// Formulas that are refused when they are defined: numbers that are not finite, however they arise, and operands that
// are none.
import { describe, expect, it } from "vitest";
import { defineLoss, type Formula, graphOf, InputError } from "../src/index.ts";

/** A value that the compiler would refuse, as it comes from plain JavaScript. */
const wrong = <T>(value: unknown) => value as T;

const refused: readonly (readonly [what: string, formula: Formula, found: string])[] = [
  ["0 / 0", ({ div }) => div(0, 0), "it divides by 0"],
  ["1 / 0", ({ mul, div }, { pt }) => mul(pt, div(1, 0)), "it divides by 0"],
  ["1 / -0", ({ mul, div }, { pt }) => mul(pt, div(1, -0)), "it divides by 0"],
  ["a view divided by 1 - 1", ({ sub, div }, { pt }) => div(pt, sub(1, 1)), "it divides by 0"],
  ["log 0", ({ log, add }, { pt }) => add(pt, log(0)), "it gives -Infinity, which is log(0)"],
  ["log -1", ({ log, add }, { pt }) => add(pt, log(-1)), "it gives NaN, which is log(-1)"],
  ["log1p -1", ({ log1p, add }, { pt }) => add(pt, log1p(-1)), "it gives -Infinity, which is log1p(-1)"],
  ["0^-1", ({ pow, add }, { pt }) => add(pt, pow(0, -1)), "it gives Infinity, which is pow(0, -1)"],
  ["0^(1-2)", ({ pow, sub, add }, { pt }) => add(pt, pow(0, sub(1, 2))), "it gives Infinity, which is pow(0, -1)"],
  ["(-1)^0.5", ({ pow, add }, { pt }) => add(pt, pow(-1, 0.5)), "it gives NaN, which is pow(-1, 0.5)"],
  ["e^1000", ({ exp, mul }, { pt }) => mul(exp(1000), pt), "it gives Infinity, which is exp(1000)"],
  ["e^1000 - 1", ({ expm1, mul }, { pt }) => mul(expm1(1000), pt), "it gives Infinity, which is expm1(1000)"],
  [
    "a sum beyond every float",
    ({ add, mul }, { pt }) => mul(add(1.5e308, 1.5e308), pt),
    "it gives Infinity, which is add(1.5e+308, 1.5e+308)",
  ],
  [
    "a product beyond every float that nothing uses",
    ({ mul, neg }, { logPt }) => {
      mul(1e200, 1e200);
      return neg(logPt);
    },
    "it gives Infinity, which is mul(1e+200, 1e+200)",
  ],
  ["the number Infinity", ({ add }, { pt }) => add(pt, Number.POSITIVE_INFINITY), "it gives Infinity"],
  ["the number -Infinity", ({ exp }) => exp(Number.NEGATIVE_INFINITY), "it gives -Infinity"],
  ["the number NaN", ({ ifPositive }, { pt }) => ifPositive(pt, pt, Number.NaN), "it gives NaN"],
  [
    "a parameter that it lacks",
    ({ mul }, { pt }, parameters) => mul(wrong<{ beta: number }>(parameters).beta, pt),
    "it gives undefined, which is no result of an operation",
  ],
  [
    "a number in a string",
    ({ mul }, { pt }) => mul(wrong<number>("2"), pt),
    'it gives "2", which is no result of an operation',
  ],
  [
    "a method of every object",
    ({ mul }, { pt }, parameters) => mul(wrong<number>(parameters.toString), pt),
    "it gives a function, which is no result of an operation",
  ],
  [
    "an operand too many",
    ({ mul }, { pt }) => wrong<<T>(a: number, b: T, c: T) => T>(mul)(2, pt, pt),
    "it gives mul 3 operands instead of 2",
  ],
  ["an operand too few", ({ mul }, { pt }) => wrong<<T>(a: T) => T>(mul)(pt), "it gives mul 1 operands instead of 2"],
];

describe("a formula is refused that has", () => {
  it.each(refused)("%s", (_, formula, found) => {
    const advice = "it may use nothing but its operations, views and parameters: mul(2, logPt), not 2 * logPt";
    const message = (where: string) => `${where}: the formula cannot be read: ${found}; ${advice}`;
    const surprisal: Formula = ({ neg }, { logPt }) => neg(logPt);
    for (const [where, call] of [
      ["mine", () => defineLoss({ name: "mine", formula })],
      ["mine", () => defineLoss({ name: "mine", formula: surprisal, negativeFormula: formula })],
      ["graphOf", () => graphOf(formula, [])],
    ] as const) {
      expect(call).toThrow(InputError);
      expect(call).toThrow(message(where));
    }
  });
});

describe("a formula is taken that has", () => {
  it.each<readonly [string, Formula]>([
    ["numbers alone, as long as they are finite", ({ add, log, pow }, { pt }) => add(pt, log(pow(2, -3)))],
    ["0^0, which is 1", ({ mul, pow }, { pt }) => mul(pt, pow(0, 0))],
    ["a number that vanishes", ({ add, exp }, { pt }) => add(pt, exp(-1000))],
    ["a pole where a view is 0", ({ div }, { pt, oneMinusPt }) => div(oneMinusPt, pt)],
  ])("%s", (_, formula) => {
    expect(defineLoss({ name: "mine", formula })().name).toBe("mine");
  });
});
