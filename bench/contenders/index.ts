// The list of contenders: the only place that knows them all.
import type { Candidate } from "../contender.ts";
import { openLoop } from "./loop.ts";
import { openNative } from "./native.ts";
import { openReference, openWasm } from "./surprisal.ts";
import { openTfjs } from "./tfjs.ts";
import { openTorch, openTorchAsInstalled } from "./torch.ts";

/** Every contender, ours first. */
export const candidates: readonly Candidate[] = [
  { id: "relaxed", name: "ours, relaxed SIMD", open: () => openWasm("relaxed") },
  { id: "plain", name: "ours, SIMD", open: () => openWasm("plain") },
  { id: "reference", name: "our reference", open: openReference },
  { id: "loop", name: "JavaScript loop", open: async () => openLoop() },
  { id: "torch", name: "PyTorch", open: openTorch },
  { id: "torch-installed", name: "PyTorch as installed", open: openTorchAsInstalled },
  { id: "onnx", name: "ONNX Runtime", open: async () => (await import("./onnx.ts")).openOnnx() },
  { id: "tfjs-wasm", name: "TF.js wasm", open: () => openTfjs("wasm") },
  { id: "tfjs-cpu", name: "TF.js cpu", open: () => openTfjs("cpu") },
  { id: "native", name: "native C++", open: openNative },
];
