// Laws of names: parameters may be called as anything that is an identifier, also as what every object has.
import { describe, expect, it } from "vitest";
import {
  defineLoss,
  type EvaluateOptions,
  evaluate,
  type Formula,
  focal,
  gradientCheck,
  graphOf,
  InputError,
  type LossFactory,
  toLatex,
  trueProbabilities,
} from "../src/index.ts";
import { wasm } from "../src/wasm.ts";

/** Names that objects, functions, promises, arrays or JSON know, and some that the library itself uses. */
const names = [
  ...Object.getOwnPropertyNames(Object.prototype).filter((name) => /^[A-Za-z]+$/.test(name)),
  ...["toJSON", "then", "length", "name", "prototype", "arguments", "caller", "apply", "default", "NaN", "Infinity"],
  ...["undefined", "null", "true", "add", "mul", "value", "slope", "key", "scale", "whole", "weightOfOne", "e", "u"],
];

/** Focal loss whose gamma is called otherwise. */
const focalWith = (name: string) =>
  defineLoss({
    name: "mine",
    parameters: { [name]: { default: 2, min: 0, perClass: true } },
    formula: (({ neg, mul, pow }, { logPt, oneMinusPt }, parameters) =>
      neg(mul(pow(oneMinusPt, (parameters as never)[name]), logPt))) as Formula,
  }) as LossFactory;

const softmax = { logits: Float32Array.of(1, 2, -1, 0, 3, 0.5), labels: [0, 2], classes: 3 };
const sigmoid = { logits: Float32Array.of(1, -2), labels: [0, 1] };

describe.each(names)("a parameter called %s", (name) => {
  const make = focalWith(name);
  const losses = [
    [make(), focal()],
    [make({}), focal({})],
    [make({ [name]: undefined }), focal()],
    [make(Object.create({ [name]: 3 })), focal({ gamma: 3 })],
    [make(Object.create(null)), focal()],
    [make({ [name]: 3 }), focal({ gamma: 3 })],
    [make({ [name]: 0.5 }), focal({ gamma: 0.5 })],
  ] as const;

  it.each(losses.map((pair, k) => [k, ...pair] as const))("works as any other, given in way %i", (_, mine, plain) => {
    for (const backend of [undefined, wasm]) {
      for (const [activation, batch] of [
        ["softmax", softmax],
        ["sigmoid", sigmoid],
      ] as const) {
        const options = { activation, gradient: true, backend } satisfies EvaluateOptions;
        expect(evaluate(mine, batch, options)).toEqual(evaluate(plain, batch, options));
      }
    }
    const undo = { activation: "softmax", classes: 3 } as const;
    expect(trueProbabilities(mine, softmax.logits, undo)).toEqual(trueProbabilities(plain, softmax.logits, undo));
  });

  it("takes one value per class", () => {
    const gamma = [1, 2, 0.5];
    const options = { activation: "softmax", gradient: true } as const;
    expect(evaluate(make({ [name]: gamma }), softmax, options)).toEqual(evaluate(focal({ gamma }), softmax, options));
  });

  it("is checked and written under its name", () => {
    expect(() => make({ [name]: -1 })).toThrow(`mine: ${name} is -1, but must be at least 0`);
    expect(() => make({ [name]: {} as never })).toThrow(InputError);
    expect(() => make({ other: 1 })).toThrow(`mine: there is no parameter "other"; the parameters are: ${name}`);
    expect(toLatex(graphOf(make.definition.formula, [name]).value)).toContain(
      name.length === 1 ? `^{${name}}` : `^{\\mathrm{${name}}}`,
    );
    expect(gradientCheck(make()).passed).toBe(true);
  });
});

describe("what is no parameter", () => {
  it.each(["pt", "logPt", "__proto__", "", "a b"])("graphOf refuses %j", (name) => {
    expect(() => graphOf(({ neg }, { logPt }) => neg(logPt), [name])).toThrow(
      `graphOf: a parameter is called ${JSON.stringify(name)}, but an identifier is expected`,
    );
  });

  it.each(["__proto__", "a-b", "1a", "", " ", "a b", "é", "a\u0000", "constructor()"])(
    "%j is no name of one",
    (name) => {
      const parameters = JSON.parse(`{ ${JSON.stringify(name)}: { "default": 1 } }`);
      const formula: Formula = ({ neg }, { logPt }) => neg(logPt);
      expect(() => defineLoss({ name: "mine", parameters, formula })).toThrow(
        `mine: a parameter is called ${JSON.stringify(name)}, but an identifier is expected`,
      );
      expect(() => focal(JSON.parse(`{ ${JSON.stringify(name)}: 1 }`))).toThrow(`focal: there is no parameter`);
    },
  );

  it("is named where it is inherited, as where it is not", () => {
    expect(() => focal(Object.create({ gama: 3 }))).toThrow('focal: there is no parameter "gama"');
    expect(() => focal(JSON.parse('{ "toString": 3 }'))).toThrow('focal: there is no parameter "toString"');
    expect(focal(Object.create({ gamma: 3 })).parameters).toEqual({ gamma: 3 });
  });

  it("is what every object inherits, also where a page adds to that", () => {
    Object.defineProperty(Object.prototype, "addedByAPage", {
      value: 1,
      writable: true,
      enumerable: true,
      configurable: true,
    });
    try {
      expect(focal().parameters).toEqual({ gamma: 2 });
      expect(focalWith("addedByAPage")().parameters.addedByAPage).toBe(2);
      expect(evaluate(focal(), sigmoid, { activation: "sigmoid" }).loss).toBeGreaterThan(0);
    } finally {
      Reflect.deleteProperty(Object.prototype, "addedByAPage");
    }
  });
});
