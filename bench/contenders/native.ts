// The C++ kernels of bench/native, compiled for this very processor when the benchmark starts.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Contender } from "../contender.ts";
import { temporary } from "../data.ts";
import { openChild } from "./child.ts";

const flags = ["-O3", "-march=native"];

/** Compiles a program of bench/native and gives its path. */
export async function compile(name: string): Promise<string> {
  const source = fileURLToPath(new URL(`../native/${name}.cpp`, import.meta.url));
  const program = temporary(name);
  await promisify(execFile)("g++", ["-std=c++17", ...flags, `-DFLAGS="${flags.join(" ")}"`, source, "-o", program]);
  return program;
}

/** The kernels. */
export async function openNative(): Promise<Contender> {
  return openChild(
    {
      id: "native",
      name: "native C++",
      refuses: ({ activation, gamma }) => (activation === "softmax" && gamma !== 0 ? "not written" : null),
    },
    { command: await compile("kernels"), arguments: [] },
  );
}
