// The public names of the library.
export {
  type ActivateOptions,
  activate,
  activateGradient,
  type DecideOptions,
  decide,
  logActivate,
} from "./activate.ts";
export { logSigmoid, sigmoid } from "./activations/sigmoid.ts";
export type { Backend, Outputs } from "./backends/backend.ts";
export { reference } from "./backends/reference.ts";
export type { Alpha, AlphaWeights } from "./batch/alpha.ts";
export type { FloatArray, LabelArray, NumberArray } from "./batch/arrays.ts";
export {
  binaryAlpha,
  type ClassWeightOptions,
  classWeights,
  type LogitAdjustmentOptions,
  logitAdjustment,
  type WeightScheme,
} from "./batch/classWeights.ts";
export type { Batch, Inputs, Problem, ProblemOptions } from "./batch/problem.ts";
export type { Reduction } from "./batch/reduction.ts";
export type { Activation, Shape } from "./batch/shape.ts";
export { InputError } from "./errors.ts";
export { type EvaluateOptions, type Evaluation, evaluate, type Requested } from "./evaluate.ts";
export { type Dual, dual, dualViews } from "./formula/dual.ts";
export { type FormulaGraph, graphOf, type Node } from "./formula/graph.ts";
export { toLatex } from "./formula/languages/latex.ts";
export { numbers } from "./formula/numbers.ts";
export type { Formula, Operand, OperationName, Operations, ViewName, Views } from "./formula/operations.ts";
export { type GradientCheck, type GradientCheckOptions, gradientCheck } from "./gradientCheck.ts";
export { asymmetric } from "./losses/asymmetric.ts";
export { crossEntropy } from "./losses/crossEntropy.ts";
export {
  defineLoss,
  type Identity,
  type Loss,
  type LossDefinition,
  type LossFactory,
  type ParameterDefinition,
  type Parameters,
} from "./losses/define.ts";
export { focal } from "./losses/focal.ts";
export { generalizedCrossEntropy } from "./losses/generalizedCrossEntropy.ts";
export { losses } from "./losses/index.ts";
export { poly1 } from "./losses/poly1.ts";
export {
  balancedAccuracyThreshold,
  costThreshold,
  type ErrorCosts,
  f1Threshold,
  type OperatingPoint,
  precisionThreshold,
  recallThreshold,
  topThreshold,
} from "./probability/thresholds.ts";
export { type TrueProbabilitiesOptions, trueProbabilities } from "./probability/trueProbabilities.ts";
