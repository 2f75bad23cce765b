// The curvature of a mean loss over a linear model, near enough to be a preconditioner: one weighted Gram matrix of the
// features, times a small matrix of the outputs.
//
// The Hessian of softmax is sum over n of (diag p_n - p_n p_n') x x_n x_n'; that of one sigmoid is its case of one
// output, and exact. Of several outputs the sum is taken apart: a Gram matrix whose rows count by the traces of the
// small matrices, and the mean of these. What that leaves out L-BFGS learns. Measured on the public tables with nine
// strengths: a fifth to a thirtieth of the evaluations that L-BFGS takes alone.

/** A curvature: `gram` is `[inputs, inputs]`, the last input being the constant 1; `shares` `[outputs, outputs]`. */
export class Curvature {
  private readonly eigenvalues: Float64Array;
  /** `[outputs, outputs]`: an eigenvector in each column. */
  private readonly eigenvectors: Float64Array;

  constructor(
    private readonly inputs: number,
    private readonly outputs: number,
    private readonly gram: Float64Array,
    shares: Float64Array,
  ) {
    const { values, vectors } = eigen(shares, outputs);
    // Adding a number to all logits of softmax changes nothing: that way is never gone, nor may it be divided by.
    const least = 1e-3 * values.reduce((most, each) => Math.max(most, each), 0);
    this.eigenvalues = values.map((each) => Math.max(each, least));
    this.eigenvectors = vectors;
  }

  /**
   * A function that multiplies `[inputs, outputs]` in place by the inverse of this curvature with a penalty l2 on all
   * inputs but the constant.
   */
  inverse(l2: number): (direction: Float64Array) => void {
    const { inputs, outputs, gram, eigenvectors } = this;
    let diagonal = 0;
    for (let i = 0; i < inputs; i++) diagonal += gram[i * inputs + i];
    const factors = Array.from(this.eigenvalues, (eigenvalue) => {
      const matrix = new Float64Array(inputs * inputs);
      for (let k = 0; k < matrix.length; k++) matrix[k] = eigenvalue * gram[k];
      const floor = 1e-6 * eigenvalue * (diagonal / inputs) + 1e-300; // what float32 may have left below 0
      for (let i = 0; i < inputs; i++) matrix[i * inputs + i] += floor + (i < inputs - 1 ? l2 : 0);
      factorise(matrix, inputs);
      return matrix;
    });
    if (outputs === 1) return (direction) => solve(factors[0], inputs, direction);
    const turned = new Float64Array(inputs * outputs);
    const column = new Float64Array(inputs);
    return (direction) => {
      multiply(direction, eigenvectors, outputs, turned, false);
      factors.forEach((factor, c) => {
        for (let i = 0; i < inputs; i++) column[i] = turned[i * outputs + c];
        solve(factor, inputs, column);
        for (let i = 0; i < inputs; i++) turned[i * outputs + c] = column[i];
      });
      multiply(turned, eigenvectors, outputs, direction, true);
    };
  }
}

/** out = matrix times a square matrix, or times its transpose. */
function multiply(
  matrix: Float64Array,
  square: Float64Array,
  size: number,
  out: Float64Array,
  isTransposed: boolean,
): void {
  const [row, column] = isTransposed ? [1, size] : [size, 1];
  for (let from = 0; from < matrix.length; from += size) {
    for (let c = 0; c < size; c++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += matrix[from + k] * square[k * row + c * column];
      out[from + c] = sum;
    }
  }
}

/** Cholesky's factor of a positive definite matrix, in the place of its lower half. */
function factorise(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    const row = i * size;
    for (let j = 0; j <= i; j++) {
      const other = j * size;
      let sum = matrix[row + j];
      for (let k = 0; k < j; k++) sum -= matrix[row + k] * matrix[other + k];
      matrix[row + j] = i === j ? Math.sqrt(Math.max(sum, 1e-300)) : sum / matrix[other + j];
    }
  }
}

/** Solves factor factor' x = b, in the place of b. */
function solve(factor: Float64Array, size: number, b: Float64Array): void {
  for (let i = 0; i < size; i++) {
    const row = i * size;
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= factor[row + k] * b[k];
    b[i] = sum / factor[row + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    const row = i * size;
    b[i] /= factor[row + i];
    const value = b[i];
    for (let k = 0; k < i; k++) b[k] -= factor[row + k] * value;
  }
}

const mostSweeps = 30;

/** Eigenvalues and eigenvectors of a small symmetric matrix, by Jacobi's rotations. */
function eigen(symmetric: Float64Array, size: number): { values: Float64Array; vectors: Float64Array } {
  const a = Float64Array.from(symmetric);
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  const turn = (matrix: Float64Array, [p, q]: readonly [number, number], c: number, s: number) => {
    const left = matrix[p];
    matrix[p] = c * left - s * matrix[q];
    matrix[q] = s * left + c * matrix[q];
  };
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let isDiagonal = true;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const off = a[p * size + q];
        if (Math.abs(off) <= 1e-12 * Math.sqrt(Math.abs(a[p * size + p] * a[q * size + q])) || off === 0) continue;
        isDiagonal = false;
        const ratio = (a[q * size + q] - a[p * size + p]) / (2 * off);
        const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.sqrt(ratio * ratio + 1));
        const c = 1 / Math.sqrt(tangent * tangent + 1);
        const s = tangent * c;
        for (let k = 0; k < size; k++) turn(a, [k * size + p, k * size + q], c, s);
        for (let k = 0; k < size; k++) turn(a, [p * size + k, q * size + k], c, s);
        for (let k = 0; k < size; k++) turn(vectors, [k * size + p, k * size + q], c, s);
      }
    }
    if (isDiagonal) break;
  }
  return { values: Float64Array.from({ length: size }, (_, i) => a[i * size + i]), vectors };
}
