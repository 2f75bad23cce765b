// The engine of boosted trees: grown round by round, their leaves and rounds chosen by inner splits.
import { type Engine, plainRoom } from "../engine.ts";
import { TrainingHeap } from "../heap.ts";
import { Booster } from "./booster.ts";
import { LibraryBooster } from "./native/booster.ts";
import { libraryNames, openLibrary } from "./native/find.ts";
import type { Trees } from "./trees.ts";

/** Rounds to a portion. */
const roundsPerEpoch = 5;

/**
 * In units of the curvature of cross entropy, of which a row has at most 1/4. Measured on the public tables, with
 * XGBoost and LightGBM beside: docs/benchmarks.md.
 */
const shape = { depth: 30, l2: 1, minCurvature: 1, rowShare: 0.8, featureShare: 0.6 } as const;

const paces = {
  fast: { leaves: [4, 16], shrinkage: 0.1, maxEpochs: 40 },
  default: { leaves: [4, 16, 64], shrinkage: 0.05, maxEpochs: 80 },
  thorough: { leaves: [4, 8, 16, 32, 64, 128], shrinkage: 0.03, maxEpochs: 200 },
} as const;

/** On fewer rows than this small steps gain nothing that can be told from chance, and take twice as many rounds. */
const fewRows = 300;

const rungs = {
  fast: [
    { epochs: 4, keep: 2 },
    { epochs: 8, keep: 1 },
  ],
  default: [
    { epochs: 8, keep: 2 },
    { epochs: 16, keep: 1 },
  ],
  thorough: [{ epochs: 30, keep: 3 }],
} as const;

/** Trees whose mean leaf would have fewer rows than this are as good as smaller ones. */
const rowsPerLeaf = 16;

/** The numbers of leaves that can make a difference on so many rows; at least the smallest. */
function worthTrying(leaves: readonly number[], rows: number): readonly number[] {
  return leaves.filter((each, k) => k === 0 || each * rowsPerLeaf <= rows);
}

/** Boosted trees. */
export const trees = makeTreeEngine();

/** An engine with a heap of its own, which is made when it is first needed. */
function makeTreeEngine() {
  let made: TrainingHeap | null = null;
  const heap = () => {
    made ??= new TrainingHeap();
    return made;
  };
  return {
    name: "trees" as const,
    words: "boosted trees",
    form: "ordered" as const,
    isExhaustive: false,
    startsNear: false,
    libraries: libraryNames,
    plan: (pace, rows, library) => ({
      ...(pace === "default" && rows < fewRows ? paces.fast : paces[pace]),
      leaves: worthTrying(paces[pace].leaves, rows),
      l2: [],
      believedL2: null,
      hidden: [],
      rungs: rungs[pace],
      ...(library && { library }),
    }),
    describe: ({ leaves, shrinkage, maxEpochs, rungs, library }) =>
      `boosted trees${library === undefined ? "" : ` grown by ${library.title} ${library.version}`}, of ${leaves.join(", ")} leaves, shrinkage ${shrinkage}, at most ${(maxEpochs ?? 0) * roundsPerEpoch} rounds; ${rungs.map(({ epochs, keep }) => `after ${epochs * roundsPerEpoch} the best ${keep} of a loss go on`).join(", ")}`,
    room: plainRoom,
    obstacle: () => heap().obstacle,
    start(features, objective, { plan, leaves = plan.leaves[0], seed, watched, clock }) {
      const { shrinkage, library } = plan;
      const settings = { ...shape, leaves: leaves ?? 1, rate: shrinkage ?? 1, seed, watched, clock };
      const booster =
        library === undefined || features.width === 0 // no library takes rows without features
          ? new Booster(heap(), features, objective, settings)
          : new LibraryBooster(openLibrary(library), { heap: heap(), features, objective }, settings);
      return {
        advance() {
          for (let round = 0; round < roundsPerEpoch; round++) booster.round();
        },
        model: () => booster.model(),
        logits: () => booster.watched,
        free: () => booster.free(),
      };
    },
  } satisfies Engine<Trees>;
}
