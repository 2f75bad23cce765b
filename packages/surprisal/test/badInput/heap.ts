// Wrong calls of the WASM back end: arrays, back ends, and kernels of a network.
import { vi } from "vitest";
import { reference } from "../../src/index.ts";
import { networkKernels } from "../../src/network.ts";
import { wasm } from "../../src/wasm.ts";
import { adam, gather, memoryOf, type Row, softmax, wrong } from "./calls.ts";

/** Each with its message. */
export const heapRows: readonly Row[] = [
  [
    "an array on the heap of a length that is none",
    () => wasm.float32(-1),
    "wasm: the length is -1, but an integer of at least 0 is expected",
  ],
  [
    "an array to be freed that is not on the heap",
    () => wasm.free(new Float32Array(4)),
    "wasm: the array is a Float32Array that is not on this heap, or is free already; give one that float32, float64, int32 or uint8 of the same back end made",
  ],
  [
    "an array larger than any heap",
    () => wasm.create().uint8(2 ** 33),
    "wasm: the heap would need 8590196800 bytes, but has at most 4294967296; free arrays, or pass plain ones in parts",
  ],
  [
    "an array for a product that is not on the heap",
    () => gather(new Float32Array(6), wasm.int32(1), wasm.float32(3)),
    "networkKernels.gather: matrix is not on this heap; make it with float32, float64, int32 or uint8 of the same back end",
  ],
  [
    "a batch whose length is no multiple of its rows",
    () => gather(wasm.float32(6), wasm.int32(2), wasm.float32(3)),
    "networkKernels.gather: a size is 1.5, but rows, inputs and outputs are integers of at least 1; check the lengths of the arrays",
  ],
  [
    "moments that are too short for a step of Adam",
    () => {
      const [values, gradient] = [wasm.float32(3), wasm.float32(3)];
      adam({ values, gradient, first: wasm.float32(3), second: wasm.float32(2) }, { rate: 0.1, l2: 0 });
    },
    "networkKernels.adam: second has length 2, but at least 3 are expected",
  ],
  [
    "a row to be gathered that is not there",
    () => gather(wasm.float32(6), wasm.int32(1).fill(2), wasm.float32(3)),
    "networkKernels.gather: indices[0] is 2, but the matrix has 2 rows (0 to 1)",
  ],
  [
    "kernels of a network on the reference",
    () => networkKernels(wrong(reference)),
    "networkKernels: the back end is an Object, but one of surprisal/wasm is expected, such as wasm or wasm.create()",
  ],
  [
    "a row to be gathered on a heap that is gone",
    () => {
      const own = wasm.create();
      const kernels = networkKernels(own);
      own.dispose();
      kernels.gather(wrong(new Float32Array(2)), wrong(new Int32Array(1)), wrong(new Float32Array(1)));
    },
    "wasm: this back end was disposed of, and can do nothing any more; make another with wasm.create()",
  ],
  [
    "half a thread",
    () => wasm.create({ threads: 0.5 }),
    "wasm.create: threads is 0.5, but an integer of at least 1 is expected",
  ],
  [
    "thousands of threads",
    () => wasm.create({ threads: 5000 }),
    "wasm.create: threads is 5000, but must be at most 256",
  ],
  [
    "relaxed as a word",
    () => wasm.create({ relaxed: wrong("no") }),
    'wasm.create: relaxed is "no", but true or false is expected',
  ],
  [
    "an option of create that is none",
    () => wasm.create(wrong({ thread: 2 })),
    'wasm.create: there is no option "thread"; the options are: threads, relaxed',
  ],
  [
    "a back end that was disposed of",
    () => {
      const own = wasm.create();
      own.dispose();
      own.float32(1);
    },
    "wasm: this back end was disposed of, and can do nothing any more; make another with wasm.create()",
  ],
  [
    "disposing of the back end that is there for all",
    () => wasm.dispose(),
    "wasm.dispose: this back end is there for all; only one of your own, from wasm.create(), can be disposed of",
  ],
  [
    "disposing of a back end in the midst of its call",
    () => {
      const own = wasm.create();
      const labels = new Proxy([0, 2], { get: (list, key) => (key === "1" ? own.dispose() : Reflect.get(list, key)) });
      softmax({ labels }, { backend: own });
    },
    "wasm: the back end is in the midst of a call, whose arrays it needs; free and dispose when that is over",
  ],
  [
    "a heap that the system does not let grow",
    () => {
      const own = wasm.create();
      own.float32(1);
      const grow = vi.spyOn(Object.getPrototypeOf(memoryOf()), "grow").mockImplementation(() => {
        throw new RangeError("no memory");
      });
      try {
        own.float32(2 ** 20);
      } finally {
        grow.mockRestore();
      }
    },
    "wasm: the heap would need 4456640 bytes, but the system gives it no more than the 1048576 that it has; free arrays, pass smaller batches, or raise the limit of the process (ulimit -v)",
  ],
  [
    "an array that was freed",
    () => {
      const freed = wasm.float32(6);
      wasm.free(freed);
      softmax({}, { gradient: freed, backend: wasm });
    },
    "crossEntropy: gradient lies on the heap of the back end where nothing is in use: it was freed, or reaches beyond its array; make another with float32, float64, int32 or uint8",
  ],
  [
    "a gradient that overlaps the curvature",
    () => {
      const both = new Float64Array(8);
      softmax({}, { gradient: both.subarray(2), curvature: both.subarray(0, 6) });
    },
    "crossEntropy: gradient and curvature share memory, so one would overwrite the other; give two",
  ],
  [
    "bytes where a product writes floats",
    () => gather(wasm.float32(6), wasm.int32(2), wrong(wasm.uint8(6))),
    "networkKernels.gather: into is a Uint8Array, but a Float32Array is expected",
  ],
  [
    "a step of Adam without a rate",
    () => {
      const [values, gradient] = [wasm.float32(3), wasm.float32(3)];
      adam({ values, gradient, first: wasm.float32(3), second: wasm.float32(3) }, wrong({ l2: 0 }));
    },
    "networkKernels.adam: rate is undefined, but a finite number is expected",
  ],
];
