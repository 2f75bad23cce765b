// What is changed in the code: one sign, operator, constant or instruction at a time.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What is looked for in the code (strings and comments are blanked out), and what takes its place. */
const rules: readonly (readonly [RegExp, (found: string) => string])[] = [
  [/ [-+*/] (?!=)/g, swap({ " + ": " - ", " - ": " + ", " * ": " / ", " / ": " * " })],
  [/ \*\* /g, () => " * "],
  [/ [-+]= /g, swap({ " += ": " -= ", " -= ": " += " })],
  [/ (<|>|<=|>=) /g, swap({ " < ": " <= ", " <= ": " < ", " > ": " >= ", " >= ": " > " })],
  [/ [!=]== /g, swap({ " === ": " !== ", " !== ": " === " })],
  [/ (&&|\|\|) /g, swap({ " && ": " || ", " || ": " && " })],
  [/(?<=[(,=:?[] ?|return )-(?=[\w(])/g, () => ""],
  [/(?<![\w.$])\d+(\.\d+)?(e-?\d+)?\b(?!n)/g, next],
  [/\bMath\.(max|min)\b/g, swap({ "Math.max": "Math.min", "Math.min": "Math.max" })],
  [/\bMath\.(log1p|log|expm1|exp|abs)\b/g, (found) => `Math.${functions[found.slice(5)]}`],
  [/\binner\.(add|sub|mul|div)\b/g, (found) => `inner.${operations[found.slice(6)]}`],
  // What a kernel does, by the instruction that is exchanged for it.
  [
    /\b(?:f32|f64|i32|f32x4|f64x2|i32x4)\.(?:add|sub|max|min|less|greater|lt|gt|le|ge)(?=\()|\b(?:i32|v128)\.(?:and|or)(?=\()|\bf32x4\.(?:mul|div)(?=\()/g,
    (found) => {
      const [type, instruction] = found.split(".");
      return `${type}.${instructions[instruction]}`;
    },
  ],
  // In a formula an operation is exchanged where it is taken out of the table: { neg, mul } becomes { neg, div: mul }.
  [
    /(?<=[fF]ormula: \(\{[^}]*)\b(add|sub|mul|div|neg|pow|log|expm1)\b(?=[^}]*\},)/g,
    (found) => {
      return `${operations[found]}: ${found}`;
    },
  ],
];
const functions: Readonly<Record<string, string>> = {
  log1p: "log",
  log: "log1p",
  expm1: "exp",
  exp: "expm1",
  abs: "sign",
};
const operations: Readonly<Record<string, string>> = {
  ...{ add: "sub", sub: "add", mul: "div", div: "mul", neg: "exp", pow: "mul", log: "log1p", expm1: "exp" },
};
const instructions: Readonly<Record<string, string>> = {
  ...{ add: "sub", sub: "add", mul: "div", div: "mul", max: "min", min: "max", and: "or", or: "and" },
  ...{ less: "greater", greater: "less", lt: "gt", gt: "lt", le: "ge", ge: "le" },
};

/** One change of a file. */
export interface Change {
  readonly file: string;
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

/** A file with one change. */
export interface Mutant extends Change {
  readonly source: string;
}

/** One more; of a number so large that it would stay the same, half. */
function next(found: string): string {
  const number = Number(found);
  return String(number + 1 === number ? number / 2 : number + 1);
}

function swap(table: Readonly<Record<string, string>>) {
  return (found: string) => table[found] ?? found;
}

/** The code with comments, strings, regular expressions, imports and types as blanks of the same length. */
function code(source: string): string {
  const blank = (text: string) => text.replace(/[^\n]/g, "_");
  return source
    .replace(
      /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|(?<=[ (!])\/\^.*?\$\/|\/\\b.*?\//gm,
      blank,
    )
    .replace(/^import [\s\S]*?;$|^(export )?(type|interface) [\s\S]*?^[}]?.*[;}]$|^.*\bfail\(.*$/gm, blank);
}

/** Every change of a file that the rules know. */
export function mutantsOf(root: string, file: string): Mutant[] {
  const source = readFileSync(join(root, file), "utf8");
  const blanked = code(source);
  const found = rules.flatMap(([pattern, change]) => {
    return [...blanked.matchAll(pattern)].map((match) => ({ at: match.index, length: match[0].length, change }));
  });
  const lineOf = (text: string, at: number) => {
    const start = text.lastIndexOf("\n", at) + 1;
    return text.slice(start, text.indexOf("\n", at)).trim();
  };
  return found
    .sort((a, b) => a.at - b.at)
    .map(({ at, length, change }) => {
      const changed = source.slice(0, at) + change(source.slice(at, at + length)) + source.slice(at + length);
      const line = source.slice(0, at).split("\n").length;
      return { file, line, before: lineOf(source, at), after: lineOf(changed, at), source: changed };
    })
    .filter(({ before, after }) => before !== after);
}
