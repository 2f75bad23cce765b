// A formula as LaTeX: signs pulled out, common factors collected, equal factors written as powers.
import type { Node } from "../graph.ts";
import { nodesOf } from "../nodes.ts";
import type { ViewName } from "../operations.ts";
import { inParts } from "./parts.ts";

/** A product with a sign; a sum is a list of them. */
interface Term {
  readonly sign: 1 | -1;
  readonly factors: readonly Node[];
}

const viewSymbols: { readonly [name in ViewName]: string } = {
  logPt: "\\log p_t",
  pt: "p_t",
  oneMinusPt: "(1 - p_t)",
  logOneMinusPt: "\\log(1 - p_t)",
};

/**
 * Writes a node as LaTeX, for a page or a paper.
 *
 * Of a very large formula the parts that come again are named: `u_{2} \quad\text{where}\quad u_{1} = ...,\; u_{2} =
 * ...`.
 *
 * @param node a graph, for example `graphOf(formula, ["gamma"]).slope`
 * @param symbols how each parameter is written; by its name if left out
 */
export function toLatex(node: Node, symbols: Readonly<Record<string, string>> = {}): string {
  const letter = letterFor(node, symbols);
  const { whole, parts } = inParts(node, (number) => `${letter}_{${number}}`);
  if (parts.length === 0) return written(node, symbols);
  const all = { ...symbols, ...Object.fromEntries(parts.map(([name]) => [name, name])) };
  const definitions = parts.map(([name, part]) => `${name} = ${written(part, all)}`);
  return `${written(whole, all)} \\quad\\text{where}\\quad ${definitions.join(",\\; ")}`;
}

/** A letter for the parts of a large formula that no parameter is written with. */
function letterFor(root: Node, symbols: Symbols): string {
  const taken = new Set(nodesOf(root).flatMap((node) => (node.kind === "parameter" ? parameter(node, symbols) : [])));
  return ["u", "v", "w", "h"].find((letter) => !taken.has(letter)) ?? "u'";
}

function written(node: Node, symbols: Symbols): string {
  return sum(termsOf(node), symbols);
}

function parameter({ name }: { readonly name: string }, symbols: Symbols): string {
  const symbol = Object.hasOwn(symbols, name) ? symbols[name] : undefined;
  return symbol ?? (name.length === 1 ? name : `\\mathrm{${name}}`);
}

type Symbols = Readonly<Record<string, string>>;

/** The terms of a sum: additions, subtractions and signs are flattened, products are kept whole. */
function termsOf(node: Node, sign: 1 | -1 = 1): readonly Term[] {
  if (node.kind === "operation") {
    const [a, b] = node.operands;
    if (node.name === "add") return [...termsOf(a, sign), ...termsOf(b, sign)];
    if (node.name === "sub") return [...termsOf(a, sign), ...termsOf(b, opposite(sign))];
    if (node.name === "neg") return termsOf(a, opposite(sign));
    if (node.name === "mul") {
      const product = factorsOf(node);
      return [{ sign: product.sign === sign ? 1 : -1, factors: product.factors }];
    }
  }
  return [{ sign, factors: [node] }];
}

const opposite = (sign: 1 | -1): 1 | -1 => (sign === 1 ? -1 : 1);

function factorsOf(node: Node): Term {
  if (node.kind === "operation" && node.name === "mul") {
    const [a, b] = node.operands.map(factorsOf);
    return { sign: a.sign === b.sign ? 1 : -1, factors: [...a.factors, ...b.factors] };
  }
  if (node.kind === "operation" && node.name === "neg") {
    const inner = factorsOf(node.operands[0]);
    return { sign: opposite(inner.sign), factors: inner.factors };
  }
  return { sign: 1, factors: [node] };
}

function sum(terms: readonly Term[], symbols: Symbols): string {
  const common = terms.length > 1 ? commonFactors(terms) : [];
  if (common.length > 0) {
    // (1 - p)^gamma (gamma p log p - (1 - p)), with a leading minus where every term has one
    const sign = terms.every((term) => term.sign === -1) ? -1 : 1;
    const rest = terms.map((term) => ({
      sign: sign === 1 ? term.sign : opposite(term.sign),
      factors: without(term.factors, common),
    }));
    return `${sign === -1 ? "-" : ""}${product(common, symbols)} \\left(${sum(rest, symbols)}\\right)`;
  }
  const positiveFirst = [...terms].sort((a, b) => b.sign - a.sign);
  return positiveFirst
    .map(({ sign, factors }, index) => {
      const joint = index === 0 ? (sign === 1 ? "" : "-") : sign === 1 ? " + " : " - ";
      return joint + product(factors, symbols);
    })
    .join("");
}

function commonFactors(terms: readonly Term[]): readonly Node[] {
  return terms
    .slice(1)
    .reduce<readonly Node[]>(
      (common, term) => common.filter((factor) => term.factors.some(({ key }) => key === factor.key)),
      uniqueBy(terms[0].factors),
    );
}

