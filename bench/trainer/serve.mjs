// What the trainers in processes of their own share: the table, its batches in a new order each epoch, and the lines of
// contenders/child.ts.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** Answers lines until the input ends; `makeStep(settings)` gives a function that trains on one batch. */
export async function serve(version, makeStep) {
  let epoch;
  let loss = Number.NaN;
  const answers = {
    prepare(words) {
      const [rows, width, hidden, batch, learningRate] = words.slice(0, 5).map(Number);
      const [x, y] = words.slice(5).map(readFloats);
      epoch = makeEpoch({ rows, width, batch, x, y }, makeStep({ width, hidden, learningRate }));
      return "ok";
    },
    run([, repeats]) {
      const before = process.cpuUsage();
      for (let k = 0; k < Number(repeats); k++) loss = epoch();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1e6;
    },
    result: () => loss,
  };
  console.log(`ready ${version}`);
  for await (const line of createInterface({ input: process.stdin })) {
    const [command, ...words] = line.split(" ");
    try {
      console.log(answers[command](words));
    } catch (error) {
      console.log(`error ${error.message.split("\n")[0]}`);
    }
  }
}

function readFloats(file) {
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

function makeEpoch({ rows, width, batch, x, y }, step) {
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  return () => {
    for (let k = rows - 1; k > 0; k--) {
      const other = Math.floor(Math.random() * (k + 1));
      [order[k], order[other]] = [order[other], order[k]];
    }
    let sum = 0;
    let count = 0;
    // A last batch that is not full would be compiled again by those who compile; it is left out.
    for (let from = 0; from + batch <= rows; from += batch) {
      const inputs = new Float32Array(batch * width);
      const labels = new Float32Array(batch);
      for (let n = 0; n < batch; n++) {
        const row = order[from + n];
        inputs.set(x.subarray(row * width, (row + 1) * width), n * width);
        labels[n] = y[row];
      }
      sum += step(inputs, labels, batch);
      count++;
    }
    return sum / count;
  };
}

/** Normal numbers for initial weights: variance 2 / inputs before relu, 1 / inputs before the logit. */
export function initialWeights(width, hidden) {
  const normals = (count, variance) =>
    Float32Array.from({ length: count }, () => {
      const radius = Math.sqrt(-2 * variance * Math.log(1 - Math.random()));
      return radius * Math.cos(2 * Math.PI * Math.random());
    });
  return [
    { values: normals(width * hidden, 2 / width), shape: [width, hidden] },
    { values: new Float32Array(hidden), shape: [hidden] },
    { values: normals(hidden, 1 / hidden), shape: [hidden, 1] },
    { values: new Float32Array(1), shape: [1] },
  ];
}
