// Wrong losses, parameters and definitions.
import {
  asymmetric,
  crossEntropy,
  defineLoss,
  evaluate,
  focal,
  generalizedCrossEntropy,
  gradientCheck,
  trueProbabilities,
} from "../../src/index.ts";
import { define, inSigmoid, inSoftmax, inSoftmaxOnly, logits, loss, owned, type Row, wrong } from "./calls.ts";

/** Each with its message. */
export const lossRows: readonly Row[] = [
  // The loss
  [
    "a loss that was not called",
    () => evaluate(wrong(focal), { logits, labels: [0, 2] }, inSoftmax),
    "evaluate: the loss is a function that makes losses; call it: focal()",
  ],
  [
    "a loss by its name",
    () => evaluate(wrong("focal"), { logits, labels: [0, 2] }, inSoftmax),
    'evaluate: the loss is "focal", but a loss is expected, such as crossEntropy() or focal({ gamma: 2 })',
  ],
  [
    "no loss at all",
    () => evaluate(wrong(undefined), { logits, labels: [0, 2] }, inSoftmax),
    "evaluate: the loss is undefined, but a loss is expected, such as crossEntropy() or focal({ gamma: 2 })",
  ],
  [
    "a definition in place of a loss",
    () => evaluate(wrong(focal.definition), { logits, labels: [0, 2] }, inSoftmax),
    "evaluate: the loss is an Object, but a loss is expected, such as crossEntropy() or focal({ gamma: 2 })",
  ],
  [
    "an object that only looks like a loss",
    () => evaluate(wrong({ definition: null }), { logits, labels: [0, 2] }, inSoftmax),
    "evaluate: the loss is an Object, but a loss is expected, such as crossEntropy() or focal({ gamma: 2 })",
  ],
  [
    "gradientCheck of a loss that was not called",
    () => gradientCheck(wrong(focal)),
    "gradientCheck: the loss is a function that makes losses; call it: focal()",
  ],
  [
    "gradientCheck with a tolerance that is no number",
    () => gradientCheck(loss, { tolerance: Number.NaN }),
    "gradientCheck: tolerance is NaN, but a number of more than 0 is expected",
  ],
  [
    "gradientCheck with options null",
    () => gradientCheck(loss, wrong(null)),
    "gradientCheck: the options are null, but an object such as { tolerance: 1e-6 } is expected",
  ],
  [
    "trueProbabilities of nothing",
    () => trueProbabilities(wrong(null), [1, 2], inSoftmax),
    "trueProbabilities: the loss is null, but a loss is expected, such as crossEntropy() or focal({ gamma: 2 })",
  ],

  // The parameters of a loss
  [
    "a number in place of parameters",
    () => focal(wrong(2)),
    "focal: the parameters are 2, but an object is expected, such as { gamma: 1 }",
  ],
  [
    "a list in place of parameters",
    () => focal(wrong([2])),
    "focal: the parameters are an Array, but an object is expected, such as { gamma: 1 }",
  ],
  [
    "null in place of the parameters of a loss without any",
    () => crossEntropy(wrong(null)),
    "crossEntropy: the parameters are null, but an object is expected",
  ],
  [
    "a parameter that is misspelt",
    () => focal(wrong({ gama: 2 })),
    'focal: there is no parameter "gama"; the parameters are: gamma',
  ],
  [
    "a parameter named like a method of objects",
    () => focal(wrong({ toString: 2 })),
    'focal: there is no parameter "toString"; the parameters are: gamma',
  ],
  [
    "a parameter of a loss without any",
    () => crossEntropy(wrong({ gamma: 2 })),
    'crossEntropy: there is no parameter "gamma"; this loss takes none',
  ],
  ["gamma as a string", () => focal({ gamma: wrong("2") }), 'focal: gamma is "2", but a finite number is expected'],
  ["gamma NaN", () => focal({ gamma: Number.NaN }), "focal: gamma is NaN, but a finite number is expected"],
  ["gamma null", () => focal({ gamma: wrong(null) }), "focal: gamma is null, but a finite number is expected"],
  ["gamma below 0", () => focal({ gamma: -0.5 }), "focal: gamma is -0.5, but must be at least 0"],
  ["one gamma of a list below 0", () => focal({ gamma: [2, -1] }), "focal: gamma[1] is -1, but must be at least 0"],
  [
    "gamma from big integers",
    () => focal({ gamma: wrong(new BigInt64Array(2)) }),
    "focal: gamma[0] is 0n, but a finite number is expected",
  ],
  ["q above 1", () => generalizedCrossEntropy({ q: 1.5 }), "generalizedCrossEntropy: q is 1.5, but must be at most 1"],
  [
    "a list where one number is expected",
    () => asymmetric({ margin: [0.1, 0.2] }),
    "asymmetric: margin is a list, but must be one number for all classes",
  ],
  [
    "two gammas for three classes",
    () =>
      evaluate(focal({ gamma: [1, 2] }), { logits, labels: [0, 2], classes: 3 }, { ...inSoftmaxOnly, gradient: owned }),
    "focal: gamma has 2 values, but the batch has 3 classes; give one number, or a list with one per class",
  ],
  [
    "two gammas for one column",
    () =>
      evaluate(focal({ gamma: [1, 2] }), { logits, labels: new Float64Array(6) }, { ...inSigmoid, gradient: owned }),
    "focal: gamma has 2 values, but the batch has 1 class; give one number, or a list with one per class",
  ],

  // Defining a loss
  [
    "no definition",
    () => defineLoss(wrong(undefined)),
    "defineLoss: the definition is undefined, but an object such as { name, formula } is expected",
  ],
  [
    "a definition without a name",
    () => define({ name: undefined }),
    'defineLoss: name is undefined, but an identifier is expected, such as "focal" (letters and digits, a letter first)',
  ],
  [
    "a name that is no identifier",
    () => define({ name: "my loss" }),
    'defineLoss: name is "my loss", but an identifier is expected, such as "focal" (letters and digits, a letter first)',
  ],
  [
    "a misspelt part of a definition",
    () => define({ negativFormula: () => 0 }),
    'mine: a definition has no "negativFormula"; it may have: name, formula, negativeFormula, parameters, title, summary, whenToUse, source, identities',
  ],
  [
    "a formula as text",
    () => define({ formula: "-log(pt)" }),
    'mine: formula is "-log(pt)", but a function (operations, views, parameters) => value is expected',
  ],
  [
    "a negative formula as text",
    () => define({ negativeFormula: "-log(pt)" }),
    'mine: negativeFormula is "-log(pt)", but a function (operations, views, parameters) => value is expected',
  ],
  [
    "a parameter given as its default",
    () => define({ parameters: { gamma: 2 } }),
    "mine: parameter gamma is 2, but an object such as { default: 1, min: 0 } is expected",
  ],
  [
    "a parameter without a default",
    () => define({ parameters: { gamma: {} } }),
    "mine: parameter gamma has the default undefined, but a finite number within its range is expected",
  ],
  [
    "a default out of its range",
    () => define({ parameters: { gamma: { default: -1, min: 0 } } }),
    "mine: parameter gamma has the default -1, but a finite number within its range is expected",
  ],
  [
    "a parameter named like a view",
    () => define({ parameters: { pt: { default: 1 } } }),
    'mine: a parameter is called "pt", but an identifier is expected that is no name of a view (letters and digits, a letter first)',
  ],
  [
    "a formula that computes with JavaScript",
    () => defineLoss({ name: "mine", formula: ({ mul }, { logPt, pt }) => mul(wrong<number>(logPt) * -1, pt) }),
    "mine: the formula cannot be read: it gives NaN; it may use nothing but its operations, views and parameters: mul(2, logPt), not 2 * logPt",
  ],
  [
    "a formula that gives what JavaScript computes",
    () => define({ formula: (_: unknown, { logPt }: { logPt: number }) => 2 * logPt }),
    "mine: the formula cannot be read: it gives NaN, which is no result of an operation; it may use nothing but its operations, views and parameters: mul(2, logPt), not 2 * logPt",
  ],
  [
    "a formula with an operation that does not exist",
    () => define({ formula: ({ sqrt }: { sqrt(x: number): number }) => sqrt(2) }),
    "mine: the formula cannot be read: sqrt is not a function; it may use nothing but its operations, views and parameters: mul(2, logPt), not 2 * logPt",
  ],
  [
    "a formula that throws",
    () =>
      define({
        formula: () => {
          throw new Error("not today");
        },
      }),
    "mine: the formula cannot be read: not today; it may use nothing but its operations, views and parameters: mul(2, logPt), not 2 * logPt",
  ],
  [
    "a formula that throws no error",
    () =>
      define({
        formula: () => {
          throw "not today";
        },
      }),
    "mine: the formula cannot be read: not today; it may use nothing but its operations, views and parameters: mul(2, logPt), not 2 * logPt",
  ],
];
