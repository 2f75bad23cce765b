// Hand-made results for the tests of the report: any kind of problem, any size, the same numbers each time.
import type { EngineName } from "../src/learning/engines.ts";
import type { FamilyResult, ModelResult, OutputCurves, Result } from "../src/verdict/result.ts";
import type { Spreads } from "../src/verdict/spreads.ts";

/** What a result should be like. */
export interface ResultOptions {
  readonly kind?: Result["target"]["kind"];
  readonly classes?: readonly string[];
  readonly folds?: number;
  readonly repeats?: number;
  readonly finished?: number;
  readonly verdict?: Result["verdict"]["kind"];
  readonly metric?: Result["plan"]["metric"];
  /** How many models were compared; the last is the one to use. */
  readonly models?: number;
  /** Stands wherever text comes from the user: source, column, command, notes. */
  readonly text?: string;
}

const wave = (k: number) => Math.sin(12.9898 * (k + 1)) / 2;
const ids = ["ce", "balanced-ce", "focal", "balanced-focal"] as const;
const titles = ["cross entropy", "balanced cross entropy", "focal", "balanced focal"] as const;
const steps = (count: number) => Array.from({ length: count }, (_, k) => k / (count - 1));

function spreads(level: number): Spreads {
  const at = (mean: number) => ({ mean, margin: 0.012 });
  return {
    logLoss: at(0.32 + level),
    brier: at(0.1 + level),
    averagePrecision: at(0.6 - level),
    rocAuc: at(0.85 - level),
    ece: at(0.03 + level),
    eceIfCalibrated: at(0.02),
    balancedAccuracy: at(0.7 + level),
    f1: at(0.5),
  };
}

function curvesOf(name: string, level: number): OutputCurves {
  const recall = steps(200);
  const from = Array.from({ length: 15 }, (_, k) => k / 15);
  const observed = from.map((each) => Math.min(1, each + 1 / 30 + level));
  const diagram = {
    from,
    width: 1 / 15,
    count: from.map((_, k) => 400 - 20 * k),
    predicted: from.map((each) => each + 1 / 30),
    observed,
    low: observed.map((each) => Math.max(0, each - 0.05)),
    high: observed.map((each) => Math.min(1, each + 0.05)),
  };
  return {
    name,
    precisionRecall: {
      threshold: recall.map((r) => 1 - r),
      recall,
      precision: recall.map((r) => 1 - (0.8 + level) * r ** 2),
    },
    reliabilityUndone: diagram,
    reliabilityShown: { ...diagram, observed: observed.map((each) => each ** 2) },
    thresholds: {
      threshold: recall,
      precision: recall.map((t) => 0.2 + 0.8 * t),
      recall: recall.map((t) => 1 - t ** 2),
      f1: recall.map((t) => 0.3 + t - t ** 2),
      balancedAccuracy: recall.map((t) => 0.5 + t - t ** 2),
      cost: recall.map((t) => 0.8 - 2 * t + 1.6 * t ** 2),
    },
  };
}

