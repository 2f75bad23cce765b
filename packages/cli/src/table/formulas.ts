// Cells that a spreadsheet would run when a CSV file is opened: found, counted, and made harmless where that is asked.
import { literal } from "./sql.ts";

/** What a formula begins with, also in full width as East Asian keyboards write it. */
const opening = "[=+@\\t\\r\\n＝＋－＠-]";
/** A number with its sign, a time zone's shift, or a mere sign: a spreadsheet takes these as they are. */
const harmless =
  "[+-]([0-9.,]*([eE][+-]?[0-9]+)?%?|[0-9]{1,2}:?[0-9]{2}|-|[iI][nN][fF]([iI][nN][iI][tT][yY])?|[nN][aA][nN])";
const apostrophe = "'";
const openingText = new RegExp(`^${opening}`);
const harmlessText = new RegExp(`^${harmless}$`);

/** Whether a spreadsheet would take a text for a formula. */
export function isFormula(text: string): boolean {
  return openingText.test(text) && !harmlessText.test(text);
}

/** A text with an apostrophe before it if it is a formula: a spreadsheet shows what follows as text. */
export function neutralise(text: string): string {
  return isFormula(text) ? apostrophe + text : text;
}

/**
 * `isFormula` as SQL. Most cells are done with after two comparisons: patterns cost ten times as much, and a list of
 * openings after IN would become a join, in whose results DuckDB does not keep the order of the rows.
 */
export function isFormulaSql(text: string): string {
  const suspicious = `(${text} < 'A' AND NOT (${text} >= '.' AND ${text} < '<')) OR ${text} >= '＋'`;
  const number = `(${text} >= ' ' AND TRY_CAST(${text} AS DOUBLE) IS NOT NULL)`;
  const formula = `regexp_matches(${text}, ${literal(`^${opening}`)}) AND NOT regexp_full_match(${text}, ${literal(harmless)})`;
  return `CASE WHEN (${suspicious}) AND NOT ${number} THEN ${formula} ELSE false END`;
}

/** `neutralise` as SQL. */
export function neutraliseSql(text: string): string {
  return `CASE WHEN ${isFormulaSql(text)} THEN ${literal(apostrophe)} || ${text} ELSE ${text} END`;
}
