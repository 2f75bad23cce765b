// TensorFlow.js with its WASM back end and with its JavaScript one, each in a process of its own.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Contender } from "../contender.ts";
import { openChild } from "./child.ts";

const script = fileURLToPath(new URL("tfjsChild.mjs", import.meta.url));
const installed = fileURLToPath(new URL("../node_modules/@tensorflow/tfjs", import.meta.url));

/** Beyond so many logits the JavaScript back end takes seconds for a run. */
const largestForCpu = 1e6;

/** Opens one of the back ends. The WASM one has no threads under Node. */
export async function openTfjs(backend: "wasm" | "cpu"): Promise<Contender> {
  if (!existsSync(installed)) throw new Error("not installed: npm install --prefix bench");
  return openChild(
    {
      id: `tfjs-${backend}`,
      name: `TF.js ${backend}`,
      refuses({ activation, gamma, examples, classes }) {
        if (activation === "softmax" && gamma !== 0) return "no such loss";
        return backend === "cpu" && examples * classes > largestForCpu ? "slower than one can wait for" : null;
      },
    },
    { command: process.execPath, arguments: [script, backend] },
  );
}
