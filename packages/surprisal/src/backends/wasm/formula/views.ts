// How a formula gets the views of four targets: each computed only if it asks for it, and once.
import type { ViewName } from "../../../formula/operations.ts";
import type { Code, Local } from "../assembler/code.ts";
import { f32x4, type V128 } from "../assembler/instructions.ts";

/** How the views of a target are obtained; the logarithms come negated, which is how they arise. */
export interface ViewSource {
  readonly pt: () => V128;
  readonly oneMinusPt: () => V128;
  readonly minusLogPt: () => V128;
  readonly minusLogOneMinusPt: () => V128;
}

/** The view of a name. */
export function viewOf(source: ViewSource, name: ViewName): V128 {
  switch (name) {
    case "pt":
      return source.pt();
    case "oneMinusPt":
      return source.oneMinusPt();
    case "logPt":
      return f32x4.neg(source.minusLogPt());
    case "logOneMinusPt":
      return f32x4.neg(source.minusLogOneMinusPt());
    default:
      return name satisfies never;
  }
}

/** The views of the opposite label. */
export function opposite({ pt, oneMinusPt, minusLogPt, minusLogOneMinusPt }: ViewSource): ViewSource {
  return { pt: oneMinusPt, oneMinusPt: pt, minusLogPt: minusLogOneMinusPt, minusLogOneMinusPt: minusLogPt };
}

/** Remembers what a computation gave. */
export function once(code: Code, compute: () => V128, name: string): () => V128 {
  let known: Local<"v128"> | null = null;
  return () => {
    known ??= code.keep(compute(), name);
    return known;
  };
}
