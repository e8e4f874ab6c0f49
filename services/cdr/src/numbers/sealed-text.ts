import { shownDigitsMax } from '@tollwire/telecom';

/** How many of the first characters stay as they are: those that a mask shows; of a text beyond ASCII, which is no number, none. */
export function clearLength(text: string): number {
  const first = text.charCodeAt(0) === plus ? 1 : 0;
  let end = first;
  while (end < first + shownDigitsMax && isDigit(text.charCodeAt(end))) end += 1;
  const shown = Math.min(end, text.length - hiddenMin);
  return shown > first && isAscii(text) ? shown : 0;
}

const plus = 0x2b;
const hiddenMin = 4;

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** How many characters are sealed, and so how many steps of a key stream a text takes. */
export function hiddenCount(text: string, clear: number): number {
  return clear > 0 || isAscii(text) ? text.length - clear : Array.from(text).length;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) >= 0x80) return false;
  return true;
}

/** ASCII without NUL and digits; and all that is no ASCII and no half of a pair. */
const asciiCount = 117;
const otherCount = 0x11_0000 - 0x80 - 0x800;

/**
 * A text with its hidden characters moved along by the steps of a key stream (`by` 1) or back (`by` -1), each within its
 * own kind: a digit stays a digit, other ASCII other ASCII. So what is sealed is as long, shows the same prefix, is text
 * that any column takes, and without the key one digit is as likely as another.
 */
export function moved(text: string, clear: number, steps: Uint32Array, at: number, by: 1 | -1): string {
  let sealed = text.slice(0, clear);
  let place = at;
  for (let each = clear; each < text.length; place += 1) {
    const point = text.codePointAt(each) ?? 0;
    sealed += String.fromCodePoint(movedPoint(point, (steps[place] ?? 0) * by));
    each += point > 0xff_ff ? 2 : 1;
  }
  return sealed;
}

/** A character of ASCII moved within its kind. */
export function movedAscii(code: number, step: number): number {
  if (code >= 48 && code <= 57) return 48 + modulo(code - 48 + step, 10);
  const place = modulo((code < 48 ? code - 1 : code - 11) + step, asciiCount);
  return place < 47 ? place + 1 : place + 11;
}

function movedPoint(point: number, step: number): number {
  if (point < 0x80) return movedAscii(point, step);
  const place = modulo((point < 0xd8_00 ? point - 0x80 : point - 0x8_80) + step, otherCount);
  return place < 0xd8_00 - 0x80 ? place + 0x80 : place + 0x8_80;
}

function modulo(value: number, count: number): number {
  const rest = value % count;
  return rest < 0 ? rest + count : rest;
}
