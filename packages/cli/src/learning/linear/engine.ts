// The engine of linear models: logistic and softmax regression, each trained to its minimum in one piece.
import { type Engine, plainRoom } from "../engine.ts";
import { type Layers, predictLayers } from "../layers.ts";
import { fitLinear } from "./linear.ts";

/**
 * What may be tried of a penalty's strength. It says how large weights are believed to be: normal with variance C
 * before any row is seen, which is l2 = 1 / (C rows). C = 1 is believed (scikit-learn's default, too); a standardised
 * feature hardly ever moves the logit by more than sqrt(30) per standard deviation.
 */
const variances = [30, 10, 3, 1, 0.3, 0.1, 0.03, 0.01, 0.003] as const;

/** Linear models. */
export const linear = {
  name: "linear" as const,
  words: "linear model",
  form: "scaled" as const,
  isExhaustive: true,
  startsNear: true,
  plan: (_, rows) => ({
    l2: variances.map((variance) => 1 / (variance * rows)),
    believedL2: 1 / rows,
    hidden: [],
    leaves: [],
    shrinkage: null,
    maxEpochs: null,
    rungs: [],
  }),
  describe: () => "linear (logistic or softmax regression)",
  obstacle: () => null,
  room: plainRoom,
  start(features, objective, { l2, end, near, clock }) {
    let fitted: Layers | null = null;
    const model = () => {
      fitted ??= fitLinear(features, objective, {
        l2,
        clock,
        end,
        ...(near !== undefined && { start: near }),
      }).model;
      return fitted;
    };
    return { advance: model, model, logits: (rows) => predictLayers(model(), rows), free() {} };
  },
} satisfies Engine<Layers>;
