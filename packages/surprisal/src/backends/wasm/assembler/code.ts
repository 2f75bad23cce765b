// The body of a function under construction: locals by name, statements, and the constants that it needs.
import { float32Bits, unsigned } from "./bytes.ts";
import { type Expression, f32x4, type I32, i32, type V128, type ValueType, v128 } from "./instructions.ts";

/** A variable of a function; used as an expression it is its value. */
export interface Local<T extends ValueType = ValueType> extends Expression<T> {
  readonly name: string;
  readonly index: number;
}

/**
 * A kernel has hundreds of locals, and each is made while somebody waits; so what only a listing shows is made late.
 */
class Variable<T extends ValueType> implements Local<T> {
  readonly bytes: readonly number[];
  readonly operands = noOperands;

  constructor(
    readonly type: T,
    readonly name: string,
    readonly index: number,
  ) {
    this.bytes = index < 0x80 ? [0x20, index] : [0x20, ...unsigned(index)];
  }

  get text(): string {
    return `local.get $${this.name}`;
  }
}

const noOperands: readonly Expression[] = [];

/** More locals no engine takes: https://webassembly.github.io/spec/js-api/#limits */
const mostLocals = 50_000;

/** What a function does, step by step. */
export type Statement =
  | { readonly kind: "do"; readonly expression: Expression<null> }
  | { readonly kind: "set"; readonly local: Local; readonly value: Expression }
  /** The body, again for as long as the condition holds after it. */
  | { readonly kind: "loop"; readonly body: readonly Statement[]; readonly again: I32 }
  | {
      readonly kind: "if";
      readonly condition: I32;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  | { readonly kind: "return"; readonly value: Expression };

/** A finished function. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly Local[];
  readonly locals: readonly Local[];
  readonly result: ValueType | null;
  readonly body: readonly Statement[];
}

/** A place among the constants: a fixed number, or a name whose number is filled in before a call. */
export type ConstantValue = { readonly bits: number } | { readonly name: string };

/** For what functions are made. */
export interface Target {
  /** Whether the JavaScript engine has a multiply-add that rounds once. */
  readonly fused: boolean;
}

/**
 * Collects the statements of one function.
 *
 * Constants come from memory, from the address in the first parameter, and are brought into locals before the first
 * statement: V8 rebuilds a constant inside a loop in every round, which doubles the time of a kernel.
 */
export class Code {
  /** Where the constants are. */
  readonly constants: Local<"i32">;
  /** The constants in the order of memory, four bytes each. */
  readonly constantValues: ConstantValue[] = [];
  private readonly parameters: Local[] = [];
  private readonly locals: Local[] = [];
  private readonly prologue: Statement[] = [];
  private statements: Statement[] = [];
  /** The constants that there are, by their bits or their name. */
  private readonly known = new Map<string | number, V128>();
  private count = 0;

  /** As in `Target`. */
  readonly fused: boolean;

  /** @param name the name under which the module exports the function */
  constructor(
    readonly name: string,
    { fused }: Target,
  ) {
    this.fused = fused;
    this.constants = this.parameter("constants", "i32");
  }

  parameter<T extends ValueType>(name: string, type: T): Local<T> {
    const local = this.newLocal(name, type);
    this.parameters.push(local);
    return local;
  }

  /** A variable, 0 at first. */
  local<T extends ValueType>(name: string, type: T): Local<T> {
    const local = this.newLocal(name, type);
    this.locals.push(local);
    return local;
  }

  private newLocal<T extends ValueType>(name: string, type: T): Local<T> {
    if (this.count >= mostLocals) throw new RangeError(`the function ${this.name} has too many locals`);
    return new Variable(type, name, this.count++);
  }

  /** Computes an expression once and gives it a name. */
  keep<T extends ValueType>(value: Expression<T>, name = "t"): Local<T> {
    const local = this.local(`${name}${this.count}`, value.type);
    this.set(local, value);
    return local;
  }

  /** Computes an expression of constants and parameters once, before the first statement. */
  hoist<T extends ValueType>(value: Expression<T>, name: string): Local<T> {
    const local = this.local(`${name}${this.count}`, value.type);
    this.prologue.push({ kind: "set", local, value });
    return local;
  }

  set<T extends ValueType>(local: Local<T>, value: Expression<T>): void {
    this.statements.push({ kind: "set", local, value });
  }

  /** An instruction without a value, such as a store. */
  do(expression: Expression<null>): void {
    this.statements.push({ kind: "do", expression });
  }

  return(value: Expression<ValueType>): void {
    this.statements.push({ kind: "return", value });
  }

  /** Runs the body, and again for as long as the condition that it gives holds. */
  loop(body: () => I32): void {
    let again: I32 | undefined;
    const statements = this.collect(() => {
      again = body();
    });
    this.statements.push({ kind: "loop", body: statements, again: again as I32 });
  }

  /** Lets pointers run, each by its step, until the first reaches the end; the body runs at least once. */
  advance(pointers: readonly (readonly [Local<"i32">, number])[], end: I32, body: () => void): void {
    this.loop(() => {
      body();
      for (const [pointer, step] of pointers) this.set(pointer, i32.add(pointer, i32.constant(step)));
      return i32.less(pointers[0][0], end);
    });
  }

  /** Runs the body for as long as the condition, looked at before each round, holds. */
  while(condition: I32, body: () => void): void {
    this.if(condition, () =>
      this.loop(() => {
        body();
        return condition;
      }),
    );
  }

  if(condition: I32, body: () => void, otherwise: () => void = () => {}): void {
    this.statements.push({ kind: "if", condition, body: this.collect(body), otherwise: this.collect(otherwise) });
  }

  /**
   * Runs a body several times in lockstep: the first statement of each, the second of each, and so on. A processor
   * looks only so far ahead; in this order it finds work while a long chain waits. The bodies must not depend on each
   * other's locals, except by sums that each continues.
   */
  sideBySide(count: number, body: (k: number) => void): void {
    const all = Array.from({ length: count }, (_, k) => this.collect(() => body(k)));
    const longest = Math.max(...all.map((each) => each.length));
    for (let step = 0; step < longest; step++) {
      for (const each of all) if (step < each.length) this.statements.push(each[step]);
    }
  }

  private collect(body: () => void): readonly Statement[] {
    const outer = this.statements;
    this.statements = [];
    body();
    const inner = this.statements;
    this.statements = outer;
    return inner;
  }

  /** A float32 in all four lanes. */
  number(value: number): V128 {
    const bits = float32Bits(value);
    return this.known.get(bits) ?? this.constant(bits, String(Math.fround(value)), { bits });
  }

  /** An int32, or a pattern of bits, in all four lanes. */
  bits(value: number): V128 {
    const bits = value | 0;
    return this.known.get(bits) ?? this.constant(bits, `bits${bits}`, { bits });
  }

  /** A number that the caller of the function fills in, in all four lanes. */
  symbol(name: string): V128 {
    return this.known.get(name) ?? this.constant(name, name, { name });
  }

  private constant(key: string | number, name: string, value: ConstantValue): V128 {
    const local = this.local(name, "v128");
    const offset = 4 * (this.constantValues.push(value) - 1);
    this.prologue.push({ kind: "set", local, value: v128.loadSplat(this.constants, offset) });
    this.known.set(key, local);
    return local;
  }

  /** a b + c; rounded once where that is fast, else twice. */
  multiplyAdd(a: V128, b: V128, c: V128): V128 {
    return this.fused ? f32x4.relaxedMadd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
  }

  /** c - a b, the same. */
  multiplySubtract(a: V128, b: V128, c: V128): V128 {
    return this.fused ? f32x4.relaxedNmadd(a, b, c) : f32x4.sub(c, f32x4.mul(a, b));
  }

  /** The function, complete. */
  finish(result: ValueType | null): WasmFunction {
    const { name, parameters, locals } = this;
    return { name, parameters, locals, result, body: [...this.prologue, ...this.statements] };
  }
}
