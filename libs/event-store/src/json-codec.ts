import { storedAs } from './sql/stored-as.ts';

/** A string that would be read back as a bigint, or as such a string with the mark; the mark `~` sets it apart. */
const looksEncoded = /^~*-?\d+n$/;
const holdsEncoded = /\dn"/;

/** JSON in which a bigint is the string of its digits and `n`, as a literal is written: `"125000n"`. Loses nothing. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'bigint') return `${item}n`;
    return typeof item === 'string' && looksEncoded.test(item) ? `~${item}` : item;
  });
}

/** The value that encodeJson wrote. */
export function decodeJson<T>(text: string): T {
  const value: unknown = JSON.parse(text);
  return storedAs(holdsEncoded.test(text) ? revived(value) : value);
}

function revived(value: unknown): unknown {
  if (typeof value === 'string') return revivedText(value);
  if (Array.isArray(value)) return value.map((item: unknown) => revived(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, revived(item)]));
}

function revivedText(text: string): string | bigint {
  if (!looksEncoded.test(text)) return text;
  return text.startsWith('~') ? text.slice(1) : BigInt(text.slice(0, -1));
}
