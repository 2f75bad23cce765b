// Per source system: the options of Surprisal that reproduce what the system calls alpha, mean, smoothing and so on.
import type { Alpha, Reduction } from "../../src/index.ts";

/** What a system's reduction is here. */
export interface ReductionRule {
  readonly reduction: Reduction;
  /** The system averages over the labels of a row where this reduction sums them: each weighs 1 / classes. */
  readonly perRowMean?: true;
  /** Ignored labels stay in the denominator there: they weigh 0 here, instead of being ignored. */
  readonly ignoredStay?: true;
  /** Labels of weight 0 leave the denominator there: they are ignored here, which a weight of 0 alone does not do. */
  readonly zeroWeights?: "ignored";
}

/** The conventions of a system for one activation. */
export interface Conventions {
  /** By the words of `params.reduction` in published.json. */
  readonly reductions: Readonly<Record<string, ReductionRule>>;
  /** What the system's one number alpha of focal loss is here. */
  readonly focalAlpha?: (alpha: number, classes: number) => Alpha;
  /** What its list of class weights is here. */
  readonly classWeight?: (weights: readonly number[]) => Alpha;
  /** Its label smoothing s as `labelSmoothing`, by the words of published.json; "" where they give no form. */
  readonly smoothing?: Readonly<Record<string, (s: number) => number>>;
}

/** A source of published examples. */
export interface SourceSystem {
  readonly name: string;
  /** How the `source` of its examples begins. */
  readonly source: RegExp;
  readonly softmax?: Conventions;
  readonly sigmoid?: Conventions;
  /** It clips probabilities to [clip, 1 - clip], in float32. */
  readonly clip?: number;
  /** It divides each row of probabilities by its sum. */
  readonly normalisesRows?: true;
}

const same = (s: number) => s;
const softmaxPlain = {
  none: { reduction: "none" },
  mean: { reduction: "mean" },
  sum: { reduction: "sum" },
} as const satisfies Conventions["reductions"];
/** A system that averages over all labels, where "mean" here averages over examples and sums their labels. */
const sigmoidPlain = {
  none: { reduction: "none" },
  mean: { reduction: "element-mean" },
  sum: { reduction: "sum" },
} as const satisfies Conventions["reductions"];
const overLabelWeights = { reduction: "weighted-mean" } as const;
const labelOne = (alpha: number): Alpha => alpha;
const perClass = (weights: readonly number[]): Alpha => weights;
/** A weight per label column, for label 1 and label 0 alike. */
const perColumn = (weights: readonly number[]): Alpha => ({ positive: weights, negative: weights });

