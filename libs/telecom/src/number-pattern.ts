/** So many digits in a row stand for one number wherever they are found; fewer only where no other digit is beside them. */
const tellingDigits = 8;

/**
 * A regular expression that finds a number, given by its digits, within text that nobody has read: for JavaScript and for PostgreSQL. A plus or 00
 * before it does not matter.
 */
export function numberPattern(digits: string): string {
  return digits.length >= tellingDigits ? digits : `(?<![0-9])(?:00)?${digits}(?![0-9])`;
}

/** The ways in which a number that is given by its digits is written in full: as it is, and after `+` and `00`. */
export function writtenForms(digits: string): string[] {
  return [digits, `+${digits}`, `00${digits}`];
}
