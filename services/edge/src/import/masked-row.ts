import { shownLength } from '@tollwire/telecom';

/** What could be a number of a person, however its digits are grouped; the time of a call is none, though it has as many. */
const numberOrTime = /(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?)|\d(?:[ ().-]{0,2}\d){6,}/g;

/** A row of a file as those may see it who did not send it: of whatever could be a number its prefix, and stars. */
export function maskedRow(text: string): string {
  return text.replaceAll(numberOrTime, (found, time: string | undefined) => time ?? starredBehind(found));
}

function starredBehind(number: string): string {
  const shown = shownLength(number.replaceAll(/\D/g, ''));
  let digits = 0;
  return number.replaceAll(/\d/g, (digit) => {
    digits += 1;
    return digits > shown ? '*' : digit;
  });
}
