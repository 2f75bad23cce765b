// A table of 150 rows that is the same in every language: integer arithmetic makes it.
import type { Features } from "../src/learning/features.ts";

const rows = 150;
const width = 5;

/** Three numbers from -1 to 0.98, then a category of four levels of which two have a column. */
export const sampleSet: Features = { rows, width, values: new Float32Array(rows * width) };
/** Label 1 in 52 of the rows. */
export const binaryLabels = new Int32Array(rows);
/** Classes 0, 1 and 2 in 35, 63 and 52 of the rows. */
export const threeLabels = new Int32Array(rows);

for (let n = 0; n < rows; n++) {
  const x = Array.from(
    { length: 3 },
    (_, i) => ((n * 37 + i * 101 + ((n * i) % 17) * 29 + ((n * n) % 23) * 11) % 199) / 100 - 1,
  );
  const levels = [n % 4 === 1 ? 1 : 0, n % 4 === 2 ? 1 : 0];
  sampleSet.values.set([...x, ...levels], n * width);
  const score = x[0] - 0.5 * x[1] + 0.8 * levels[0] + ((n * 71) % 97) / 97 - 0.5;
  binaryLabels[n] = score > 0.6 ? 1 : 0;
  threeLabels[n] = score < -0.3 ? 0 : score < 0.6 ? 1 : 2;
}

/** Two labels per row, the second one true in every seventh. */
export const pairLabels = Int32Array.from({ length: 2 * rows }, (_, k) =>
  k % 2 === 0 ? binaryLabels[k / 2] : Number(((k - 1) / 2) % 7 === 0),
);
