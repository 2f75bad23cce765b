// The laws of weights: a whole weight is so many rows, equal ones are none, and a masked label is a row less.
import fc from "fast-check";
import { crossEntropy } from "surprisal";
import { describe, expect, it } from "vitest";
import { fitLinear } from "../src/learning/linear/linear.ts";
import { makeObjective } from "../src/learning/objective.ts";
import { Random } from "../src/random.ts";
import { classRecalls } from "../src/scores/confusion.ts";
import { precisionRecallCurve, reliabilityDiagram, thresholdCurve } from "../src/scores/curves.ts";
import { metricNames, scoreOf } from "../src/scores/metric.ts";
import { type Scores, scores } from "../src/scores/scores.ts";
import { goalsOf, nothingAsked } from "../src/verdict/goals.ts";
import { chooseThresholds } from "../src/verdict/thresholds.ts";
import { perLabel, repeated } from "./repeatedRows.ts";
import { binaryLabels, sampleSet } from "./sample.ts";

/** A problem with whole weights, small enough to be written out. */
const problems = fc
  .record({
    kind: fc.constantFrom("binary" as const, "multiclass" as const, "multilabel" as const),
    rows: fc.integer({ min: 2, max: 30 }),
    seed: fc.nat(),
  })
  .map(({ kind, rows, seed }) => {
    const random = new Random(`law ${seed}`);
    const outputs = kind === "binary" ? 1 : 3;
    const columns = kind === "multilabel" ? outputs : 1;
    const labels = Int32Array.from({ length: rows * columns }, () => random.integer(kind === "multiclass" ? 3 : 2));
    // Ties are common, so that they are tried as well.
    const values = Float64Array.from({ length: rows * outputs }, () => random.integer(9) / 8);
    const counts = Array.from({ length: rows }, () => 1 + random.integer(4));
    const probabilities = values.map((value, k) => {
      if (kind !== "multiclass") return value;
      const at = Math.floor(k / 3) * 3;
      return (1 + value) / (3 + values[at] + values[at + 1] + values[at + 2]);
    });
    return { target: { kind, outputs }, columns, labels, probabilities, counts };
  });

