/** Whether some complete number that matches a libphonenumber pattern begins with these digits. */
export type BeginsMatch = (digits: string) => boolean;

const token = /\\d|\[[^\]]*\]|\(\?:|\||\)|[?*+]|\{\d+(?:,\d*)?\}|\d/gy;

/**
 * Compiles a libphonenumber pattern into a test on the beginning of a number. Every digit matcher becomes optional
 * at the end of the input, so that a prefix passes when the rest of the pattern could still follow.
 * Throws on syntax that libphonenumber's metadata does not use, rather than classify numbers wrongly.
 */
export function beginsMatch(pattern: string): BeginsMatch {
  let source = '';
  let read = 0;
  for (const match of pattern.matchAll(token)) {
    source += orEnd(match[0]);
    read = match.index + match[0].length;
  }
  if (read !== pattern.length) throw new Error(`Unreadable number pattern at ${read}: ${pattern}`);
  const expression = new RegExp(`^(?:${source})$`);
  return (digits) => expression.test(digits);
}

function orEnd(part: string): string {
  return part === String.raw`\d` || part.startsWith('[') || /^\d$/.test(part) ? `(?:${part}|$)` : part;
}
