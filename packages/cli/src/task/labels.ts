// The target columns: those that are named, and those whose names fit a pattern such as tag_*.
import { CliError, tableTexts } from "../errors.ts";
import { type Note, targetNotes } from "../notes.ts";
import { fitsPattern } from "../words/patterns.ts";

/** Which columns are to be told. */
export interface TargetsAsked {
  /** By name. */
  readonly targets: readonly string[];
  /** By name, or by a pattern in which `*` stands for any characters and `?` for one. */
  readonly labels?: readonly string[] | undefined;
}

/**
 * The target columns of a table whose columns have these names. A column of just that name is meant by it, also where
 * it holds `*` or `?`; a pattern passes over columns that are named besides, and over those that other flags take.
 *
 * @throws CliError for a pattern that no column fits
 */
export function targetColumns(
  { targets, labels = [] }: TargetsAsked,
  names: readonly string[],
  taken: readonly string[] = [],
): { readonly columns: readonly string[]; readonly notes: readonly Note[] } {
  const isPattern = (label: string) => /[*?]/.test(label) && !names.includes(label);
  const columns = [...targets, ...labels.filter((label) => !isPattern(label))];
  const notes: Note[] = [];
  for (const pattern of labels.filter(isPattern)) {
    const fitting = names.filter((name) => fitsPattern(pattern, name, "*?") && !taken.includes(name));
    if (fitting.length === 0) throw new CliError(tableTexts.noColumnFits(pattern, names));
    columns.push(...fitting.filter((name) => !columns.includes(name)));
    notes.push(targetNotes.labelsFound(pattern, fitting));
  }
  return { columns, notes };
}
