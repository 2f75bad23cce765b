// A comparison by the tool of one checkout, as `compare --fast --jobs 2` runs it, in a process of its own.
//
// Run: node memoryChild.mjs CHECKOUT TABLE MODEL OUTPUT EPOCHS
//
// EPOCHS, where it is not 0, are as long as a network is trained at most: what it takes in memory does not hang on
// that.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [checkout, table, model, output, epochs] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(checkout, "packages/cli/dist", path)).href);
const { prepareComparison } = await load("comparison/prepare.js");
const { compare } = await load("comparison/compare.js");
const { defaultFamilies } = await load("selection/families.js");

const options = {
  table,
  targets: ["label"],
  drop: [],
  keep: [],
  keepDuplicates: false,
  reading: {},
  allowMissingTarget: false,
  dropClasses: [],
  model,
  seed: 1,
  output,
  command: "",
  losses: [...defaultFamilies],
  metric: "log-loss",
  pace: "fast",
  foldCount: 5,
  goals: { costs: null, recall: null, precision: null, top: null },
  jobs: 2,
  resume: false,
};
const study = await prepareComparison(options);
const { training } = study.plan;
const most = Number(epochs);
const isCut = most > 0 && training.maxEpochs !== null;
const cut = {
  maxEpochs: most,
  rungs: training.rungs.map((rung) => ({ ...rung, epochs: Math.min(rung.epochs, most) })),
};
const plan = isCut ? { ...study.plan, training: { ...training, ...cut } } : study.plan;
const progress = { started() {}, advanced() {}, told() {}, signal: new AbortController().signal };
await compare(options, { ...study, plan }, progress);