function uniqueBy(nodes: readonly Node[]): readonly Node[] {
  return nodes.filter((node, index) => nodes.findIndex(({ key }) => key === node.key) === index);
}

/** The factors that remain when each of `taken` is taken out once. */
function without(factors: readonly Node[], taken: readonly Node[]): readonly Node[] {
  const left = [...factors];
  for (const { key } of taken)
    left.splice(
      left.findIndex((factor) => factor.key === key),
      1,
    );
  return left;
}

/** Where a factor stands in a product: numbers, parameters, powers and probabilities, then what opens with a word. */
function rank(node: Node): number {
  if (node.kind === "constant") return 0;
  if (node.kind === "parameter") return 1;
  if (node.kind === "view") return node.name === "pt" ? 3 : node.name === "oneMinusPt" ? 4 : 6;
  return node.name === "pow" ? 2 : 5;
}

function product(factors: readonly Node[], symbols: Symbols): string {
  if (factors.length === 0) return "1";
  const sorted = [...factors].sort((a, b) => rank(a) - rank(b));
  const place = factors.length === 1 ? "alone" : "beside others";
  return uniqueBy(sorted)
    .map((node) => {
      const count = sorted.filter(({ key }) => key === node.key).length;
      const text = factor(node, symbols, place);
      const closed = node.kind === "operation" || text.startsWith("\\log") ? `\\left(${text}\\right)` : text;
      return count === 1 ? text : `${closed}^{${count}}`;
    })
    .join(" \\, ");
}

/** Where a factor stands, by which it needs brackets or none. */
type FactorPlace = "alone" | "beside others";

function factor(node: Node, symbols: Symbols, place: FactorPlace): string {
  switch (node.kind) {
    case "view":
      return viewSymbols[node.name];
    case "parameter":
      return parameter(node, symbols);
    case "constant":
      return node.value < 0 && place !== "alone" ? `(${numeral(node.value)})` : numeral(node.value);
    case "operation":
      return operation(node, symbols, place);
    default:
      return node satisfies never;
  }
}

function operation(node: Extract<Node, { kind: "operation" }>, symbols: Symbols, place: FactorPlace): string {
  const [a, b, c] = node.operands;
  const text = (operand: Node) => written(operand, symbols);
  switch (node.name) {
    case "add":
    case "sub":
    case "neg":
    case "mul":
      return place === "alone" ? text(node) : `\\left(${text(node)}\\right)`;
    case "div":
      return fraction(a, b, symbols);
    case "pow":
      return `${a.kind === "operation" ? `\\left(${text(a)}\\right)` : text(a)}^{${text(b)}}`;
    case "exp":
      return exponential(a, symbols);
    case "expm1": {
      const difference = `${exponential(a, symbols)} - 1`;
      return place === "alone" ? difference : `\\left(${difference}\\right)`;
    }
    case "log":
      return `\\log\\left(${text(a)}\\right)`;
    case "log1p":
      return `\\log\\left(1 + ${text(a)}\\right)`;
    case "ifPositive":
      return `\\begin{cases} ${text(b)} & ${text(a)} > 0 \\\\ ${text(c)} & \\text{otherwise} \\end{cases}`;
    default:
      return node.name satisfies never;
  }
}

/** A fraction without the factors that stand above and below. */
function fraction(above: Node, below: Node, symbols: Symbols): string {
  const divisor = factorsOf(below);
  const terms = termsOf(above);
  if (terms.length !== 1) return `\\frac{${sum(terms, symbols)}}{${product(divisor.factors, symbols)}}`;
  const [{ factors, sign }] = terms;
  const common = commonFactors([{ sign, factors }, divisor]);
  const rest = without(divisor.factors, common);
  const numerator = (sign === divisor.sign ? "" : "-") + product(without(factors, common), symbols);
  return rest.length === 0 ? numerator : `\\frac{${numerator}}{${product(rest, symbols)}}`;
}

/** e^x; a power of the probability where x is a multiple of its logarithm. */
function exponential(exponent: Node, symbols: Symbols): string {
  const { sign, factors } = factorsOf(exponent);
  const logarithm = factors.find(
    (node) => node.kind === "view" && (node.name === "logPt" || node.name === "logOneMinusPt"),
  );
  if (logarithm?.kind !== "view" || sign === -1) return `e^{${written(exponent, symbols)}}`;
  const base = logarithm.name === "logPt" ? viewSymbols.pt : viewSymbols.oneMinusPt;
  return `${base}^{${product(without(factors, [logarithm]), symbols)}}`;
}

/** A number, with a power of ten where JavaScript would write an e. */
function numeral(value: number): string {
  const [digits, exponent] = String(value).split("e");
  return exponent === undefined ? digits : `${digits} \\cdot 10^{${Number(exponent)}}`;
}
