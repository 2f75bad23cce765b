// The contender that everyone has: a loop in plain JavaScript, stable and without waste, as one would write it by hand.
import { type Contender, inProcess, type Kernels } from "../contender.ts";
import type { Data } from "../data.ts";

/** The loop. */
export function openLoop(): Contender {
  return inProcess({ id: "loop", name: "JavaScript loop", version: "" }, (task, data) => {
    const make = { softmax: softmaxKernels, sigmoid: sigmoidKernels }[task.activation];
    return make(data, task.examples, task.classes, task.gamma);
  });
}

function softmaxKernels({ logits, labels }: Data, examples: number, classes: number, gamma: number): Kernels {
  const output = new Float32Array(logits.length);

  function run(gradient: Float32Array | null): number {
    let loss = 0;
    for (let n = 0; n < examples; n++) {
      const start = n * classes;
      let max = -Infinity;
      for (let j = 0; j < classes; j++) if (logits[start + j] > max) max = logits[start + j];
      let sum = 0;
      for (let j = 0; j < classes; j++) {
        const power = Math.exp(logits[start + j] - max);
        if (gradient !== null) gradient[start + j] = power;
        sum += power;
      }
      const logPt = logits[start + labels[n]] - max - Math.log(sum);
      const pt = Math.exp(logPt);
      const focus = gamma === 0 ? 1 : (1 - pt) ** gamma;
      loss -= focus * logPt;
      if (gradient === null) continue;
      const pull = gamma === 0 ? 1 : focus - gamma * (1 - pt) ** (gamma - 1) * pt * logPt;
      const scale = pull / (sum * examples);
      for (let j = 0; j < classes; j++) gradient[start + j] *= scale;
      gradient[start + labels[n]] -= pull / examples;
    }
    return loss / examples;
  }

  return { run: { forward: () => run(null), gradient: () => run(output) }, gradient: output };
}

function sigmoidKernels({ logits, labels }: Data, examples: number, _classes: number, gamma: number): Kernels {
  const output = new Float32Array(logits.length);

  function run(gradient: Float32Array | null): number {
    let loss = 0;
    for (let k = 0; k < logits.length; k++) {
      const sign = labels[k] === 1 ? 1 : -1;
      const margin = sign * logits[k];
      const power = Math.exp(-Math.abs(margin));
      const crossEntropy = Math.max(-margin, 0) + Math.log1p(power);
      const miss = (margin > 0 ? power : 1) / (1 + power); // 1 - pt
      const focus = gamma === 0 ? 1 : miss ** gamma;
      loss += focus * crossEntropy;
      if (gradient === null) continue;
      gradient[k] = (-sign * focus * (miss + gamma * (1 - miss) * crossEntropy)) / examples;
    }
    return loss / examples;
  }

  return { run: { forward: () => run(null), gradient: () => run(output) }, gradient: output };
}
