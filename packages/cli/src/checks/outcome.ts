// Checks of what the folds came to.
import type { outcomeNotes } from "../notes.ts";
import { type Check, table } from "./check.ts";

/** By the code of the note. */
export const outcomeChecks: { readonly [Code in keyof typeof outcomeNotes]: Check } = {
  edgeOfGrid: {
    number: "S701",
    title: "The edge of the grid",
    means:
      "Most folds chose the largest value of a parameter, or the strongest weights, of those that are tried, in a loss that is not clearly worse than cross entropy. The best may lie beyond.",
    told: {
      files: table({
        answer: (row) => (((row * 7) % 31) + ((row * 17) % 61) / 2 > 30 && row % 9 !== 0 ? "yes" : "no"),
      }),
      run: ["compare table.csv answer --fold-count 2 --repeats 2 --losses focal --model linear --no-save"],
    },
    cure: {
      words: "`surprisal fit` takes any value; compare its predictions on rows that it has not seen.",
      run: ["fit table.csv answer --model linear --loss focal --gamma 8"],
    },
  },
};
