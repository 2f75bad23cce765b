// A WebAssembly module as bytes: types, the imported memory, functions, exports, code.
//
// The format: https://webassembly.github.io/spec/core/binary/modules.html
import { name, signed, sized, unsigned } from "./bytes.ts";
import type { Statement, WasmFunction } from "./code.ts";
import type { Expression, ValueType } from "./instructions.ts";

/** Of which kind the memory is that a module imports. */
export interface MemoryKind {
  readonly shared: boolean;
  /** The largest size, in pages of 64 KiB. */
  readonly maximum: number;
}

const valueTypes = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const satisfies Record<ValueType, number>;
const functionType = 0x60;
const noResult = 0x40;

const sections = { types: 1, imports: 2, functions: 3, exports: 7, code: 10 } as const;

const list = (entries: readonly (readonly number[])[]) => [...unsigned(entries.length), ...entries.flat()];

/**
 * Encodes a module whose functions are exported by their names. It imports `heap.memory`, unless there is no memory.
 *
 * @param functions the functions
 * @param memory the kind of memory that will be given to it, or null for none
 */
export function encodeModule(functions: readonly WasmFunction[], memory: MemoryKind | null): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters, result }) => [
    functionType,
    ...list(parameters.map(({ type }) => [valueTypes[type]])),
    ...list(result === null ? [] : [[valueTypes[result]]]),
  ]);
  const imports = memory === null ? [] : [[...name("heap"), ...name("memory"), 0x02, ...memoryType(memory)]];
  const exports = functions.map((each, index) => [...name(each.name), 0x00, ...unsigned(index)]);
  const before = [
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...[sections.types, ...sized(list(types))],
    ...[sections.imports, ...sized(list(imports))],
    ...[sections.functions, ...sized(list(functions.map((_, index) => unsigned(index))))],
    ...[sections.exports, ...sized(list(exports))],
  ];
  // The code is nearly all there is; it is copied once.
  const bodies = functions.map(body).flatMap((each) => [unsigned(each.length), each]);
  const code = [unsigned(functions.length), ...bodies];
  const codeBytes = code.reduce((sum, { length }) => sum + length, 0);
  return joined([before, [sections.code, ...unsigned(codeBytes)], ...code]);
}

function joined(parts: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function append(bytes: number[], more: readonly number[]): void {
  for (let k = 0; k < more.length; k++) bytes.push(more[k]);
}

function memoryType({ shared, maximum }: MemoryKind): number[] {
  return [shared ? 0x03 : 0x01, ...unsigned(1), ...unsigned(maximum)];
}

function body({ locals, body: statements, result }: WasmFunction): number[] {
  const bytes = unsigned(locals.length);
  for (const { type } of locals) bytes.push(1, valueTypes[type]);
  writeStatements(bytes, statements);
  // A function that returned by now never gets here, but the validator wants to see a value.
  const returned = statements.at(-1)?.kind === "return";
  if (result !== null && !returned) throw new Error("a function with a result must end in a return");
  bytes.push(end);
  return bytes;
}

const end = 0x0b;

function writeStatements(bytes: number[], statements: readonly Statement[]): void {
  for (const statement of statements) writeStatement(bytes, statement);
}

function writeStatement(bytes: number[], statement: Statement): void {
  switch (statement.kind) {
    case "do":
      writeExpression(bytes, statement.expression);
      return;
    case "set":
      writeExpression(bytes, statement.value);
      bytes.push(0x21);
      append(bytes, unsigned(statement.local.index));
      return;
    case "loop":
      bytes.push(0x03, noResult);
      writeStatements(bytes, statement.body);
      writeExpression(bytes, statement.again);
      bytes.push(0x0d, ...signed(0), end);
      return;
    case "if":
      writeExpression(bytes, statement.condition);
      bytes.push(0x04, noResult);
      writeStatements(bytes, statement.body);
      if (statement.otherwise.length > 0) {
        bytes.push(0x05);
        writeStatements(bytes, statement.otherwise);
      }
      bytes.push(end);
      return;
    case "return":
      writeExpression(bytes, statement.value);
      bytes.push(0x0f);
      return;
    default:
      statement satisfies never;
  }
}

function writeExpression(bytes: number[], { operands, bytes: own }: Expression): void {
  for (let k = 0; k < operands.length; k++) writeExpression(bytes, operands[k]);
  append(bytes, own);
}
