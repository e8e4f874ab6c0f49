import { randomInt } from 'node:crypto';

const half = 100_000_000;

/** So many card ids of 16 random digits, leading zeros and all, each different from the others. */
export function randomCardIds(count: number): string[] {
  const ids = new Set<string>();
  while (ids.size < count) ids.add(`${eightDigits()}${eightDigits()}`);
  return [...ids];
}

function eightDigits(): string {
  return String(randomInt(half)).padStart(8, '0');
}
