// Every error of the library: one class, and one catalogue of texts that name the place and the way out.

/** Thrown for every wrong call; `message` reads `where: what was found, what was expected, what to do`. */
export class InputError extends Error {
  override readonly name = "InputError";
}

/** Throws an {@link InputError} that begins with the place. */
export function fail(where: string, text: string): never {
  throw new InputError(`${where}: ${text}`);
}

/** Shows any value in a message: short, and strings in quotation marks. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "function") return "a function";
  if (value !== null && typeof value === "object") return `a value of type ${value.constructor?.name ?? "object"}`;
  return String(value);
}

const list = (names: readonly string[]) => (names.length === 0 ? "none" : names.join(", "));

/** The texts, by what went wrong. */
export const texts = {
  // Losses and their parameters
  lossIsFactory: (name: string) => `the loss is a function that makes losses; call it: ${name}()`,
  lossMissing: (found: unknown) =>
    `the loss is ${shown(found)}, but a loss is expected, such as crossEntropy() or focal({ gamma: 2 })`,
  parametersNotObject: (found: unknown, names: readonly string[]) =>
    `the parameters are ${shown(found)}, but an object is expected${names[0] ? `, such as { ${names[0]}: 1 }` : ""}`,
  parameterUnknown: (name: string, known: readonly string[]) =>
    `there is no parameter ${shown(name)}; the parameters are: ${list(known)}`,
  parameterNotNumber: (name: string, found: unknown) => `${name} is ${shown(found)}, but a finite number is expected`,
  parameterBelow: (name: string, found: number, min: number) => `${name} is ${found}, but must be at least ${min}`,
  parameterAbove: (name: string, found: number, max: number) => `${name} is ${found}, but must be at most ${max}`,
  parameterNotPerClass: (name: string) => `${name} is a list, but must be one number for all classes`,
  parameterLength: (name: string, length: number, classes: number) =>
    `${name} has ${length} values, but there are ${classes} classes; give one number, or one per class`,
  definitionName: (found: unknown) =>
    `name is ${shown(found)}, but an identifier is expected, such as "focal" (letters and digits, a letter first)`,
  definitionFormula: (name: string, found: unknown) =>
    `${name} is ${shown(found)}, but a function (operations, views, parameters) => value is expected`,
  definitionDefault: (name: string, found: unknown) =>
    `parameter ${name} has the default ${shown(found)}, but a finite number within its range is expected`,
  definitionThrows: (message: string) =>
    `the formula cannot be read as a graph: ${message}; it may use nothing but its operations, views and parameters`,

  // Options
  optionsMissing: (found: unknown, example: string) => `the options are ${shown(found)}, but expected is ${example}`,
  optionUnknown: (name: string, known: readonly string[]) =>
    `there is no option ${shown(name)}; the options are: ${list(known)}`,
  choice: (name: string, found: unknown, known: readonly string[]) =>
    `${name} is ${shown(found)}, but must be one of: ${known.map((choice) => JSON.stringify(choice)).join(", ")}`,
  elementMeanNeedsSigmoid: () => `reduction "element-mean" needs the activation "sigmoid"; for softmax take "mean"`,
  maskNeedsSigmoid: () =>
    `mask needs the activation "sigmoid"; for softmax give the ignored examples the label \`ignoreLabel\``,
  ignoreLabelNeedsIndices: () =>
    "ignoreLabel needs class indices, but labels are probabilities; give ignored examples the weight 0 in exampleWeights",
  ignoreLabelNotNumber: (found: unknown) => `ignoreLabel is ${shown(found)}, but an integer is expected`,
  labelSmoothingRange: (found: unknown) => `labelSmoothing is ${shown(found)}, but must be between 0 and 1`,

  // Arrays and shapes
  notAnArray: (name: string, found: unknown, expected: string) =>
    `${name} is ${shown(found)}, but ${expected} is expected`,
  batchMissing: (found: unknown) => `the batch is ${shown(found)}, but { logits, labels, classes } is expected`,
  classesNotCount: (found: unknown, atLeast: number) =>
    `classes is ${shown(found)}, but an integer of at least ${atLeast} is expected${
      atLeast === 2 ? '; for one output per example take the activation "sigmoid"' : ""
    }`,
  classesNeeded: () =>
    "classes is missing, and probabilities as labels do not tell it; add classes: the number of columns of logits",
  classesNotPlain: (logits: number, labels: number) =>
    `classes is missing, and ${logits} logits do not divide into ${labels} labels; add classes, or check the lengths`,
  logitsNotRows: (length: number, classes: number) =>
    `logits has ${length} values, which is no whole number of rows of ${classes} classes`,
  labelsLength: (length: number, expected: string) => `labels has ${length} values, but ${expected}`,
  labelsNotIntegers: (type: string, length: number) =>
    `labels is a ${type} with one value per example (${length}); class indices need an integer array such as Int32Array`,
  labelRange: (index: number, found: number, classes: number) =>
    `labels[${index}] is ${found}, but there are ${classes} classes (0 to ${classes - 1})`,
  labelNotProbability: (index: number, found: number) => `labels[${index}] is ${found}, but must be between 0 and 1`,
  labelRowSum: (row: number, sum: number) =>
    `the labels of example ${row} sum to ${sum}, but must sum to 1; divide each row by its sum, or take "sigmoid" for labels that do not exclude each other`,
  logitInfinite: (index: number) =>
    `logits[${index}] is Infinity, which leaves softmax undefined; the largest finite logit does what is meant`,
  logitRowImpossible: (row: number) =>
    `all logits of example ${row} are -Infinity, so no class is possible; at least one must be finite`,
  probabilityRange: (index: number, found: number) =>
    `logits[${index}] is ${found}, but with inputs "probabilities" it must be between 0 and 1`,
  logProbabilityRange: (index: number, found: number) =>
    `logits[${index}] is ${found}, but with inputs "log-probabilities" it must be at most 0`,
  probabilityRowSum: (row: number, sum: number) =>
    `the probabilities of example ${row} sum to ${sum}, but must sum to 1; divide each row by its sum, or pass logits`,
  outputLength: (name: string, length: number, expected: number) =>
    `${name} has ${length} values, but ${expected} are needed: one per logit`,
  lengthOf: (name: string, length: number, expected: string) => `${name} has ${length} values, but ${expected}`,
  weightNotValid: (name: string, found: unknown) => `${name} is ${shown(found)}, but a finite number >= 0 is expected`,
  logitAdjustmentNotFinite: (index: number, found: unknown) =>
    `logitAdjustment[${index}] is ${shown(found)}, but a finite number is expected`,
  alphaNeedsList: (classes: number) =>
    `alpha is one number, but softmax needs one weight per class (${classes}), for example from classWeights(counts)`,
  alphaRange: (name: string, found: unknown) =>
    `${name} is ${shown(found)}, but must be between 0 and 1: label 1 weighs alpha, label 0 weighs 1 - alpha`,
  alphaPairNeedsSigmoid: () => 'alpha as { positive, negative } needs the activation "sigmoid"; softmax takes a list',

  // Counts, thresholds, undoing
  countNotValid: (index: number, found: unknown) =>
    `counts[${index}] is ${shown(found)}, but a finite number >= 0 is expected`,
  countsEmpty: () => "counts is empty or sums to 0, but at least one example is needed",
  countZero: (index: number) =>
    `counts[${index}] is 0, so its weight is undefined; say what you want: { emptyClass: "zero" } or { emptyClass: "largest" }`,
  countsNotTwo: (length: number) => `counts has ${length} values, but two are expected: of label 0 and of label 1`,
  betaRange: (found: unknown) => `beta is ${shown(found)}, but must be at least 0 and less than 1`,
  priorRange: (name: string, found: unknown) => `${name} is ${shown(found)}, but must be more than 0 and at most 1`,
  tauNotNumber: (found: unknown) => `tau is ${shown(found)}, but a finite number is expected`,
  costNotValid: (name: string, found: unknown) =>
    `${name} is ${shown(found)}, but a finite number >= 0 is expected, and not both costs 0`,
  thresholdRange: (name: string, found: unknown) => `${name} is ${shown(found)}, but must be between 0 and 1`,
  thresholdNeedsTwo: (classes: number) =>
    `a threshold needs two classes, but there are ${classes}; without a threshold the largest output decides`,
  probabilitiesEmpty: () => "there are no probabilities, but at least one is needed",
  lossFlat: (example: number) =>
    `at example ${example} the loss is flat (its slope is 0), so it says nothing about the probability there`,
  alphaZero: (name: string) => `${name} is 0, so the loss never saw that class and its probability cannot be recovered`,
} as const;
