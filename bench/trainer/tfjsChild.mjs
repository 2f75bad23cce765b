// The network in TensorFlow.js with its WASM back end and its own Adam.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { initialWeights, serve } from "./serve.mjs";

setWasmPaths(`${dirname(fileURLToPath(import.meta.resolve("@tensorflow/tfjs-backend-wasm")))}/`);
await tf.setBackend("wasm");

await serve(tf.version_core, ({ width, hidden, learningRate }) => {
  const [w1, b1, w2, b2] = initialWeights(width, hidden).map(({ values, shape }) =>
    tf.variable(tf.tensor(values, shape)),
  );
  const optimizer = tf.train.adam(learningRate);
  return (inputs, labels, batch) =>
    tf.tidy(() => {
      const x = tf.tensor2d(inputs, [batch, width]);
      const y = tf.tensor2d(labels, [batch, 1]);
      const lossOf = () => {
        const hiddenUnits = tf.relu(tf.add(tf.matMul(x, w1), b1));
        return tf.losses.sigmoidCrossEntropy(y, tf.add(tf.matMul(hiddenUnits, w2), b2));
      };
      return optimizer.minimize(lossOf, true).dataSync()[0];
    });
});
