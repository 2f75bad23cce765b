// TensorFlow.js with the back end named on the command line; contenders/child.ts says which lines it answers.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const backend = process.argv[2];
let work = null;
let last = { loss: Number.NaN, gradient: null };

try {
  const tf = (await import("@tensorflow/tfjs")).default;
  if (backend === "wasm") {
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    setWasmPaths(`${dirname(fileURLToPath(import.meta.resolve("@tensorflow/tfjs-backend-wasm")))}/`);
  }
  if (!(await tf.setBackend(backend))) throw new Error(`the back end ${backend} does not start`);
  await tf.ready();
  console.log(`ready ${tf.version_core}`);
  for await (const line of createInterface({ input: process.stdin })) console.log(answerTo(tf, line));
} catch (error) {
  console.log(`error ${error.message.split("\n")[0]}`);
  process.exit();
}

function answerTo(tf, line) {
  const [command, ...words] = line.split(" ");
  try {
    return { prepare, run, result, release }[command](tf, words);
  } catch (error) {
    return `error ${error.message.split("\n")[0]}`;
  }
}

function prepare(tf, [activation, examples, classes, gamma, logitsFile, labelsFile]) {
  const shape = [Number(examples), Number(classes)];
  const bytes = (file) => {
    const { buffer, byteOffset, byteLength } = readFileSync(file);
    return buffer.slice(byteOffset, byteOffset + byteLength);
  };
  const logits = tf.tensor2d(new Float32Array(bytes(logitsFile)), shape);
  const labels = tf.tidy(() =>
    activation === "softmax"
      ? tf.cast(tf.oneHot(tf.tensor1d(new Int32Array(bytes(labelsFile)), "int32"), shape[1]), "float32")
      : tf.tensor2d(Float32Array.from(new Uint8Array(bytes(labelsFile))), shape),
  );
  work = { logits, labels, lossOf: lossFunction(tf, activation, Number(gamma), shape[1]) };
  return "ok";
}

function lossFunction(tf, activation, gamma, classes) {
  // The mean of TensorFlow.js is over logits, ours is over examples.
  const perExample = (mean) => (classes === 1 ? mean : tf.mul(mean, classes));
  if (activation === "softmax") return (x, y) => tf.losses.softmaxCrossEntropy(y, x);
  if (gamma === 0) return (x, y) => perExample(tf.losses.sigmoidCrossEntropy(y, x));
  return (x, y) => {
    const p = tf.sigmoid(x);
    const miss = tf.add(tf.mul(y, tf.sub(1, p)), tf.mul(tf.sub(1, y), p));
    const crossEntropy = tf.add(tf.sub(tf.relu(x), tf.mul(x, y)), tf.log1p(tf.exp(tf.neg(tf.abs(x)))));
    return perExample(tf.mean(tf.mul(tf.pow(miss, gamma), crossEntropy)));
  };
}

function run(tf, [pass, repeats]) {
  const { logits, labels, lossOf } = work;
  const before = process.cpuUsage();
  for (let k = 0; k < Number(repeats); k++) {
    last.gradient?.dispose();
    last = tf.tidy(() => {
      if (pass === "forward") return { loss: lossOf(logits, labels).dataSync()[0], gradient: null };
      const { value, grad } = tf.valueAndGrad((x) => lossOf(x, labels))(logits);
      return { loss: value.dataSync()[0], gradient: tf.keep(grad) };
    });
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function result(_tf, [file]) {
  if (last.gradient !== null) writeFileSync(file, last.gradient.dataSync());
  return last.loss;
}

function release() {
  last.gradient?.dispose();
  last = { loss: Number.NaN, gradient: null };
  work?.logits.dispose();
  work?.labels.dispose();
  work = null;
  return "ok";
}
