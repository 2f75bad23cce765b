// Reports of every situation that there is, hostile names among them.
import { report } from "../src/report/page.ts";
import { makeResult, type ResultOptions } from "./results.ts";

/** What would run a script, were it taken for HTML. */
export const hostile = `<script>alert(1)</script>`;
/** So many names. */
export const names = (count: number) => Array.from({ length: count }, (_, k) => `class ${k}`);
const situations: Readonly<Record<string, ResultOptions>> = {
  binary: {},
  "a recommended challenger": { verdict: "switch" },
  "not certain": { verdict: "cannot-tell" },
  "too few positives": { verdict: "too-few" },
  interrupted: { folds: 5, repeats: 5, finished: 7 },
  "average precision": { metric: "average-precision" },
  multiclass: { kind: "multiclass" },
  "too few, multiclass": { kind: "multiclass", verdict: "too-few" },
  "30 classes": { kind: "multiclass", classes: names(30) },
  multilabel: { kind: "multilabel" },
  "hostile names": { classes: [hostile, `"><img src=x onerror=alert(2)>`], text: `${hostile}' " & </title></style>` },
  "hostile classes": { kind: "multiclass", classes: [hostile, "</svg><b>", "a\nb\u0000\u202ec", "]]>&amp;"] },
  "endless names": {
    kind: "multiclass",
    classes: names(12).map((name) => name + "x".repeat(5000)),
    text: "<".repeat(900),
  },
  "two models": { models: 2 },
  "three models, interrupted": { models: 3, folds: 5, repeats: 5, finished: 7 },
  "five models, average precision": { models: 5, metric: "average-precision", kind: "multilabel" },
  "three models, too few": { models: 3, verdict: "too-few" },
  large: { kind: "multiclass", classes: names(12), folds: 20, repeats: 50 },
};
/** Every situation, with its report. */
export const pages = Object.entries(situations).map(([name, options]) => ({
  name,
  options,
  page: report(makeResult(options)),
}));
