// The operations as a formula gets them while it is read: each operand is looked at, and their number is bounded.
import { isRecord, shown } from "../errors.ts";
import { numbers } from "./numbers.ts";
import type { Operand, OperationName, Operations } from "./operations.ts";

/** With more operations a formula is refused, rather than fill the memory with its derivatives. */
export const mostOperations = 30_000;

/**
 * The operations of a reading, which throw where they are given what is neither a finite number nor a result, or where
 * numbers alone make one that is not finite: 0 / 0, log 0, 0^-1, also in several steps.
 */
export function checkedOperations<T extends object>(operations: Operations<T>): Operations<T> {
  /** The results that depend on numbers only. */
  const constants = new WeakMap<object, number>();
  let made = 0;
  const checked = (name: OperationName) => {
    const operation = operations[name] as (...operands: readonly Operand<T>[]) => T;
    const ofNumbers = numbers[name] as (...operands: readonly number[]) => number;
    const arity = ofNumbers.length;
    return (...operands: readonly Operand<T>[]): T => {
      if (++made > mostOperations) throw new Error(`it has more than ${mostOperations} operations`);
      if (operands.length !== arity)
        throw new Error(`it gives ${name} ${operands.length} operands instead of ${arity}`);
      for (const operand of operands) {
        if (typeof operand !== "number") assertResult(operand);
        else if (!Number.isFinite(operand)) throw new Error(`it gives ${operand}`);
      }
      const known = operands.map((operand) => (typeof operand === "number" ? operand : constants.get(operand)));
      if (name === "div" && known[1] === 0) throw new Error("it divides by 0");
      const result = operation(...operands);
      if (known.every((value) => value !== undefined)) {
        const value = ofNumbers(...known);
        if (!Number.isFinite(value)) throw new Error(`it gives ${value}, which is ${name}(${known.join(", ")})`);
        constants.set(result, value);
      }
      return result;
    };
  };
  const names = Object.keys(numbers) as OperationName[];
  return Object.fromEntries(names.map((name) => [name, checked(name)])) as unknown as Operations<T>;
}

/** Throws unless a value is one that a reading over dual numbers gives. */
export function assertResult(value: unknown): void {
  if (isRecord(value) && "value" in value) return;
  throw new Error(`it gives ${shown(value)}, which is no result of an operation`);
}