describe("scores of rows that count by whole weights", () => {
  const compare = (one: number, other: number, what: string) => {
    if (Number.isNaN(other)) expect(one, what).toBeNaN();
    else expect(Math.abs(one - other), what).toBeLessThan(1e-12 * Math.max(1, Math.abs(other)));
  };
  /** What luck would do hangs on how many rows there are, not on what they count. */
  const notLaw: readonly (keyof Scores)[] = ["eceIfCalibrated"];

  it.each(metricNames)("are those of rows that stand there so many times: %s", (metric) => {
    fc.assert(
      fc.property(problems, ({ target, columns, labels, probabilities, counts }) => {
        const weighed = scores(target, labels, probabilities, perLabel(counts, columns));
        const written = scores(
          target,
          repeated(labels, columns, counts),
          repeated(probabilities, target.outputs, counts),
        );
        compare(scoreOf(metric, weighed), scoreOf(metric, written), metric);
        for (const name of Object.keys(written) as (keyof Scores)[]) {
          if (!notLaw.includes(name)) compare(weighed[name], written[name], name);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("do not hang on the unit of the weights", () => {
    fc.assert(
      fc.property(
        problems,
        fc.constantFrom(0.001, 1 / 3, 7, 1e9),
        ({ target, columns, labels, probabilities, counts }, unit) => {
          const weights = perLabel(counts, columns);
          const one = scores(target, labels, probabilities, weights);
          const other = scores(
            target,
            labels,
            probabilities,
            weights.map((each) => each * unit),
          );
          for (const name of Object.keys(one) as (keyof Scores)[]) compare(other[name], one[name], name);
        },
      ),
    );
  });

  it("are exactly those without weights where each counts 1", () => {
    fc.assert(
      fc.property(problems, ({ target, labels, probabilities }) => {
        const ones = new Float64Array(labels.length).fill(1);
        const [one, other] = [scores(target, labels, probabilities, ones), scores(target, labels, probabilities)];
        for (const name of Object.keys(one) as (keyof Scores)[]) compare(one[name], other[name], name);
      }),
    );
  });

  it("are for a masked label those of the rows that have it", () => {
    fc.assert(
      fc.property(problems, fc.nat(), ({ probabilities: values, counts }, seed) => {
        const random = new Random(`mask ${seed}`);
        const rows = counts.length;
        const [labels, p] = [new Int32Array(2 * rows), new Float64Array(2 * rows)];
        const has = Array.from({ length: 2 * rows }, () => random.next() < 0.7);
        for (let k = 0; k < 2 * rows; k++) {
          labels[k] = has[k] ? random.integer(2) : -1;
          p[k] = values[k % values.length];
        }
        const all = scores({ kind: "multilabel", outputs: 2 }, labels, p, Float64Array.from(has, Number));
        const each = [0, 1].flatMap((label) => {
          const places = has.flatMap((known, k) => (known && k % 2 === label ? [k] : []));
          const own = Int32Array.from(places, (k) => labels[k]);
          const binary = { kind: "binary", outputs: 1 } as const;
          return places.length === 0
            ? []
            : [
                scores(
                  binary,
                  own,
                  Float64Array.from(places, (k) => p[k]),
                ),
              ];
        });
        for (const name of ["logLoss", "brier", "averagePrecision", "rocAuc", "f1", "balancedAccuracy"] as const) {
          const known = each.map((score) => score[name]).filter(Number.isFinite);
          compare(all[name], known.reduce((sum, value) => sum + value, 0) / known.length, name);
        }
      }),
    );
  });
});

describe("scores agree with scikit-learn 1.9.1 and its sample_weight", () => {
  const rows = Array.from({ length: 40 }, (_, i) => i);
  const weights = Float64Array.from(rows, (i) => ((5 * i + 3) % 7) / 2 + 0.5);
  const cases: readonly [string, Scores, Partial<Scores>][] = [
    [
      "binary",
      scores(
        { kind: "binary", outputs: 1 },
        Int32Array.from(rows, (i) => Number((7 * i * i + 3 * i) % 5 < 2)),
        Float64Array.from(rows, (i) => ((37 * i + 11) % 23) / 22),
        weights,
      ),
      {
        logLoss: 3.0275920072715308, // log_loss(y, clip(p, 1e-15, 1 - 1e-15), sample_weight=w)
        brier: 0.37104101432164677, // brier_score_loss(y, p, sample_weight=w)
        averagePrecision: 0.3470699023599884, // average_precision_score(y, p, sample_weight=w)
        rocAuc: 0.4486803519061584, // roc_auc_score(y, p, sample_weight=w)
        balancedAccuracy: 0.48028673835125446, // balanced_accuracy_score(y, p >= .5, sample_weight=w)
        f1: 0.42953020134228187, // f1_score(y, p >= .5, sample_weight=w)
        // b = minimum((p*15).astype(int), 14); sum(abs((w*(p-y))[b==k].sum()) for k in range(15)) / w.sum()
        ece: 0.3255223037831733,
      },
    ],
    [
      "multi-class",
      scores(
        { kind: "multiclass", outputs: 4 },
        Int32Array.from(rows, (i) => (i % 3 ? (7 * i + i * i) % 4 : Math.floor(i / 3) % 4)),
        Float64Array.from(
          rows.flatMap((i) => {
            const shares = i === 0 ? [0, 0, 1, 0] : [0, 1, 2, 3].map((k) => 1 + ((i * (13 * k + 7) + 5 * k) % 17));
            return shares.map((share) => share / shares.reduce((a, b) => a + b));
          }),
        ),
        weights,
      ),
      {
        brier: 0.8812618599404052, // average(((p - eye(4)[y]) ** 2).sum(1), weights=w)
        averagePrecision: 0.2534944460212424, // average_precision_score(eye(4)[y], p, average="macro", sample_weight=w)
        rocAuc: 0.4535119590312047, // roc_auc_score(y, p, multi_class="ovr", average="macro", sample_weight=w)
        balancedAccuracy: 0.2681051587301587, // balanced_accuracy_score(y, p.argmax(1), sample_weight=w)
        f1: 0.195843157359348, // f1_score(y, p.argmax(1), average="macro", sample_weight=w)
      },
    ],
  ];
  it.each(cases)("%s", (_, found, expected) => {
    for (const [name, value] of Object.entries(expected)) {
      expect(found[name as keyof Scores], name).toBeCloseTo(value, 12);
    }
  });

  it("as a logistic regression does", () => {
    const weights = Float64Array.from({ length: 150 }, (_, n) => 1 + ((n * 7) % 4) / 2);
    const loss = crossEntropy();
    const objective = makeObjective({ loss, activation: "sigmoid", outputs: 1, labels: binaryLabels, weights });
    const [layer] = fitLinear(sampleSet, objective, { l2: 0.01, tolerance: 1e-10 }).model.layers;
    // LogisticRegression(C=1/(.01*w.sum()), tol=1e-12, solver="newton-cholesky").fit(X, y, sample_weight=w)
    const expected = [
      2.8238084537101353, -1.3979245149193342, 0.09265301760092437, 1.738065254434621, -0.415627149113004,
    ];
    expected.forEach((weight, k) => {
      expect(layer.weights[k]).toBeCloseTo(weight, 6);
    });
    expect(layer.bias[0]).toBeCloseTo(-1.4851778144761403, 6);
  });
});

describe("curves and thresholds of rows that count by whole weights", () => {
  const random = new Random("curves");
  const counts = Array.from({ length: 150 }, () => 1 + random.integer(4));
  const labels = Int32Array.from(counts, () => Number(random.next() < 0.3));
  const probabilities = Float64Array.from(
    labels,
    (label) => Math.round(100 * (0.5 * random.next() + 0.4 * label)) / 100,
  );
  const fold = counts.map((_, row) => row % 5);
  const weighed = { labels, probabilities, weights: Float64Array.from(counts) };
  const written = { labels: repeated(labels, 1, counts), probabilities: repeated(probabilities, 1, counts) };
  const writtenFold = counts.flatMap((count, row) => new Array<number>(count).fill(fold[row]));

  it("are those of rows that stand there so many times", () => {
    expect(precisionRecallCurve(weighed).recall.at(-1)).toBe(1);
    const points = ({ threshold, recall, precision }: ReturnType<typeof precisionRecallCurve>) =>
      new Map(threshold.map((each, k) => [each, [recall[k], precision[k]]]));
    const [one, other] = [points(precisionRecallCurve(weighed)), points(precisionRecallCurve(written))];
    for (const [threshold, point] of one) if (other.has(threshold)) expect(other.get(threshold)).toEqual(point);
    const diagram = reliabilityDiagram(weighed);
    const plain = reliabilityDiagram(written);
    expect([diagram.count, diagram.predicted, diagram.observed]).toEqual([
      plain.count,
      plain.predicted,
      plain.observed,
    ]);
    diagram.low.forEach((low, bin) => {
      expect(low).toBeLessThanOrEqual(plain.low[bin]); // no more sure than of single rows
    });
    const costs = { miss: 5, falseAlarm: 1 };
    const [a, b] = [thresholdCurve(weighed, costs), thresholdCurve(written, costs)];
    a.threshold.forEach((threshold, k) => {
      const at = b.threshold.indexOf(threshold);
      if (at >= 0) expect([a.cost[k], a.f1[k], a.recall[k]]).toEqual([b.cost[at], b.f1[at], b.recall[at]]);
    });
  });

  it("are chosen as for rows that stand there so many times", () => {
    const all = counts.reduce((sum, each) => sum + each, 0);
    for (const top of [{ rows: 30 }, { share: 20 / all }]) {
      const asked = { ...nothingAsked, costs: { miss: 5, falseAlarm: 1 }, recall: 0.8, precision: 0.6, top };
      const one = chooseThresholds(weighed, fold, goalsOf(asked, all, true));
      const other = chooseThresholds(written, writtenFold, goalsOf(asked, all));
      one.forEach((choice, k) => {
        const { disagree: _, ...numbers } = choice;
        for (const [name, value] of Object.entries(numbers)) {
          // A share of the other folds is rounded to whole rows, of which there are none where rows have weights.
          if (choice.kind === "top" && name.endsWith("Search")) continue;
          const expected = other[k][name as keyof typeof choice];
          if (typeof value === "number") expect(value, `${choice.goal}: ${name}`).toBeCloseTo(Number(expected), 10);
          else expect(value).toBe(expected);
        }
      });
    }
  });

  it("have intervals as wide as the effective number of rows makes them", () => {
    const [recall] = classRecalls([[30, 10]], [20]);
    expect(recall).toMatchObject({ rows: 40, found: 30, recall: 0.75 });
    const [plain] = classRecalls([[15, 5]]);
    expect([recall.low, recall.high]).toEqual([plain.low, plain.high]);
  });
});
