// Checks of parsed JSON, which may be damaged or another program's.

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
export const isPlace = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
export const isText = (value: unknown): value is string => typeof value === "string";
export const isNumber = (value: unknown): value is number => Number.isFinite(value);
export const isTexts = (value: unknown): value is readonly string[] => isListOf(value, isText);
export const isNumbers = (value: unknown): value is readonly number[] => isListOf(value, isNumber);

export function isListOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isItem);
}
