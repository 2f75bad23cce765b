// The list of losses: the only place that knows them all. A new loss is one file and one line here.
import { asymmetric } from "./asymmetric.ts";
import { crossEntropy } from "./crossEntropy.ts";
import type { LossFactory } from "./define.ts";
import { focal } from "./focal.ts";
import { generalizedCrossEntropy } from "./generalizedCrossEntropy.ts";
import { poly1 } from "./poly1.ts";

/** Every loss of the library, in the order of the documentation; each entry is the function that makes it. */
export const losses: readonly LossFactory[] = [
  crossEntropy,
  focal,
  poly1,
  generalizedCrossEntropy,
  asymmetric,
] as readonly unknown[] as readonly LossFactory[];
