/** The country codes of one and of two digits that ITU-T has assigned (E.164, annex to the Operational Bulletin); all others have three. */
const SHORT: ReadonlySet<string> = new Set([
  '1', '7', '20', '27', '30', '31', '32', '33', '34', '36', '39', '40', '41', '43', '44', '45', '46', '47', '48', '49', '51', '52', '53', '54', '55', '56', '57', '58',
  '60', '61', '62', '63', '64', '65', '66', '81', '82', '84', '86', '90', '91', '92', '93', '94', '95', '98',
]);

/** The country code that an international number begins with; what is shorter than its code is all of it. */
export function callingCodeOf(e164: string): string {
  for (const length of [1, 2]) {
    const code = e164.slice(0, length);
    if (SHORT.has(code)) return code;
  }
  return e164.slice(0, 3);
}
