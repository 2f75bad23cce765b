// The engine of small networks: trained epoch by epoch, so that weak settings can be given up early.
import type { Engine, EnginePlan } from "../engine.ts";
import { TrainingHeap } from "../heap.ts";
import type { Layers } from "../layers.ts";
import { NetworkTrainer } from "./network.ts";

const maxEpochs = { fast: 40, default: 80, thorough: 200 } as const;

const rungs = {
  fast: [
    { epochs: 6, keep: 2 },
    { epochs: 16, keep: 1 },
  ],
  default: [
    { epochs: 8, keep: 2 },
    { epochs: 24, keep: 1 },
  ],
  thorough: [{ epochs: 20, keep: 3 }],
} as const;

/** Small networks. */
export const network = makeNetworkEngine();

/** An engine with a heap of its own, which is made when it is first needed. */
function makeNetworkEngine() {
  let made: TrainingHeap | null = null;
  const heap = () => {
    made ??= new TrainingHeap();
    return made;
  };
  return {
    name: "mlp" as const,
    words: "small network",
    form: "scaled" as const,
    isExhaustive: false,
    startsNear: false,
    plan: (pace) => ({
      l2: pace === "fast" ? [1e-3, 3e-3] : [3e-4, 1e-3, 3e-3, 1e-2],
      believedL2: null,
      hidden: [32],
      leaves: [],
      shrinkage: null,
      maxEpochs: maxEpochs[pace],
      rungs: rungs[pace],
    }),
    describe: ({ hidden, maxEpochs, rungs }: EnginePlan) =>
      `small network, ${hidden.join(" and ")} hidden units, at most ${maxEpochs ?? 0} epochs; ${rungs.map(({ epochs, keep }) => `after ${epochs} the best ${keep} of a loss go on`).join(", ")}`,
    obstacle: () => heap().obstacle,
    room: (length) => heap().room(length),
    start(features, objective, { plan: { hidden }, l2, seed, watched, clock }) {
      const trainer = new NetworkTrainer(heap(), features, objective, {
        hidden,
        l2,
        learningRate: 2e-3,
        batch: 64,
        seed,
        clock,
      });
      if (watched !== undefined) heap().borrow(watched.values);
      return {
        advance: () => void trainer.epoch(),
        model: () => trainer.model(),
        logits: (rows) => trainer.logits(rows),
        free() {
          trainer.free();
          if (watched !== undefined) heap().giveBack(watched.values);
        },
      };
    },
  } satisfies Engine<Layers>;
}
