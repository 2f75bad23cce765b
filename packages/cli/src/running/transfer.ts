// Errors on their way between threads: a copy of one forgets its class, so its class travels beside it.
import { InputError } from "surprisal";
import { CliError } from "../errors.ts";

/** An error as plain data. */
export interface PackedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** What the system calls it, such as ENOSPC. */
  readonly code: string | undefined;
}

/** The classes by which the tool tells whose mistake an error is. */
const classes = { CliError, InputError } as const;

/** Takes an error apart. */
export function packError(error: unknown): PackedError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), stack: undefined, code: undefined };
  const own = Object.entries(classes).find(([, known]) => error instanceof known);
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return { name: own?.[0] ?? error.name, message: error.message, stack: error.stack, code };
}

/** The error again: of its own class where the tool asks for it, else one that says the same. */
export function unpackError({ name, message, stack, code }: PackedError): Error {
  const known = Object.hasOwn(classes, name) ? classes[name as keyof typeof classes] : undefined;
  const error = known === undefined ? Object.assign(new Error(message), { name }) : new known(message);
  if (stack !== undefined) error.stack = stack;
  return code === undefined ? error : Object.assign(error, { code });
}
