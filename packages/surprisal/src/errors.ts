// Every error of the library: one class, and one catalogue of texts that name the place and the way out.

/** Thrown for every wrong call; `message` reads `where: what was found, what was expected, what to do`. */
export class InputError extends Error {
  override readonly name = "InputError";
}

/** Throws an {@link InputError} that begins with the place. */
export function fail(where: string, text: string): never {
  throw new InputError(`${where}: ${text}`);
}

/** Shows any value in a message: short, strings in quotation marks, and arrays and objects by their type. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (value === null || typeof value !== "object") return String(value);
  const found: unknown = value.constructor?.name; // a record may have a property of its own of that name
  const type = typeof found === "string" && found !== "" ? found : "Object";
  return `${/^[AEIO]/.test(type) ? "an" : "a"} ${type}`;
}

/** Whether a value is an object with names, no array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** A property of a record, inherited ones included, but none that every object has, such as `toString`. */
export function property(record: Readonly<Record<string, unknown>>, name: string): unknown {
  const value = record[name];
  return value === (Object.prototype as unknown as typeof record)[name] ? undefined : value;
}

/** A number of things: "1 value", "3 classes". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

const classCount = (classes: number) => count(classes, "class", "classes");
const has = (name: string, length: number) => `${name} has ${count(length, "value")}`;
const quoted = (choices: readonly string[]) => choices.map((choice) => JSON.stringify(choice)).join(", ");

/**
 * The texts, by what went wrong. Those that `evaluate` has no use for are apart, so that bundles can leave them out.
 */
