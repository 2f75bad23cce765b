// The features of some rows: what a model is trained on, and what it predicts from.

/** Prepared features, `[rows, width]`, row-major. */
export interface Features {
  readonly rows: number;
  readonly width: number;
  readonly values: Float32Array;
  /** Of each feature how many levels of a category it numbers; 0 for a number. Default: numbers only. */
  readonly levels?: readonly number[];
}
