// A formula as one line of plain text, for places that cannot show LaTeX: a terminal, a page on npm.
import type { Node, OperationName, ViewName } from "../../packages/surprisal/src/index.ts";

const viewTexts: { readonly [name in ViewName]: string } = {
  logPt: "log pt",
  pt: "pt",
  oneMinusPt: "(1 - pt)",
  logOneMinusPt: "log(1 - pt)",
};

/** How strongly an operation binds; what binds less strongly than its surroundings gets parentheses. */
const strengths: { readonly [name in OperationName]: number } = {
  add: 1,
  sub: 1,
  neg: 2,
  mul: 3,
  div: 3,
  pow: 4,
  exp: 5,
  log: 5,
  log1p: 5,
  expm1: 5,
  ifPositive: 5,
};

/** Writes a node as text: `-(1 - pt)^gamma log pt`. */
export function toText(node: Node, surroundings = 0): string {
  switch (node.kind) {
    case "view":
      return viewTexts[node.name];
    case "parameter":
      return node.name;
    case "constant":
      return node.value < 0 && surroundings > 1 ? `(${node.value})` : String(node.value);
    case "operation": {
      const text = operationText(node);
      return strengths[node.name] < surroundings ? `(${text})` : text;
    }
    default:
      return node satisfies never;
  }
}

function operationText({ name, operands }: Extract<Node, { kind: "operation" }>): string {
  const [a, b, c] = operands;
  switch (name) {
    case "add":
      return `${toText(a, 1)} + ${toText(b, 1)}`;
    case "sub":
      return `${toText(a, 1)} - ${toText(b, 2)}`;
    case "neg":
      return `-${toText(a, 3)}`;
    case "mul":
      return `${toText(a, 3)} ${toText(b, 3)}`;
    case "div":
      return `${toText(a, 3)} / ${toText(b, 4)}`;
    case "pow":
      return `${toText(a, 5)}^${toText(b, 5)}`;
    case "ifPositive":
      return `(${toText(b)} where ${toText(a)} > 0, else ${toText(c)})`;
    case "expm1":
      return `(exp(${toText(a)}) - 1)`;
    case "log1p":
      return `log(1 + ${toText(a)})`;
    case "exp":
    case "log":
      return `${name}(${toText(a)})`;
    default:
      return name satisfies never;
  }
}
