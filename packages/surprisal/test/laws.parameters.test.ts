// The parameters of the losses: their defaults, and the values at which a search tries them.
import { describe, expect, it } from "vitest";
import { losses } from "../src/index.ts";

describe("the parameters", () => {
  it("are tried at these values by a search, the default among them where there is a list", () => {
    const grids = losses.flatMap(({ definition: { parameters = {} } }) =>
      Object.entries(parameters).flatMap(([name, { grid }]) => (grid ? [[name, grid]] : [])),
    );
    expect(Object.fromEntries(grids)).toEqual({
      gamma: [0.5, 1, 2, 3, 5],
      epsilon: [-0.5, 1, 2],
      q: [0.3, 0.5, 0.7],
      gammaNegative: [2, 4],
      margin: [0, 0.05],
    });
  });

  it("have the defaults of the publications", () => {
    const defaults = losses.map((make) => [make.name, make().parameters]);
    expect(Object.fromEntries(defaults)).toEqual({
      crossEntropy: {},
      focal: { gamma: 2 },
      poly1: { epsilon: 1 },
      generalizedCrossEntropy: { q: 0.7 },
      asymmetric: { gammaPositive: 1, gammaNegative: 4, margin: 0.05 },
    });
  });
});
