// Scores and their chance levels: scikit-learn's numbers to 12 digits, and laws of any labels and probabilities.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../src/random.ts";
import { binEvents, calibrationError, errorIfCalibrated } from "../src/scores/calibration.ts";
import { type Scores, scores } from "../src/scores/scores.ts";

// The same numbers in Python: p = [((37*i+11) % 23) / 22 for i in range(40)], and so on.
const rows = Array.from({ length: 40 }, (_, i) => i);
const binary = {
  target: { kind: "binary", outputs: 1 },
  labels: Int32Array.from(rows, (i) => Number((7 * i * i + 3 * i) % 5 < 2)),
  probabilities: Float64Array.from(rows, (i) => ((37 * i + 11) % 23) / 22),
} as const;
const multiclass = {
  target: { kind: "multiclass", outputs: 4 },
  labels: Int32Array.from(rows, (i) => (i % 3 ? (7 * i + i * i) % 4 : Math.floor(i / 3) % 4)),
  probabilities: Float64Array.from(
    rows.flatMap((i) => {
      const shares = i === 0 ? [0, 0, 1, 0] : [0, 1, 2, 3].map((k) => 1 + ((i * (13 * k + 7) + 5 * k) % 17));
      return shares.map((share) => share / shares.reduce((a, b) => a + b));
    }),
  ),
} as const;
const multilabel = {
  target: { kind: "multilabel", outputs: 3 },
  labels: Int32Array.from(rows.flatMap((i) => [0, 1, 2].map((k) => Number((i * (2 * k + 1) + k) % 7 < 2 + (k % 2))))),
  probabilities: Float64Array.from(rows.flatMap((i) => [0, 1, 2].map((k) => ((i * (11 * k + 5) + 7 * k) % 19) / 18))),
} as const;

const score = ({ target, labels, probabilities }: typeof binary | typeof multiclass | typeof multilabel) =>
  scores(target, labels, probabilities);

describe("scores agree with scikit-learn 1.2.1 to 12 digits", () => {
  const cases: readonly [string, Scores, Omit<Scores, "eceIfCalibrated">][] = [
    [
      "binary, with probabilities 0 and 1 and ties",
      score(binary),
      {
        logLoss: 2.640054504084008, // log_loss(y, p, eps=1e-15)
        brier: 0.3704028925619835, // brier_score_loss(y, p)
        averagePrecision: 0.3493254378723097, // average_precision_score(y, p)
        rocAuc: 0.4401041666666667, // roc_auc_score(y, p)
        // b = minimum((p*15).astype(int), 14); sum(abs((p-y)[b==k].sum()) for k in range(15)) / n
        ece: 0.29886363636363633,
        balancedAccuracy: 0.47916666666666663, // balanced_accuracy_score(y, p >= .5)
        f1: 0.4324324324324324, // f1_score(y, p >= .5)
      },
    ],
    [
      "multi-class, with a certain row that is wrong",
      score(multiclass),
      {
        logLoss: 2.4189467793326327, // log_loss(y, p, eps=1e-15)
        brier: 0.8718716050945726, // ((p - eye(4)[y]) ** 2).sum(1).mean()
        averagePrecision: 0.24704895468576543, // average_precision_score(eye(4)[y], p, average="macro")
        rocAuc: 0.4389249983679332, // roc_auc_score(y, p, multi_class="ovr", average="macro")
        ece: 0.24779995329776838, // as above, of p.max(1) and p.argmax(1) == y
        balancedAccuracy: 0.29840686274509803, // balanced_accuracy_score(y, p.argmax(1))
        f1: 0.22307990922121354, // f1_score(y, p.argmax(1), average="macro")
      },
    ],
    [
      "multi-label",
      score(multilabel),
      {
        logLoss: 2.0639504706095146, // mean of log_loss(y[:, k], p[:, k], eps=1e-15)
        brier: 0.35897633744855967, // mean of brier_score_loss(y[:, k], p[:, k])
        averagePrecision: 0.38679794010770124, // average_precision_score(y, p)
        rocAuc: 0.4546746234725774, // roc_auc_score(y, p)
        ece: 0.3421296296296296, // as above, of p.ravel() and y.ravel()
        balancedAccuracy: 0.44304895871392036, // mean of balanced_accuracy_score(y[:, k], p[:, k] >= .5)
        f1: 0.34839953589953593, // f1_score(y, p >= .5, average="macro")
      },
    ],
  ];
  for (const [name, found, expected] of cases) {
    for (const [key, value] of Object.entries(expected)) {
      test(`${name}: ${key}`, () => {
        expect(Math.abs(found[key as keyof Scores] / value - 1)).toBeLessThan(1e-12);
      });
    }
  }
});