/** A result with four families. */
export function makeResult(options: ResultOptions = {}): Result {
  const { kind = "binary", folds = 5, repeats = 1, verdict = "keep", metric = "log-loss", text = "churn" } = options;
  const classes = options.classes ?? (kind === "binary" ? ["no", "yes"] : ["adelie", "chinstrap", "gentoo"]);
  const finished = options.finished ?? folds * repeats;
  const families = ids.map((id, k): FamilyResult => {
    const level = 0.01 * k;
    const confusion =
      kind === "multilabel" ? [] : classes.map((_, a) => classes.map((__, b) => (a === b ? 90 : 3 + a)));
    const better = verdict === "switch" && id === "focal" ? 0.97 : 0.1;
    const names = kind === "binary" ? [classes[1]] : classes;
    return {
      id,
      title: titles[k],
      expected: spreads(level),
      shown: spreads(k === 0 ? 0 : 0.05 + level),
      bestOfGrid: 0.31 + level,
      chosenPerFold: Array.from({ length: finished }, () => 0),
      perFold: Array.from({ length: finished }, (_, fold) => 0.32 + level * wave(fold + 7 * k) + 0.02 * wave(fold)),
      grid: [0.5, 2].slice(0, id.includes("focal") ? 2 : 1).map((gamma, which) => ({
        candidate: {
          loss: id.includes("focal") ? "focal" : "crossEntropy",
          parameters: id.includes("focal") ? { gamma } : {},
          weighting: id.startsWith("balanced") ? ("inverse" as const) : ("none" as const),
        },
        words: id.includes("focal") ? `gamma ${gamma}` : "no settings",
        score: 0.31 + level + 0.002 * which,
        chosen: which === 0 ? finished - 1 : 1,
      })),
      comparison:
        k === 0
          ? null
          : {
              mean: level / 10,
              low: -level,
              high: level * 1.2,
              better,
              same: 0.98 - better,
              worse: 0.02,
              p: 0.4,
              corrected: 1,
            },
      curves: names.map((name, output) => curvesOf(name, level + 0.002 * output)),
      thresholds:
        kind === "binary"
          ? [
              {
                kind: "costs",
                goal: "costs 1 : 5",
                byFormula: 0.167,
                bySearch: 0.3,
                promised: 0.25,
                atFormula: 0.3,
                atSearch: 0.2,
                flagged: 900,
                precision: 0.5,
                recall: 0.8,
                disagree: true,
              },
              {
                kind: "balanced accuracy",
                goal: "balanced accuracy",
                byFormula: 0.14,
                bySearch: 0.15,
                promised: 0.77,
                atFormula: 0.76,
                atSearch: 0.77,
                flagged: 1000,
                precision: 0.45,
                recall: 0.82,
                disagree: false,
              },
            ]
          : [],
      confusion,
      recalls: confusion.map((row, a) => ({
        rows: row.reduce((sum, each) => sum + each),
        found: 90,
        recall: 0.9 - 0.01 * a,
        low: 0.8,
        high: 0.95,
      })),
    };
  });
  return {
    versions: { "surprisal-cli": "0.1.0", node: "20.19.0", surprisal: "0.1.0" },
    command: `surprisal compare ${text}.csv ${text}`,
    verdict: {
      kind: verdict,
      recommended: verdict === "switch" ? "focal" : "ce",
      headline:
        verdict === "too-few"
          ? "Too few positives to rank losses: keep plain cross entropy."
          : "Keep plain cross entropy.",
      reason:
        verdict === "too-few"
          ? "a fold tests 3 rows of the rarest class; a ranking takes 10"
          : "Choose the threshold instead.",
    },
    table: {
      source: `${text}.csv`,
      rows: 5000,
      numbers: 15,
      categories: 4,
      missing: 2,
      copies: { rows: 3, together: true },
    },
    target: {
      kind,
      columns: [text],
      classes,
      counts: classes.map((_, k) => 1000 - 7 * k),
      rows: 5000,
      known: null,
      shares: classes.map((_, k) => (1000 - 7 * k) / 5000),
    },
    weight: null,
    features: [
      { name: text, as: "number", reading: "number", missing: 2, fill: 31.5, scaling: [30, -2.25], levels: null },
      {
        name: `${text} 2`,
        as: "category",
        reading: "category",
        missing: 0,
        fill: null,
        scaling: null,
        levels: { all: 12, own: 9 },
      },
    ],
    dropped: [{ column: `${text} 3`, why: "an id", flag: `--keep ${text}` }],
    notes: [{ code: "S401", about: "features", weight: "notice", text: `${text}: an id, left out (--keep ${text})` }],
    plan: {
      model: "linear",
      metric,
      band: metric === "log-loss" ? 0.0032 : 0.005,
      folds,
      repeats,
      foldHash: "1f72827796d3",
      time: null,
      seed: 0,
      pace: "default",
      l2: [0.001, 0.003],
      believedL2: 0.002,
      hidden: [],
      leaves: [],
      shrinkage: null,
      maxEpochs: null,
      rungs: [],
      settings: 6,
      finished,
      fits: 115,
    },
    goals: { costs: { miss: 5, falseAlarm: 1 }, recall: null, precision: null, top: null },
    folds: Array.from({ length: finished }, (_, k) => ({
      repeat: Math.floor(k / folds),
      fold: k % folds,
      rows: 1000,
      trained: 4000,
      strength: 0.001,
      leaves: null,
      fits: 23,
    })),
    prior: spreads(0.1),
    families,
    ...modelsOf(families, options),
    test: null,
    saved: [`${text}.onnx`, `${text}.report.html`],
  };
}

const kinds: readonly (readonly [name: string, words: string])[] = [
  ["linear", "linear model"],
  ["mlp", "small network"],
  ["trees", "boosted trees"],
  ["xgboost", "XGBoost"],
  ["lightgbm", "LightGBM"],
];

/** The models of a result: each of the simpler ones is worse than the one after it. */
function modelsOf(
  families: readonly FamilyResult[],
  { models = 1, folds = 5, repeats = 1, finished = folds * repeats, verdict = "keep", metric }: ResultOptions,
): Pick<Result, "models" | "modelVerdict"> {
  const used = models - 1;
  const best = kinds[Math.max(0, used)][0] as EngineName;
  const isFew = verdict === "too-few";
  const [shrinkage, maxEpochs, rungs] = [null, null, []];
  const training = { l2: [0.001, 0.003], believedL2: 0.002, hidden: [], leaves: [], shrinkage, maxEpochs, rungs };
  return {
    models: kinds.slice(0, models).map(([name, words], k): ModelResult => {
      const behind = 0.04 * (used - k);
      return {
        name: name as EngineName,
        words,
        training,
        trainingWords: `${words}, as usual`,
        fits: 115,
        verdict: { kind: "keep", recommended: "ce", headline: "Keep plain cross entropy.", reason: "" },
        families: families.map(({ id, title, perFold, comparison }, level) => ({
          id,
          title,
          expected: spreads(0.01 * level + behind),
          perFold,
          comparison,
        })),
        prior: spreads(0.1),
        comparison:
          k === used
            ? null
            : { mean: behind, low: 0, high: 2 * behind, better: 0, same: 0.03, worse: 0.97, p: 0.01, corrected: 0.02 },
        chosen: k === used ? finished : 0,
      };
    }),
    modelVerdict: {
      kind: models === 1 ? "one" : isFew ? "too-few" : "switch",
      recommended: best,
      headline: isFew ? "Too few positives to rank models." : "Use boosted trees: better than the linear model.",
      reason: "The difference is -0.04 (95 %: -0.08 to 0).",
      matters: models === 1 || isFew ? null : { model: 0.04, loss: 0, text: "The model matters more than the loss." },
      band: metric === "average-precision" ? 0.005 : 0.0032,
      expected: spreads(0),
      chosenPerFold: Array.from({ length: finished }, () => used),
      missing: [],
    },
  };
}