export const texts = {
  // Losses and their parameters
  lossIsFactory: (name: string) => `the loss is a function that makes losses; call it: ${name}()`,
  lossMissing: (found: unknown) =>
    `the loss is ${shown(found)}, but a loss is expected, such as crossEntropy() or focal({ gamma: 2 })`,
  parametersNotObject: (found: unknown, names: readonly string[]) =>
    `the parameters are ${shown(found)}, but an object is expected${names[0] ? `, such as { ${names[0]}: 1 }` : ""}`,
  parameterUnknown: (name: string, known: readonly string[]) =>
    `there is no parameter ${shown(name)}; ${known.length === 0 ? "this loss takes none" : `the parameters are: ${known.join(", ")}`}`,
  parameterNotNumber: (name: string, found: unknown) => `${name} is ${shown(found)}, but a finite number is expected`,
  parameterBelow: (name: string, found: number, min: number) => `${name} is ${found}, but must be at least ${min}`,
  parameterAbove: (name: string, found: number, max: number) => `${name} is ${found}, but must be at most ${max}`,
  parameterNotPerClass: (name: string) => `${name} is a list, but must be one number for all classes`,
  parameterLength: (name: string, length: number, classes: number) =>
    `${has(name, length)}, but the batch has ${classCount(classes)}; give one number, or a list with one per class`,
  definitionMissing: (found: unknown) =>
    `the definition is ${shown(found)}, but an object such as { name, formula } is expected`,
  definitionUnknown: (name: string, known: readonly string[]) =>
    `a definition has no ${shown(name)}; it may have: ${known.join(", ")}`,
  definitionName: (found: unknown) =>
    `name is ${shown(found)}, but an identifier is expected, such as "focal" (letters and digits, a letter first)`,
  definitionFormula: (name: string, found: unknown) =>
    `${name} is ${shown(found)}, but a function (operations, views, parameters) => value is expected`,
  definitionParameter: (name: string, found: unknown) =>
    `parameter ${name} is ${shown(found)}, but an object such as { default: 1, min: 0 } is expected`,
  definitionParameterName: (name: string) =>
    `a parameter is called ${shown(name)}, but an identifier is expected that is no name of a view (letters and digits, a letter first)`,
  definitionDefault: (name: string, found: unknown) =>
    `parameter ${name} has the default ${shown(found)}, but a finite number within its range is expected`,
  backendNotValid: (found: unknown) =>
    `backend is ${shown(found)}, but a back end is expected, an object with run; leave it out for the reference`,
  memoryShared: (one: string, other: string) =>
    `${one} and ${other} share memory, so one would overwrite the other; give two`,
  definitionThrows: (message: string) =>
    `the formula cannot be read: ${message}; it may use nothing but its operations, views and parameters: mul(2, logPt), not 2 * logPt`,

  // Options
  optionsMissing: (found: unknown, example: string) =>
    `the options are ${shown(found)}, but an object such as ${example} is expected`,
  optionUnknown: (name: string, known: readonly string[]) =>
    `there is no option ${shown(name)}; the options are: ${known.join(", ")}`,
  choice: (name: string, found: unknown, known: readonly string[]) =>
    `${name} is ${shown(found)}, but must be one of: ${quoted(known)}`,
  elementMeanNeedsSigmoid: () => `reduction "element-mean" needs the activation "sigmoid"; for softmax take "mean"`,
  ignoreLabelNeedsIndices: () =>
    "ignoreLabel needs class indices, but labels are probabilities; take mask: 0 for the examples to be left out, 1 for the others",
  ignoreLabelNotNumber: (found: unknown) =>
    `ignoreLabel is ${shown(found)}, but an integer is expected, such as -1; leave it out to ignore nothing`,
  labelSmoothingRange: (found: unknown) => `labelSmoothing is ${shown(found)}, but must be a number from 0 to 1`,

  // Arrays and shapes
  notAnArray: (name: string, found: unknown, expected: string) =>
    `${name} is ${shown(found)}, but ${expected} is expected`,
  batchMissing: (found: unknown) => `the batch is ${shown(found)}, but { logits, labels, classes } is expected`,
  batchUnknown: (name: string, known: readonly string[]) =>
    `the batch has no ${shown(name)}; it has: ${known.join(", ")}`,
  classesNotCount: (found: unknown, atLeast: number) =>
    `classes is ${shown(found)}, but an integer of at least ${atLeast} is expected${
      atLeast === 2 && found === 1 ? '; for one output per example take the activation "sigmoid"' : ""
    }`,
  classesNeeded: () =>
    "classes is missing, and labels as long as logits do not tell it; add classes: the number of columns of logits",
  classesNotPlain: (logits: number, labels: number) =>
    `classes is missing, and ${count(logits, "logit")} cannot be shared out among ${count(labels, "label")}, two or more to each; add classes, or check the lengths`,
  notRows: (name: string, length: number, classes: number) =>
    `${has(name, length)}, but rows of ${classCount(classes)} need a multiple of ${classes}`,
  labelsLength: (length: number, expected: string) => `${has("labels", length)}, but ${expected}`,
  labelsNotIntegers: (type: string, length: number) =>
    `labels is a ${type} of length ${length}, which is too short for probabilities; class indices need an integer array such as Int32Array`,
  labelRange: (index: number, found: number, classes: number) =>
    `labels[${index}] is ${found}, but there are ${classCount(classes)} (0 to ${classes - 1})${
      found < 0 ? `; if such examples are to be left out, give ignoreLabel: ${found}` : ""
    }`,
  labelNotIndex: (index: number, found: unknown, classes: number) =>
    `labels[${index}] is ${shown(found)}, but a class index is expected: an integer from 0 to ${classes - 1}`,
  labelNotProbability: (index: number, found: unknown) =>
    `labels[${index}] is ${shown(found)}, but must be a number from 0 to 1`,
  labelRowSum: (row: number, sum: number) =>
    `the labels of example ${row} sum to ${sum}, but must sum to 1; divide each row by its sum, or take "sigmoid" for labels that do not exclude each other`,
  logitInfinite: (index: number) =>
    `logits[${index}] is Infinity, which leaves softmax undefined; take a large number such as 1e4, or -Infinity for all other classes`,
  logitRowImpossible: (row: number) =>
    `all logits of example ${row} are -Infinity, so no class is possible; at least one must be finite`,
  probabilityRange: (index: number, found: number) =>
    `logits[${index}] is ${found}, but with inputs "probabilities" it must be from 0 to 1`,
  logProbabilityRange: (index: number, found: number) =>
    `logits[${index}] is ${found}, but with inputs "log-probabilities" it must be at most 0`,
  probabilityRowSum: (row: number, sum: number) =>
    `the probabilities of example ${row} sum to ${sum}, but must sum to 1; normalise each row, or pass logits and inputs: "logits"`,
  outputLength: (name: string, length: number, expected: number) =>
    `${has(name, length)}, but one per logit is needed (${expected})`,
  lengthOf: (name: string, length: number, expected: string) => `${has(name, length)}, but ${expected}`,
  weightNotValid: (name: string, found: unknown) => `${name} is ${shown(found)}, but a finite number >= 0 is expected`,
  logitAdjustmentNotFinite: (index: number, found: unknown) =>
    `logitAdjustment[${index}] is ${shown(found)}, but a finite number is expected`,
  alphaNeedsList: (found: unknown, classes: number) =>
    `alpha is ${shown(found)}, but softmax needs a list with one weight per class (${classes}), for example from classWeights(counts)`,
  alphaRange: (name: string, found: unknown) =>
    `${name} is ${shown(found)}, but must be a number from 0 to 1: label 1 weighs alpha, label 0 weighs 1 - alpha; for other weights give { positive, negative }`,
  alphaPairNeedsSigmoid: (classes: number) =>
    `alpha as { positive, negative } needs the activation "sigmoid"; softmax takes a list with one weight per class (${classes})`,
} as const;

