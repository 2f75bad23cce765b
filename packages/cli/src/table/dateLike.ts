// Texts that are dates to a reader, whether or not their format is read.

const months =
  "jan|january|januar|janvier|janv|ene|enero|gen|gennaio|janeiro|januari|feb|february|februar|fevrier|fevr|fev|febrero|febbraio|fevereiro|februari|mar|march|mars|marz|maerz|marzo|marco|maart|mrt|apr|april|avr|avril|abr|abril|aprile|may|mai|mayo|mag|maggio|maio|mei|maj|jun|june|juni|juin|junio|giu|giugno|junho|jul|july|juli|juil|juillet|julio|lug|luglio|julho|aug|august|aout|ago|agosto|augustus|augusti|sep|sept|september|septembre|septiembre|set|settembre|setembro|oct|october|okt|oktober|octobre|octubre|ott|ottobre|out|outubro|nov|november|novembre|noviembre|novembro|dec|december|dez|dezember|decembre|dic|diciembre|dicembre|dezembro";
const weekdays =
  "mon|monday|tue|tues|tuesday|wed|wednesday|thu|thur|thurs|thursday|fri|friday|sat|saturday|sun|sunday|mo|di|mi|do|fr|sa|so|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mer|jeu|ven|sam|dim";
const month = new RegExp(`^(?:${months})$`);
const beside = new RegExp(`^(?:${weekdays}|de|of|the|den|le|el|a|st|nd|rd|th|er|at|um|utc|gmt|z|t)$`);

/** A time of day, with what says where. */
const timeOfDay =
  /(?:^|[\sT,]+)([01]?\d|2[0-4])(?::[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?|h[0-5]\d|(?=\s*[ap]\.?m))\s*(?:[ap]\.?m\.?)?\s*(?:uhr|z|utc|gmt)?\s*(?:[+-]\d\d:?\d\d)?$/i;

/**
 * Whether a text looks like a date or a time of day: digits and the name of a month in one of several languages, three
 * groups of digits of which one is the year, a quarter or a week of a year, a time of day.
 */
export function looksLikeDate(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed.length > 60 || !/\d/.test(trimmed)) return false;
  const day = trimmed.replace(timeOfDay, "").trim();
  return day === "" || isDay(day);
}

function isDay(text: string): boolean {
  return isThreeGroups(text) || isNamedMonth(text) || isPartOfYear(text);
}

function isThreeGroups(text: string): boolean {
  const [, a, mark, b, c] = /^(\d{1,4})([-/.]|\s)\s?(\d{1,2})\2\s?(\d{1,4})$/.exec(text) ?? [];
  if (a === undefined) return /^(1[5-9]|2[01])\d\d年\d{1,2}月\d{1,2}日$/.test(text);
  const isYear = (digits: string): boolean => /^(1[5-9]|2[01])\d\d$/.test(digits);
  const [first, middle, last] = [Number(a), Number(b), Number(c)];
  const isDayAndMonth = (one: number, other: number): boolean =>
    Math.min(one, other) >= 1 && Math.min(one, other) <= 12 && Math.max(one, other) <= 31;
  if (isYear(a)) return c!.length <= 2 && isDayAndMonth(middle, last);
  if (a.length > 2) return false;
  if (isYear(c!)) return isDayAndMonth(first, middle);
  // Two digits of a year; 1.2.10 is a version as well as a day.
  if (c!.length !== 2 || ((mark === "." || mark === " ") && (a.length !== 2 || b!.length !== 2))) return false;
  return isDayAndMonth(first, middle) || isDayAndMonth(middle, last);
}

function isNamedMonth(text: string): boolean {
  const plain = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const parts = plain.match(/\p{L}+|\d+|[^\p{L}\d]+/gu) ?? [];
  const words = parts.filter((part) => /^\p{L}/u.test(part));
  const numbers = parts.filter((part) => /^\d/.test(part));
  const others = parts.filter((part) => !/^[\p{L}\d]/u.test(part));
  return (
    words.filter((word) => month.test(word)).length === 1 &&
    words.every((word) => month.test(word) || beside.test(word)) &&
    numbers.length >= 1 &&
    numbers.length <= 2 &&
    numbers.every((digits) => digits.length <= 2 || digits.length === 4) &&
    others.every((between) => /^[\s,.'/-]+$/.test(between))
  );
}

function isPartOfYear(text: string): boolean {
  return /^(?:(?:1[5-9]|2[01])\d\d[\s-/]?[QTW]\d{1,2}(?:-\d)?|[QT][1-4][\s-/]?(?:1[5-9]|2[01])\d\d)$/i.test(text);
}
