// From logits to true probabilities in ONNX: the loss's bend taken out by the formula of `trueProbabilities`.
import { type Alpha, graphOf, type Loss, type Node } from "surprisal";
import type { GraphBuilder } from "./graph.ts";
import { logOfZero, plainLog1p, type SignedLogarithm, translate, type Value, type ViewTensors } from "./logarithms.ts";

/** How a model was trained: what has to be undone. */
export interface Training {
  readonly loss: Loss;
  readonly alpha: Alpha | null;
  readonly outputs: number;
}

/** The weights of label 1 and of label 0 per output; for softmax those of the classes. */
interface Weights {
  readonly positive: readonly number[];
  readonly negative: readonly number[];
}

/**
 * The probability of each label, from logits `[N, labels]`.
 *
 *     logit eta = log(alpha_0 pull_0) - log(alpha_1 pull_1),   pull = -slope
 *
 * @returns the tensors of P(label 1) and of P(label 0), each exact in its own small values
 */
export function undoSigmoid(graph: GraphBuilder, logits: string, training: Training) {
  const { positive, negative } = sigmoidWeights(training);
  const minus = (tensor: string) => graph.node("Neg", [tensor]);
  const logistic = (tensor: string) => {
    const one = graph.double(1);
    return graph.node("Div", [one, graph.node("Add", [one, graph.node("Exp", [minus(tensor)])])]);
  };
  const balanced = positive.every((weight, k) => weight === negative[k]);
  if (isPlain(training.loss) && balanced) {
    return { positive: logistic(logits), negative: logistic(minus(logits)) };
  }
  const { definition } = training.loss;
  const up = logPull(graph, definition.formula, training, marginViews(graph, logits));
  const down = logPull(
    graph,
    definition.negativeFormula ?? definition.formula,
    training,
    marginViews(graph, minus(logits)),
  );
  const logOdds = negative.map((weight, k) => Math.log(weight) - Math.log(positive[k]));
  const truth = graph.node("Add", [graph.node("Sub", [down, up]), graph.double(logOdds, [1, logOdds.length])]);
  return { positive: logistic(truth), negative: logistic(minus(truth)) };
}

/**
 * The probability of each class, from logits `[N, classes]`.
 *
 *     log eta_i = log q_i + log(1 - q_i) - log alpha_i - log pull_i + a constant of the row
 */
export function undoSoftmax(graph: GraphBuilder, logits: string, training: Training): string {
  const { positive } = softmaxWeights(training);
  const softmax = (tensor: string) => graph.node("Softmax", [tensor], { axis: 1 });
  if (isPlain(training.loss) && positive.every((weight) => weight === positive[0])) return softmax(logits);
  const views = marginViews(graph, softmaxMargins(graph, logits, training.outputs));
  const pull = logPull(graph, training.loss.definition.formula, training, views);
  const bent = graph.node("Add", [views.pt().log, views.oneMinusPt().log]);
  const weights = graph.double(positive.map(Math.log), [1, positive.length]);
  return softmax(graph.node("Sub", [graph.node("Sub", [bent, pull]), weights]));
}

/** Whether a loss bends nothing: it pulls by exactly what its target lacks, as cross entropy does. */
function isPlain({ definition: { formula, negativeFormula = formula, parameters = {} } }: Loss): boolean {
  return [formula, negativeFormula].every((each) => graphOf(each, Object.keys(parameters)).slope.key === lacking);
}

const lacking = "neg(oneMinusPt)";

function sigmoidWeights({ alpha, outputs }: Training): Weights {
  const spread = (weight: number | ArrayLike<number>) =>
    typeof weight === "number" ? new Array<number>(outputs).fill(weight) : Array.from(weight);
  if (alpha === null) return { positive: spread(1), negative: spread(1) };
  if (typeof alpha === "object" && "positive" in alpha) {
    return { positive: spread(alpha.positive), negative: spread(alpha.negative) };
  }
  const shares = spread(alpha);
  return { positive: shares, negative: shares.map((share) => 1 - share) };
}