/** The texts of the WASM heap. */
export const heapTexts = {
  heapLength: (found: unknown) => `the length is ${shown(found)}, but an integer of at least 0 is expected`,
  heapForeign: (found: unknown) =>
    `the array is ${shown(found)} that is not on this heap, or is free already; give one that float32, float64, int32 or uint8 of the same back end made`,
  heapRefused: (bytes: number, now: number) =>
    `the heap would need ${bytes} bytes, but the system gives it no more than the ${now} that it has; free arrays, pass smaller batches, or raise the limit of the process (ulimit -v)`,
  heapFull: (bytes: number, most: number) =>
    `the heap would need ${bytes} bytes, but has at most ${most}; free arrays, or pass plain ones in parts`,
  notOnHeap: (name: string) =>
    `${name} is not on this heap; make it with float32, float64, int32 or uint8 of the same back end`,
  arrayType: (name: string, found: unknown, expected: string) =>
    `${name} is ${shown(found)}, but ${expected} is expected`,
  sizeNotCount: (found: unknown) =>
    `a size is ${shown(found)}, but rows, inputs and outputs are integers of at least 1; check the lengths of the arrays`,
  productLength: (name: string, found: number, expected: number) =>
    `${name} has length ${found}, but at least ${expected} are expected`,
  rowNumber: (index: number, found: number, rows: number) =>
    `indices[${index}] is ${found}, but the matrix has ${count(rows, "row")} (0 to ${rows - 1})`,
  threadsNotCount: (found: unknown) => `threads is ${shown(found)}, but an integer of at least 1 is expected`,
  threadsTooMany: (found: number, most: number) => `threads is ${found}, but must be at most ${most}`,
  arrayFreed: (name: string) =>
    `${name} lies on the heap of the back end where nothing is in use: it was freed, or reaches beyond its array; make another with float32, float64, int32 or uint8`,
  stepNotNumber: (name: string, found: unknown) => `${name} is ${shown(found)}, but a finite number is expected`,
  relaxedNotBoolean: (found: unknown) => `relaxed is ${shown(found)}, but true or false is expected`,
  backendDisposed: () => "this back end was disposed of, and can do nothing any more; make another with wasm.create()",
  backendForeign: (found: unknown) =>
    `the back end is ${shown(found)}, but one of surprisal/wasm is expected, such as wasm or wasm.create()`,
  backendForAll: () => "this back end is there for all; only one of your own, from wasm.create(), can be disposed of",
  backendBusy: () =>
    "the back end is in the midst of a call, whose arrays it needs; free and dispose when that is over",
} as const;