/** Every source system of published.json. */
export const sourceSystems: readonly SourceSystem[] = [
  {
    name: "PyTorch",
    source: /^pytorch\/pytorch/,
    softmax: {
      reductions: { ...softmaxPlain, "sum(w_y*loss)/sum(w_y)": overLabelWeights },
      classWeight: perClass,
      smoothing: { "": same },
    },
    sigmoid: {
      reductions: { ...sigmoidPlain, "mean over classes then mean over batch": { reduction: "element-mean" } },
    },
  },
  {
    name: "Keras",
    source: /^keras-team\/keras/,
    clip: 1e-7,
    normalisesRows: true,
    softmax: {
      reductions: {
        ...softmaxPlain,
        "mean (sum / batch size)": { reduction: "mean" },
        "times sample_weight, sum / batch size": { reduction: "mean" },
      },
      focalAlpha: (alpha, classes) => new Array<number>(classes).fill(alpha),
      smoothing: { "": same },
    },
    sigmoid: {
      reductions: {
        ...sigmoidPlain,
        "mean over last axis": { reduction: "none", perRowMean: true },
        "mean over last axis (none over batch)": { reduction: "none", perRowMean: true },
        "mean over last axis then sum": { reduction: "sum", perRowMean: true },
        "mean over last axis, times sample_weight, sum / batch size": { reduction: "element-mean" },
        "mean over last axis, [times sample_weight], sum / batch size": { reduction: "element-mean" },
      },
      focalAlpha: labelOne,
      smoothing: { "y*(1-s)+0.5*s": same },
    },
  },
  {
    name: "TensorFlow",
    source: /^tensorflow (tf\.nn|\/addons)|^tensorflow\/addons/,
    sigmoid: { reductions: sigmoidPlain, focalAlpha: labelOne },
  },
  {
    name: "TF.js",
    source: /^tensorflow\/tfjs/,
    softmax: {
      reductions: {
        ...softmaxPlain,
        "none, times sample weight": { reduction: "none" },
        "sum(w*loss)/sum(w)": overLabelWeights,
        "sum(w*loss)/count(w!=0)": { reduction: "mean", zeroWeights: "ignored" },
      },
      smoothing: { "": same },
    },
    sigmoid: {
      reductions: {
        ...sigmoidPlain,
        "none, times per-class weight": { reduction: "none" },
        "sum(w*loss)/count(w!=0)": { reduction: "element-mean", zeroWeights: "ignored" },
      },
    },
  },
  {
    name: "optax",
    source: /^google-deepmind\/optax/,
    softmax: { reductions: softmaxPlain },
    sigmoid: { reductions: sigmoidPlain, focalAlpha: labelOne },
  },
  {
    name: "scikit-learn",
    source: /^scikit-learn/,
    normalisesRows: true,
    softmax: { reductions: softmaxPlain },
    sigmoid: { reductions: sigmoidPlain },
  },
  {
    name: "MONAI",
    source: /^Project-MONAI\/MONAI/,
    softmax: {
      reductions: {
        "mean over ALL N*C*H*W elements": { reduction: "mean", perRowMean: true },
        "mean over ALL N*C*H*W elements (zeros of non-target classes included)": {
          reduction: "mean",
          perRowMean: true,
        },
      },
      // Class 0 is the background: it weighs 1 - alpha, every other class alpha.
      focalAlpha: (alpha, classes) => Array.from({ length: classes }, (_, c) => (c === 0 ? 1 - alpha : alpha)),
    },
    sigmoid: { reductions: sigmoidPlain, focalAlpha: labelOne, classWeight: perColumn },
  },
  {
    name: "mmpretrain",
    source: /^open-mmlab\/mmpretrain/,
    softmax: {
      reductions: softmaxPlain,
      // In the mode "classy_vision" labels become (y + s/C) / (1 + s).
      smoothing: { "": same, "(y + s/C)/(1+s), s=0.1": (s) => s / (1 + s) },
    },
    sigmoid: {
      reductions: { ...sigmoidPlain, "mean of class_weight*loss": { reduction: "element-mean" } },
      focalAlpha: labelOne,
      classWeight: perColumn,
      // For two labels y (1 - s) + s/C is what `labelSmoothing` does; for more, give such labels yourself.
      smoothing: { "y*(1-s)+s/C": same },
    },
  },
  {
    name: "segmentation_models.pytorch",
    source: /^qubvel-org\/segmentation_models\.pytorch/,
    softmax: {
      reductions: {
        "sum over valid / ALL rows (ignored rows stay in the denominator)": { reduction: "mean", ignoredStay: true },
      },
      smoothing: { "": same },
    },
    sigmoid: {
      reductions: { "sum over valid / ALL elements": { reduction: "element-mean", ignoredStay: true } },
      smoothing: { "y*(1-s)+(1-y)*s, s=0.1": (s) => 2 * s },
    },
  },
  {
    name: "MLX",
    source: /^ml-explore\/mlx/,
    softmax: { reductions: softmaxPlain, smoothing: { "": same } },
    sigmoid: { reductions: sigmoidPlain },
  },
  {
    name: "Burn",
    source: /^tracel-ai\/burn/,
    softmax: { reductions: softmaxPlain },
    sigmoid: {
      reductions: {
        ...sigmoidPlain,
        "mean of w[y]*loss": { reduction: "element-mean" },
        "mean of class_weight*loss": { reduction: "element-mean" },
      },
      // A binary problem has one weight per label value, label 0 first; a multi-label problem one per column.
      classWeight: (weights) =>
        weights.length === 2 ? { positive: weights[1], negative: weights[0] } : perColumn(weights),
    },
  },
  {
    name: "ONNX",
    source: /^onnx\/onnx/,
    softmax: {
      reductions: { ...softmaxPlain, "sum(w_y*loss)/sum(w_y)": overLabelWeights },
      classWeight: perClass,
    },
  },
  {
    name: "focal-loss",
    source: /^artemmavrin\/focal-loss/,
    clip: 1e-7,
    softmax: { reductions: softmaxPlain },
    sigmoid: { reductions: sigmoidPlain },
  },
  {
    name: "the focal paper",
    source: /^Lin et al\. 2017/,
    sigmoid: { reductions: sigmoidPlain, focalAlpha: labelOne },
  },
];

/** The one system that an example comes from. */
export function systemOf(source: string): SourceSystem {
  const found = sourceSystems.filter((system) => system.source.test(source));
  if (found.length !== 1) throw new Error(`${source}: ${found.length} systems claim it, but one must`);
  return found[0];
}
