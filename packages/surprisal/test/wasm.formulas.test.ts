// Formulas at random on the WASM back end beside the reference.
import fc from "fast-check";
import { describe, it } from "vitest";
import { defineLoss, type Operand, type Operations, type Views } from "../src/index.ts";
import { expectSame } from "./sameAsReference.ts";
import { between, law, listOf } from "./support.ts";

/** A formula as a tree, to be read with any operations. */
type Tree =
  | { readonly view: keyof Views<unknown> }
  | { readonly number: number }
  | { readonly operation: keyof Operations<unknown>; readonly operands: readonly Tree[] };

const leaf: fc.Arbitrary<Tree> = fc.oneof(
  fc.constantFrom("pt", "oneMinusPt", "logPt", "logOneMinusPt" as const).map((view) => ({ view })),
  between(0.25, 3).map((number) => ({ number })),
) as fc.Arbitrary<Tree>;

/** Trees that stay positive and of moderate size, so that both precisions have the same digits to show. */
const tree = fc.letrec<{ tree: Tree }>((tie) => {
  const each = tie("tree");
  const operation = (name: keyof Operations<unknown>, ...operands: fc.Arbitrary<Tree>[]) =>
    fc.tuple(...operands).map((all): Tree => ({ operation: name, operands: all }));
  const negative = fc.constantFrom("logPt", "logOneMinusPt" as const).map((view): Tree => ({ view }));
  const minus = negative.map((view): Tree => ({ operation: "neg", operands: [view] }));
  const positive = fc.oneof(
    fc.constantFrom("pt", "oneMinusPt" as const).map((view): Tree => ({ view })),
    minus,
    between(0.25, 3).map((number): Tree => ({ number })),
  );
  return {
    tree: fc.oneof(
      { maxDepth: 3 },
      positive,
      operation("add", each, each),
      operation("mul", each, each),
      operation("div", each, operation("add", each, fc.constant({ number: 1 }))),
      operation("pow", positive, fc.constantFrom({ number: 2 }, { number: 0.5 }, { number: 3 }, { number: 1.7 })),
      operation("exp", operation("neg", each)),
      operation("log1p", each),
      operation("neg", operation("expm1", operation("neg", each))),
      operation("ifPositive", operation("sub", each, fc.constant({ number: 1 })), each, each),
    ),
  };
}).tree;

function read<T>(node: Tree, operations: Operations<T>, views: Views<T>): Operand<T> {
  if ("view" in node) return views[node.view];
  if ("number" in node) return node.number;
  const operands = node.operands.map((each) => read(each, operations, views));
  return (operations[node.operation] as (...values: Operand<T>[]) => T)(...operands);
}

describe("formulas at random", () => {
  it("compile, and give the same on both back ends", () => {
    law(
      fc.tuple(tree, leaf, listOf(12, -6, 6)),
      ([formula, _, given]) => {
        const loss = defineLoss({
          name: "atRandom",
          formula: (operations, views) => operations.mul(1, read(formula, operations, views)) as never,
        })();
        const logits = Float32Array.from(given);
        const labels = Int32Array.from({ length: 12 }, (_, k) => k % 2);
        expectSame(loss, { logits, labels, classes: 1 }, { activation: "sigmoid", reduction: "none" }, 1e-5, 0.1);
        expectSame(
          loss,
          { logits, labels: Int32Array.of(0, 1, 2, 1), classes: 3 },
          { activation: "softmax", reduction: "none" },
          1e-5,
          0.1,
        );
      },
      150,
    );
  });
});