/** Equal to 12 decimals; NaN, which stands for an undefined score, is near NaN only. */
function near(found: number, expected: number) {
  if (Number.isNaN(expected)) expect(found).toBeNaN();
  else expect(found).toBeCloseTo(expected, 12);
}

describe("scores", () => {
  const binaryScores = (labels: number[], probabilities: number[]) =>
    scores({ kind: "binary", outputs: 1 }, Int32Array.from(labels), Float64Array.from(probabilities));

  test("of equal probabilities are the base rate and one half", () => {
    const found = binaryScores([0, 1, 0, 1, 1], [0.5, 0.5, 0.5, 0.5, 0.5]);
    expect(found.averagePrecision).toBe(0.6); // average_precision_score([0, 1, 0, 1, 1], [.5] * 5)
    expect(found.rocAuc).toBe(0.5); // roc_auc_score
  });

  test("clip probabilities at 1e-15 only", () => {
    // log_loss([1, 0], [0, 0], eps=1e-15)
    expect(binaryScores([1, 0], [0, 0]).logLoss).toBeCloseTo(17.269388197455342, 12);
    expect(binaryScores([1, 0], [1e-14, 0]).logLoss).toBeCloseTo(-Math.log(1e-14) / 2, 12);
  });

  test("take each row of several classes in proportion, as scikit-learn does", () => {
    const found = scores({ kind: "multiclass", outputs: 2 }, Int32Array.of(0, 1), Float64Array.of(0.2, 0.2, 0.3, 0.1));
    expect(found.logLoss).toBeCloseTo((Math.log(2) + Math.log(4)) / 2, 12);
  });

  test("match the prior's rows in published baselines: churn's Brier is p (1 - p), and for two classes twice that", () => {
    const labels = Int32Array.from({ length: 5000 }, (_, row) => Number(row < 707));
    const found = scores({ kind: "binary", outputs: 1 }, labels, new Float64Array(5000).fill(0.1414));
    expect(found.brier).toBeCloseTo(0.12141, 5);
    expect(found.logLoss).toBeCloseTo(0.4075, 4);
    const both = Float64Array.from({ length: 10_000 }, (_, k) => (k % 2 ? 0.1414 : 1 - 0.1414));
    const two = scores({ kind: "multiclass", outputs: 2 }, labels, both);
    expect(two.brier).toBeCloseTo(2 * found.brier, 12);
    expect(two.logLoss).toBeCloseTo(found.logLoss, 12);
  });

  test("that one class leaves undefined are NaN, and the others are not", () => {
    const found = binaryScores([0, 0], [0.1, 0.6]);
    expect(found.averagePrecision).toBeNaN();
    expect(found.rocAuc).toBeNaN();
    expect(found).toMatchObject({ balancedAccuracy: 0.5, f1: 0 });
    expect(found.logLoss).toBeCloseTo(0.5108256237659907, 12);
  });

  test("leave out classes that do not occur", () => {
    const found = scores(
      { kind: "multiclass", outputs: 3 },
      Int32Array.of(0, 1, 1, 0),
      Float64Array.of(0.6, 0.3, 0.1, 0.2, 0.7, 0.1, 0.1, 0.8, 0.1, 0.9, 0.05, 0.05),
    );
    expect(found).toMatchObject({ averagePrecision: 1, rocAuc: 1, balancedAccuracy: 1, f1: 1 });
  });

  test("of a ranking do not change when a steep increasing function is applied", () => {
    const found = scores(
      binary.target,
      binary.labels,
      binary.probabilities.map((p) => p ** 5),
    );
    expect(found.averagePrecision).toBe(score(binary).averagePrecision);
    expect(found.rocAuc).toBe(score(binary).rocAuc);
  });

  test("do not depend on the order of the rows, and ROC-AUC is the share of ordered pairs", () => {
    const row = fc.record({ label: fc.integer({ min: 0, max: 1 }), p: fc.integer({ min: 0, max: 8 }) });
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 30 }), (table) => {
        const all = (list: typeof table) =>
          binaryScores(
            list.map(({ label }) => label),
            list.map(({ p }) => p / 8),
          );
        const [one, other] = [all(table), all([...table].reverse())];
        for (const key of Object.keys(one) as (keyof Scores)[]) near(other[key], one[key]);
        const pairs = table.flatMap((a) => table.filter((b) => a.label === 1 && b.label === 0).map((b) => a.p - b.p));
        const won = pairs.reduce((sum, d) => sum + (d > 0 ? 1 : d === 0 ? 0.5 : 0), 0);
        near(one.rocAuc, won / pairs.length);
      }),
    );
  });

  test("refuse lengths that do not fit and values that are no probabilities", () => {
    expect(() => binaryScores([0, 1], [0.5])).toThrow("2 labels and 1 probabilities do not fit 1 outputs");
    expect(() => binaryScores([], [])).toThrow(RangeError);
    expect(() => binaryScores([0, 1], [0.5, Number.NaN])).toThrow("probabilities[1] is NaN");
    expect(() => binaryScores([0, 1], [0.5, 1.1])).toThrow("must be from 0 to 1");
  });

  test("of a million rows take about a second", () => {
    const random = new Random("million");
    const probabilities = Float64Array.from({ length: 1_000_000 }, () => random.next());
    const labels = Int32Array.from(probabilities, (p) => Number(random.next() < p));
    const start = process.cpuUsage(); // not the clock: others may use the machine
    scores({ kind: "binary", outputs: 1 }, labels, probabilities);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(5);
  });
});

