// The flag that silences checks, of every command that tells them.
import { InvalidArgumentError, Option } from "commander";
import { checkNumbers } from "../checks/catalogue.ts";
import { valueTexts } from "../errors.ts";
import { nearestName } from "../words/names.ts";
import { list } from "./values.ts";

/** `--ignore S101,S204`, which may be given again. */
export function ignoreOption(): Option {
  return new Option("--ignore <checks>", "do not tell these checks: S101,S204; see docs/checks.md")
    .argParser((text: string, before: readonly string[]) => [...before, ...numbersOf(text)])
    .default([], "none");
}

function numbersOf(text: string): readonly string[] {
  const numbers = list(text).map((number) => number.toUpperCase());
  const unknown = numbers.find((number) => !checkNumbers.includes(number));
  if (unknown === undefined) return numbers;
  throw new InvalidArgumentError(valueTexts.unknownCheck(unknown, nearestName(unknown, checkNumbers), checkNumbers));
}
