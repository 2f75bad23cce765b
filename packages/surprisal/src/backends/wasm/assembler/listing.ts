// A function as text, in the folded form of the WebAssembly text format: to be read, and compared by a test.
import type { Statement, WasmFunction } from "./code.ts";
import type { Expression } from "./instructions.ts";

/** The listing of a function, a statement a line. */
export function listing({ name, parameters, locals, result, body }: WasmFunction): string {
  const signature = [
    `(func $${name}`,
    ...parameters.map((each) => `(param $${each.name} ${each.type})`),
    ...(result === null ? [] : [`(result ${result})`]),
  ].join(" ");
  const names = locals.map((each) => `(local $${each.name} ${each.type})`).join(" ");
  return [signature, `  ${names}`, ...lines(body, "  "), ")"].join("\n");
}

function lines(statements: readonly Statement[], indent: string): readonly string[] {
  return statements.flatMap((statement) => linesOf(statement, indent));
}

function linesOf(statement: Statement, indent: string): readonly string[] {
  const inner = `${indent}  `;
  switch (statement.kind) {
    case "do":
      return [indent + text(statement.expression)];
    case "set":
      return [`${indent}(local.set $${statement.local.name} ${text(statement.value)})`];
    case "loop":
      return [`${indent}(loop`, ...lines(statement.body, inner), `${inner}(br_if 0 ${text(statement.again)}))`];
    case "if": {
      const otherwise =
        statement.otherwise.length === 0
          ? []
          : [`${inner}(else`, ...lines(statement.otherwise, `${inner}  `), `${inner})`];
      return [
        `${indent}(if ${text(statement.condition)}`,
        `${inner}(then`,
        ...lines(statement.body, `${inner}  `),
        `${inner})`,
        ...otherwise,
        `${indent})`,
      ];
    }
    case "return":
      return [`${indent}(return ${text(statement.value)})`];
    default:
      return statement satisfies never;
  }
}

function text({ text: own, operands }: Expression): string {
  return operands.length === 0 ? `(${own})` : `(${own} ${operands.map(text).join(" ")})`;
}