describe("the calibration error that a perfect model gets by chance", () => {
  const draws = 2000;
  const shapes: readonly [string, number, (random: Random) => number, number][] = [
    ["1000 rows, even probabilities", 1000, (random) => random.next(), 0.02],
    ["200 rows, probabilities near one half", 200, (random) => 0.4 + 0.2 * random.next(), 0.02],
    ["1000 rows, rare positives", 1000, (random) => 0.15 * random.next() ** 3, 0.05],
    ["60 rows, rare positives", 60, (random) => 0.3 * random.next() ** 4, 0.1],
  ];
  for (const [name, count, draw, tolerance] of shapes) {
    test(`is what simulation finds: ${name}`, () => {
      const random = new Random(name);
      const probabilities = Float64Array.from({ length: count }, () => draw(random));
      let sum = 0;
      let stated = 0;
      for (let k = 0; k < draws; k++) {
        const labels = Int32Array.from(probabilities, (p) => Number(random.next() < p));
        const bins = binEvents(labels, probabilities);
        sum += calibrationError(bins);
        stated = errorIfCalibrated(bins);
      }
      const simulated = sum / draws;
      expect(Math.abs(stated / simulated - 1), `stated ${stated}, simulated ${simulated}`).toBeLessThan(tolerance);
    });
  }

  test("of a bin with hardly any events is their exact mean deviation, not the normal's", () => {
    // 20 rows at p = .002: E|X - .04| = 2 * .04 * P(X = 0); the normal approximation says twice that
    const bins = binEvents(new Int32Array(20), new Float64Array(20).fill(0.002));
    expect(Math.abs((errorIfCalibrated(bins) * 20) / (0.08 * 0.998 ** 20) - 1)).toBeLessThan(0.05);
  });

  test("holds for the largest of three probabilities too", () => {
    const random = new Random("three");
    const probabilities = new Float64Array(3 * 500);
    for (let row = 0; row < 500; row++) {
      const shares = [random.next(), random.next(), random.next()];
      for (let k = 0; k < 3; k++) probabilities[3 * row + k] = shares[k] / (shares[0] + shares[1] + shares[2]);
    }
    let sum = 0;
    let stated = 0;
    for (let k = 0; k < 300; k++) {
      const labels = Int32Array.from({ length: 500 }, (_, row) => {
        const u = random.next();
        return u < probabilities[3 * row] ? 0 : u < probabilities[3 * row] + probabilities[3 * row + 1] ? 1 : 2;
      });
      const found = scores({ kind: "multiclass", outputs: 3 }, labels, probabilities);
      sum += found.ece;
      stated = found.eceIfCalibrated;
    }
    expect(Math.abs(stated / (sum / 300) - 1)).toBeLessThan(0.05);
  });
});
