// Changes that no test can tell from the original, each with the reason.

/** A change in a file whose path ends in `file`: `code` is in the line before it, `change` in the line after it. */
export interface Equivalent {
  readonly file: string;
  readonly code: string;
  readonly change: string;
  readonly reason: string;
}

/** Mutants that no test can tell from the original, or that none should, each with the reason. */
export const equivalent: readonly Equivalent[] = [
  {
    file: "activations/softmax.ts",
    code: "private below = 0",
    change: "private below = 1",
    reason: "`prepare` sets it before anything reads it",
  },
  {
    file: "batch/classWeights.ts",
    code: "return beta === 0 ? 1",
    change: "return beta === 1 ? 1",
    reason: "for beta 0 the formula beside it gives 1 as well",
  },
  {
    file: "formula/logarithms.ts",
    code: "a.log < -40",
    change: "a.log < -41",
    reason: "near -40 both branches give the same float64",
  },
  {
    file: "formula/logarithms.ts",
    code: "logComplement < -40",
    change: "logComplement < -41",
    reason: "near -40 both branches give the same float64",
  },
  {
    file: "activations/margin.ts",
    code: "margin >= 0",
    change: "margin > 0",
    reason: "at margin 0 both sides give the same views",
  },
  {
    file: "backends/reference.ts",
    code: "order > 1 ?",
    change: "order >= 1 ?",
    reason: "the curvature is pulled along, but written nowhere",
  },
  {
    file: "batch/classWeights.ts",
    code: "c < counts.length",
    change: "c <= counts.length",
    reason: "a typed array ignores what is written behind its end, and a missing count is skipped",
  },
  {
    file: "formula/dual.ts",
    code: "yes === null && no === null",
    change: "yes === null && no !== null",
    reason: "a structural zero is then computed instead of left out",
  },
  {
    file: "losses/define.ts",
    code: "ofClass(0)",
    change: "ofClass(1)",
    reason: "where all classes share their parameters, any of them will do",
  },
  {
    file: "activations/softmax.ts",
    code: "margin >= 0 ?",
    change: "margin > 0 ?",
    reason: "at margin 0 the odds are 1 either way",
  },
  {
    file: "formula/logarithms.ts",
    code: "a.sign * b.sign",
    change: "a.sign / b.sign",
    reason: "signs are 1 or -1",
  },
  {
    file: "formula/logarithms.ts",
    code: "a.log > 40",
    change: "a.log > 41",
    reason: "beyond 40 both branches give the same float64",
  },
  {
    file: "probability/trueProbabilities.ts",
    code: "program.slope < -1e-280",
    change: "program.slope < -1)",
    reason: "the slower way to the same logarithm",
  },
  {
    file: "scores/calibration.ts",
    code: "Math.min(1, center + half)",
    change: "Math.min(2, center + half)",
    reason: "where not all are successes Wilson's interval ends below 1 by far more than rounding",
  },
  {
    file: "activations/softmax.ts",
    code: "possible ? 1 + rest : 0",
    change: "possible ? 1 + rest : 1",
    reason: "where a single class is possible the others are multiplied by a scale of 0",
  },
  {
    file: "activations/softmax.ts",
    code: "below === 0 ? 0 :",
    change: "below === 0 ? 1 :",
    reason: "where a single class is possible its slope is 0, of every loss",
  },
  {
    file: "backends/reference.ts",
    code: "if (order > 0)",
    change: "if (order >= 0)",
    reason: "the slope is pulled along, but written nowhere",
  },
  {
    file: "formula/graph.ts",
    code: "let numbered = 0",
    change: "let numbered = 1",
    reason: "numbers of nodes are only compared",
  },
  {
    file: "formula/logarithms.ts",
    code: "x > 40 ?",
    change: "x >= 40 ?",
    reason: "near 40 both branches give the same float64",
  },
  {
    file: "formula/program.ts",
    code: "place(name, 0)",
    change: "place(name, 1)",
    reason: "views and parameters are set before anything reads them",
  },
  {
    file: "probability/trueProbabilities.ts",
    code: "sign < 0 ? log",
    change: "sign < 1 ? log",
    reason: "where the sign is 0 the logarithm is -Infinity already",
  },
  {
    file: "probability/trueProbabilities.ts",
    code: "return 0; // the only class",
    change: "return 1; // the only class",
    reason: "softmax over one possible class is 1, whatever its logit",
  },
  {
    file: "scores/statistics.ts",
    code: "Math.abs(x) > 1e100",
    change: "Math.abs(x) > 5e+99",
    reason: "Student's t has nothing left at either",
  },
  {
    file: "mathematics/exponential.ts",
    code: 'code.fused && care === "thorough"',
    change: 'code.fused || care === "thorough"',
    reason: "the units are a power of two: either way gives the same number, one of them sooner",
  },
  {
    file: "softmax/narrow.ts",
    code: "i32.greater(left, i32.constant(3))",
    change: "i32.greater(left, i32.constant(4))",
    reason: "a whole group of four then goes the way of one that has fewer rows, to the same numbers",
  },
  {
    file: "softmax/narrow.ts",
    code: "v128.not(code.bits(0))",
    change: "v128.not(code.bits(1))",
    reason: "the mask then costs the last bit of a float32, which is within what is declared",
  },
  {
    file: "softmax/wide.ts",
    code: "v128.shuffle([2, 3, 0, 1], last.target",
    change: "v128.shuffle([3, 3, 0, 1], last.target",
    reason: "a row that seems not to fit its frame is computed once more in one of its own, to as good numbers",
  },
  {
    file: "mathematics/logarithm.ts",
    code: "f32x4.abs(value), code.number(1)",
    change: "f32x4.abs(value), code.number(2)",
    reason: "the correction holds beyond 1 as well, where float32 no longer shows it",
  },
  {
    file: "sigmoid/elements.ts",
    code: "gradient ? 1 : 0",
    change: "gradient ? 2 : 0",
    reason: "the second derivative is watched in vain: more rows go to the reference, whose numbers are as good",
  },
];
