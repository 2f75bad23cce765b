// PyTorch on the CPU with one thread, twice: as installed, and with an allocator that keeps what it has.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Contender } from "../contender.ts";
import { openChild } from "./child.ts";

/** Debian's python3 first: python3-torch belongs to it. */
const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
const script = fileURLToPath(new URL("torchChild.py", import.meta.url));

/** As `apt-get install python3-torch` gives it: every large fresh tensor costs a page fault per 4 kB. */
export function openTorchAsInstalled(): Promise<Contender> {
  return openChild({ id: "torch-installed", name: "PyTorch as installed" }, { command: python, arguments: [script] });
}

/** The strong one: glibc hands large blocks out again instead of returning them to the system each time. */
export function openTorch(): Promise<Contender> {
  const environment = { MALLOC_MMAP_THRESHOLD_: "4294967296", MALLOC_TRIM_THRESHOLD_: "68719476736" };
  return openChild({ id: "torch", name: "PyTorch" }, { command: python, arguments: [script], environment });
}
