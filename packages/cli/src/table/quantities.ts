// Numbers as people write them: thousands separated, a decimal mark, a currency or a unit, accounting's minus.
import { escaped } from "../words/patterns.ts";

/** How the numbers of a column are written. */
export interface QuantityForm {
  readonly decimal: "." | ",";
  /** The currency before each number, the currency, unit or per cent behind it; usually "". */
  readonly prefix: string;
  readonly suffix: string;
}

const blanks = " \\u00a0\\u2009\\u202f";
const minus = "[-\\u2212]";
const power = "(?:[eE][+-]?\\d+)?";
const infinity = "[iI][nN][fF](?:[iI][nN][iI][tT][yY])?";

/** Thousands are parted by the mark that is not the decimal one (in India hundreds, too), by blanks, by apostrophes. */
function digits(decimal: "." | ","): string {
  const [point, other] = decimal === "." ? ["\\.", ","] : [",", "\\."];
  const groups = `(?:(?:${other}\\d{2,3})*${other}\\d{3}|(?:[${blanks}]\\d{3})+|(?:['’]\\d{3})+)`;
  return `(?:[1-9]\\d{0,2}${groups}|\\d+)(?:${point}\\d*)?|${point}\\d+`;
}

const bodies = { ".": digits("."), ",": digits(",") } as const;
const plainNumber = new RegExp(`^[+-]?(?:(?:\\d+\\.?\\d*|\\.\\d+)${power}|${infinity})$`);

/** Whether a text is a number as every program writes it, infinity included: `12`, `-0.5`, `1e-7`. */
export function isPlainNumber(text: string): boolean {
  return plainNumber.test(text);
}

/** The number that such a text is, NaN if it is none. */
export function toNumber(text: string): number {
  if (!isPlainNumber(text)) return Number.NaN;
  return /inf/i.test(text) ? (text.startsWith("-") ? -Infinity : Infinity) : Number(text);
}

/** A function that gives the number of a trimmed text in a form, null for a text that is not in it. */
export function quantityOf({ decimal, prefix, suffix }: QuantityForm): (text: string) => number | null {
  const [before, behind] = [escaped(prefix), escaped(suffix)];
  const pattern = new RegExp(
    `^(\\()?([+-]|${minus})?${before === "" ? "" : `${before}[${blanks}]*`}([+-]|${minus})?` +
      `(${bodies[decimal]})(${power})${behind === "" ? "" : `[${blanks}]*${behind}`}(${minus})?(\\))?$`,
    "u",
  );
  const isBare = prefix === "" && suffix === "";
  return (text) => {
    if (isBare && decimal === "." && isPlainNumber(text)) return toNumber(text);
    if (!isBare && bareZero.test(text)) return 0;
    if (isBare && /^[+-]?nan$/i.test(text)) return Number.NaN;
    if (isBare && infinite.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
    const [, open, sign, inner, body, exponent, trailing, close] = pattern.exec(text) ?? [];
    if (body === undefined || (open === undefined) !== (close === undefined)) return null;
    const signs = [sign, inner, trailing, open].filter((each) => each !== undefined);
    if (signs.length > 1) return null;
    const plain = body.replace(decimal === "." ? separators : separatorsComma, "").replace(",", ".");
    const size = Number(plain + exponent);
    return signs.length === 1 && signs[0] !== "+" ? -size : size;
  };
}

const separators = /[,'’ \u00a0\u2009\u202f]/gu;
const separatorsComma = /[.'’ \u00a0\u2009\u202f]/gu;
const infinite = new RegExp(`^[+-]?${infinity}$`);
/** Nothing is nothing in every unit. */
const bareZero = /^[+-]?0+(?:[.,]0*)?$/;

/** Whether a number is written with its thousands separated. */
export function isGrouped(text: string, decimal: "." | ","): boolean {
  return (decimal === "." ? /\d[,'’ \u00a0\u2009\u202f]\d{2}/u : /\d[.'’ \u00a0\u2009\u202f]\d{3}/u).test(text);
}

const currencyCodes =
  "AED|ARS|AUD|BGN|BRL|CAD|CHF|CLP|CNY|COP|CZK|DKK|EGP|EUR|GBP|HKD|HUF|IDR|ILS|INR|JPY|KES|KRW|MAD|MXN|MYR|NGN|NOK|NZD|PEN|PHP|PKR|PLN|QAR|RON|RUB|SAR|SEK|SGD|THB|TRY|TWD|UAH|USD|VND|ZAR";
const currency = `(?:[A-Z]{0,3}\\p{Sc}|${currencyCodes}|Rs\\.?|Fr\\.|kr\\.?)`;
const unit = `(?:%|‰|\\p{Sc}|°?\\p{L}{1,12}\\.?[23²³]?(?:/\\p{L}{1,6}[23²³]?)?|°)`;
const shape = new RegExp(
  `^\\(?(?:[+-]|${minus})?(${currency})?[${blanks}]*(?:[+-]|${minus})?` +
    `(?:\\d(?:[\\d.,'’${blanks}]*\\d)?[.,]?|[.,]\\d+)${power}[${blanks}]*(${unit})?${minus}?\\)?$`,
  "u",
);

/** The currency or unit around a number; null for a text that is not a number with at most those around it. */
export function unitsOf(text: string): Pick<QuantityForm, "prefix" | "suffix"> | null {
  const found = shape.exec(text);
  return found === null ? null : { prefix: found[1] ?? "", suffix: found[2] ?? "" };
}