function softmaxWeights({ alpha, outputs }: Training): Weights {
  const positive =
    typeof alpha === "object" && alpha !== null && "length" in alpha
      ? Array.from(alpha)
      : new Array<number>(outputs).fill(1);
  return { positive, negative: positive };
}

/** The logarithm of -slope; very small where the loss is flat. */
function logPull(graph: GraphBuilder, formula: Loss["definition"]["formula"], { loss }: Training, views: ViewTensors) {
  const slope: Node = graphOf(formula, Object.keys(loss.definition.parameters ?? {})).slope;
  const flat = graph.double(logOfZero);
  const value: Value = translate(graph, slope, views, loss.parameters);
  if (typeof value === "number") return value < 0 ? graph.double(Math.log(-value)) : flat;
  if (typeof value.sign === "number") return value.sign < 0 ? value.log : flat;
  return graph.node("Where", [graph.node("Less", [value.sign, graph.double(0)]), value.log, flat]);
}

/** The views of targets from their margins, log(pt / (1 - pt)): on each side of 0 by formulas that cancel nothing. */
function marginViews(graph: GraphBuilder, margin: string): ViewTensors {
  const minus = graph.node("Neg", [margin]);
  const near = plainLog1p(graph, graph.node("Exp", [graph.node("Neg", [graph.node("Abs", [margin])])]));
  const logSigmoid = (tensor: string) => graph.node("Sub", [graph.node("Min", [tensor, graph.double(0)]), near]);
  const logPt = () => logSigmoid(margin);
  const logOneMinusPt = () => logSigmoid(minus);
  // -log(1 - x) = x to full accuracy once x < e^-40
  const negative = (log: string, logOfComplement: string): SignedLogarithm => {
    const tiny = graph.node("Less", [logOfComplement, graph.double(-40)]);
    return {
      sign: -1,
      log: graph.node("Where", [tiny, logOfComplement, graph.node("Log", [graph.node("Neg", [log])])]),
    };
  };
  return {
    logPt: () => negative(logPt(), logOneMinusPt()),
    pt: () => ({ sign: 1, log: logPt() }),
    oneMinusPt: () => ({ sign: 1, log: logOneMinusPt() }),
    logOneMinusPt: () => negative(logOneMinusPt(), logPt()),
  };
}

/**
 * The margin of each class: its logit minus the log-sum-exp of all others.
 *
 * Only the largest, the top, can have a probability near 1; for it the others are summed on the scale of the second.
 */
function softmaxMargins(graph: GraphBuilder, logits: string, classes: number): string {
  const { values, indices } = graph.topK(logits, 2);
  const pick = (tensor: string, k: number) => graph.node("Gather", [tensor, graph.int64([k], [1])], { axis: 1 });
  const [top, second] = [pick(values, 0), pick(values, 1)];
  const numbers = graph.int64(
    Array.from({ length: classes }, (_, k) => k),
    [1, classes],
  );
  const isTop = graph.node("Equal", [numbers, pick(indices, 0)]);
  const gap = graph.node("Sub", [second, top]);
  const relative = graph.node("Exp", [graph.node("Sub", [logits, second])]);
  const terms = graph.node("Where", [isTop, graph.double(0), relative]);
  const sum = graph.node("ReduceSum", [terms, graph.int64([1], [1])], { keepdims: 1 });
  const ofTop = graph.node("Neg", [graph.node("Add", [gap, graph.node("Log", [sum])])]);
  const others = graph.node("Mul", [graph.node("Exp", [gap]), graph.node("Sub", [sum, terms])]);
  const ofOthers = graph.node("Sub", [graph.node("Sub", [logits, top]), plainLog1p(graph, others)]);
  return graph.node("Where", [isTop, ofTop, ofOthers]);
}
