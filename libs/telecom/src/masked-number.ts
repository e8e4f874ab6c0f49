/** Digits of a number that may be seen by anybody: country, area and mostly the carrier, no subscriber. */
export const shownDigitsMax = 6;
/** The last characters of a number are never shown, however short it is. */
const hiddenMin = 4;

/**
 * How many of the first characters of a number may be shown: a `+` and up to six digits, and never the last four
 * characters. What does not begin with digits (a name, a SIP address, `anonymous`) shows nothing.
 */
export function shownLength(number: string): number {
  const digits = /^\+?\d{0,6}/.exec(number)?.[0].length ?? 0;
  const shown = Math.min(digits, number.length - hiddenMin);
  return shown > 0 && number.slice(0, shown) !== '+' ? shown : 0;
}

/** A number as those may see it who have no right to it: its prefix, and a star for each character behind it. */
export function maskedNumber(number: string): string {
  const shown = shownLength(number);
  return number.slice(0, shown) + '*'.repeat(number.length - shown);
}
