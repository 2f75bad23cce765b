// Which files are changed, and which tests should notice. Files are found by their names, in whatever folder they lie.

/** Files that are changed, and the tests that concern them. */
export interface Area {
  readonly name: string;
  /** The folder of the package. */
  readonly package: string;
  /** Which files of its `src` are changed. */
  readonly files: RegExp;
  /** Which files of its `test` should notice, by their names without the ending. */
  readonly tests: RegExp;
  /** How many changes are tried where nothing is asked for. */
  readonly sample: number;
}

/** All of them. Left out are tests that start programs or browsers, read the documentation, or try for a long time. */
export const areas: readonly Area[] = [
  {
    name: "the mathematics of the library",
    package: "packages/surprisal",
    files:
      /^(losses|activations|probability)\/|^formula\/(dual|numbers|logarithms|program|graph)\.|^backends\/(reference|sum)\.|^batch\/(classWeights|rows|alpha)\./,
    tests: /^(?!wasm|attack|browser|docs|layers|package|firstLines)/,
    sample: 50,
  },
  {
    name: "the kernels of the library",
    package: "packages/surprisal",
    files: /^backends\/wasm\/(sigmoid|softmax|mathematics)\/\w+\.ts$/,
    tests: /^wasm\.(assembler|formulas|laws|oracle|magnitudes|outputs|sweeps|unusual)$/,
    sample: 20,
  },
  {
    name: "the scores and statistics of the tool",
    package: "packages/cli",
    files: /^scores\/\w+\.ts$/,
    tests: /^(metrics|curves|statistics|thresholds|verdict)$/,
    sample: 60,
  },
];