/** The texts of the kernels of boosted trees. */
export const treeTexts = {
  rowNumber: (index: number, found: number, rows: number) =>
    `rows[${index}] is ${found}, but there ${rows === 1 ? "is" : "are"} ${count(rows, "row")} (0 to ${rows - 1})`,
  notCount: (name: string, found: unknown) => `${name} is ${shown(found)}, but an integer of at least 1 is expected`,
  place: (name: string, found: unknown, of: number) =>
    `${name} is ${shown(found)}, but an integer from 0 to ${of - 1} is expected`,
  bin: (index: number, found: number, feature: number, bins: number) =>
    `bins[${index}] is ${found}, but feature ${feature} has ${count(bins, "bin")} (0 to ${bins - 1})`,
  startsEmpty: () =>
    "starts has fewer than 2 values, but one per feature is expected, and behind them how many bins there are of all",
  startsFirst: (found: number) => `starts[0] is ${found}, but the bins of the first feature begin at 0`,
  binCount: (index: number, found: number, before: number, most: number) =>
    `starts[${index}] is ${found}, but must be 1 to ${most} more than the ${before} before it: so many bins a feature has`,
} as const;

/** The texts of counts, thresholds and the undoing of a loss. */
export const decisionTexts = {
  toleranceNotValid: (found: unknown) => `tolerance is ${shown(found)}, but a number of more than 0 is expected`,
  countNotValid: (index: number, found: unknown) =>
    `counts[${index}] is ${shown(found)}, but a finite number >= 0 is expected`,
  countsEmpty: () => "counts is empty or sums to 0, but at least one example is needed",
  countZero: (index: number) =>
    `counts[${index}] is 0, so its weight is undefined; say what you want: { emptyClass: "zero" } or { emptyClass: "largest" }`,
  countOfLabelZero: (label: number) =>
    `counts[${label}] is 0, so alpha is undefined; at least one example of each label is needed`,
  countTooSmall: (index: number, found: number) =>
    `counts[${index}] is ${found}, so small beside the others that its weight is beyond every number; leave the class out, or take the scheme "effective-number"`,
  countsNotTwo: (length: number) => `${has("counts", length)}, but two are expected: of label 0 and of label 1`,
  betaRange: (found: unknown) => `beta is ${shown(found)}, but must be a number, at least 0 and less than 1`,
  priorRange: (name: string, found: number, limit: string) =>
    `${name} is ${found}, but must be more than 0 and ${limit}${found > 1 ? "; divide counts by their sum" : ""}`,
  tauNotNumber: (found: unknown) => `tau is ${shown(found)}, but a finite number is expected`,
  costNotValid: (name: string, found: unknown) => `${name} is ${shown(found)}, but a finite number >= 0 is expected`,
  costsZero: () => "falseAlarm and miss are both 0, so every threshold is as good; at least one must be more than 0",
  thresholdRange: (name: string, found: unknown) => `${name} is ${shown(found)}, but must be a number from 0 to 1`,
  thresholdNeedsTwo: (classes: number) =>
    `a threshold needs two classes, but there are ${classes}; without a threshold the largest output decides`,
  probabilitiesEmpty: () => "there are no probabilities, but at least one is needed",
  lossFlat: (example: number) =>
    `at example ${example} the loss is flat (its slope is 0), so it says nothing about the probability there; only a loss that is nowhere flat can be undone`,
  alphaZero: (what: string) =>
    `alpha gives ${what} the weight 0, so the loss never saw it and its probability cannot be recovered`,
  smoothingWhole: () =>
    "labelSmoothing is 1, so every label was the same and the model was told nothing that could be recovered",
} as const;
