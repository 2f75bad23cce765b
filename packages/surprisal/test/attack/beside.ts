// Two back ends beside each other on one call: the same numbers within what is declared, the same errors, no harm done.
import { evaluate, type FloatArray, InputError } from "../../src/index.ts";
import type { WasmBackend } from "../../src/wasm.ts";
import type { Arena } from "./arena.ts";
import type { AttackCall, OutputKind } from "./calls.ts";
import type { Numbers } from "./declared.ts";
import type { Random } from "./random.ts";

/** What came of a call: its numbers, or the message of its error. */
export type Outcome =
  | { readonly error: string }
  | { readonly error: null; readonly numbers: Numbers & { readonly counted: number } };

/** Makes the call on the reference, with arrays of its own. */
export function onReference(call: AttackCall): Outcome {
  const { each, logits, labels, classes, activation, options, outputs } = call;
  const wanted = (kind: OutputKind) => (kind === "float32" ? new Float32Array(logits.length) : kind !== "none");
  return outcome(() =>
    evaluate(
      each.loss,
      { logits, labels: labels as Float32Array, classes },
      { activation, ...options, gradient: wanted(outputs.gradient), curvature: wanted(outputs.curvature) },
    ),
  );
}

/**
 * Makes the call on a back end, with arrays among guard words, on its heap or not.
 *
 * @returns null where the arena has no room
 */
export function onBackend(
  call: AttackCall,
  backend: WasmBackend,
  { heap, plain }: { readonly heap: Arena; readonly plain: Arena },
  random: Random,
): { readonly outcome: Outcome; readonly damage: string | null } | null {
  heap.clear();
  plain.clear();
  const { each, labels, logits, classes, activation, options, outputs } = call;
  const arena = () => (random.chance(0.6) ? heap : plain);
  const gap = () => random.whole(1, 4);
  const given = arena().input("logits", logits, gap());
  const targets = arena().input("labels", labels as Float32Array, gap());
  const weights = options.exampleWeights as Float32Array | undefined;
  const exampleWeights = weights && arena().input("exampleWeights", weights, gap());
  // An output holds a number that no result has: where a call is refused it must still be there.
  const sentinel = 12345.678710938;
  const output = (kind: OutputKind): boolean | FloatArray | null => {
    if (kind === "none" || kind === "new") return kind === "new";
    const type = kind === "float32" ? Float32Array : Float64Array;
    return (
      arena()
        .array<FloatArray>(type as typeof Float32Array, logits.length, gap())
        ?.fill(sentinel) ?? null
    );
  };
  const gradient = output(outputs.gradient);
  const curvature = output(outputs.curvature);
  const hasRoom = given && targets && exampleWeights !== null && gradient !== null && curvature !== null;
  if (!hasRoom) return null;
  const found = outcome(() =>
    evaluate(
      each.loss,
      { logits: given, labels: targets, classes },
      { activation, ...options, ...(exampleWeights && { exampleWeights }), gradient, curvature, backend },
    ),
  );
  let damage = heap.damage() ?? plain.damage();
  if (found.error !== null) damage ??= touched({ gradient, curvature }, sentinel);
  return { outcome: found, damage };
}

/** What a refused call has written: an output is as it was, or all NaN where a kernel had begun to write it. */
function touched(outputs: Readonly<Record<string, boolean | FloatArray>>, sentinel: number): string | null {
  for (const [name, array] of Object.entries(outputs)) {
    if (typeof array === "boolean") continue;
    const isKept = array.every((value) => Math.fround(value) === Math.fround(sentinel));
    if (!isKept && !array.every(Number.isNaN)) return `${name} of a refused call`;
  }
  return null;
}

function outcome(call: () => Numbers & { readonly counted: number }): Outcome {
  try {
    return { error: null, numbers: call() };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { error: error.message };
  }
}
