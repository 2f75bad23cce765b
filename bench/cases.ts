// The list of cases: what is computed, on which shape, and how many times as fast as PyTorch we want to be.

/** What of a loss is computed: its value, or its value and gradient. */
export type Pass = "forward" | "gradient";
export const passes = ["forward", "gradient"] as const satisfies readonly Pass[];

/** What must be reached and what would be splendid, in times the speed of a peer. */
export interface Goal {
  readonly must: number;
  readonly stretch: number | null;
}

/** The instructions that our kernels use. */
export type Instructions = "relaxed" | "plain";

/** One loss on one shape. */
export interface Case {
  readonly name: string;
  readonly activation: "softmax" | "sigmoid";
  /** Of focal loss; 0 is cross entropy. */
  readonly gamma: number;
  readonly examples: number;
  readonly classes: number;
  /** Against PyTorch with its allocator at its best. */
  readonly goals: Readonly<Record<Instructions, { readonly [pass in Pass]?: Goal }>>;
}

/** Goals as a table has them: forward must / stretch, with gradient must / stretch. */
type Row = readonly [forward: string, gradient: string];

function goalsOf([forward, gradient]: Row): Case["goals"][Instructions] {
  const goal = (text: string): Goal => {
    const [must, stretch] = text.split(" / ").map(Number);
    return { must, stretch };
  };
  return { ...(forward && { forward: goal(forward) }), ...(gradient && { gradient: goal(gradient) }) };
}

/** A case by its shape, "examples × classes" or the number of single logits; gamma 0 is cross entropy. */
export function makeCase(
  activation: Case["activation"],
  gamma: number,
  shape: string,
  relaxed: Row = ["", ""],
  plain: Row = ["", ""],
): Case {
  const [examples, classes = 1] = shape.split(" × ").map(Number);
  return {
    name: gamma === 0 ? `${activation} CE ${shape}` : `${activation} focal, gamma ${gamma}, ${shape}`,
    activation,
    gamma,
    examples,
    classes,
    goals: { relaxed: goalsOf(relaxed), plain: goalsOf(plain) },
  };
}

/** Every case, in the order of the page: the goals with relaxed SIMD, and those with plain SIMD. */
export const cases: readonly Case[] = [
  makeCase("softmax", 0, "65536 × 10", ["5 / 8", "9 / 10"], ["4 / 6", "8 / 9"]),
  makeCase("softmax", 0, "8192 × 1000", ["2 / 2.8", "3 / 4.2"], ["1.5 / 1.9", "2.5 / 3.2"]),
  makeCase("softmax", 0, "1024 × 32000", ["2.2 / 2.8", "3.5 / 4.2"], ["1.5 / 1.9", "2.4 / 3"]),
  makeCase("softmax", 0, "256 × 128256", ["2.6 / 3.2", "4 / 4.8"], ["1.6 / 2.2", "2.8 / 3.3"]),
  makeCase("sigmoid", 0, "1e6", ["7.5 / 10", "5 / 8"], ["5.5 / 7.5", "4.5 / 6.5"]),
  makeCase("sigmoid", 0, "1e7", ["7.5 / 10", "5 / 8"], ["5.5 / 7.5", "4.5 / 6.5"]),
  makeCase("sigmoid", 0, "65536 × 80", ["7.5 / 10", "5 / 8"], ["5.5 / 7.5", "4.5 / 6.5"]),
  makeCase("sigmoid", 2, "1e6", ["7 / 10", "9 / 13"], ["4.5 / 6", "6.5 / 8"]),
  makeCase("sigmoid", 2, "1e7", ["7 / 10", "9 / 13"], ["4.5 / 6", "6.5 / 8"]),
  makeCase("sigmoid", 1.5, "1e6", ["", "8 / 11"], ["", "5 / 6.5"]),
  makeCase("softmax", 1.5, "8192 × 1000"), // held against our own cross entropy instead
];
