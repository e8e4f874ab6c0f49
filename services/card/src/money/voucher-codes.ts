import { createHmac, randomInt } from 'node:crypto';

const codeDigits = 16;

/** Codes that nobody can guess: 16 digits from the system's source of randomness. */
export function randomCodes(count: number): string[] {
  return Array.from({ length: count }, () => Array.from({ length: codeDigits / 4 }, () => String(randomInt(10_000)).padStart(4, '0')).join(''));
}

/** A code without the spaces and hyphens that people put between its digits; null for what is no code. */
export function codeOf(typed: string): string | null {
  const code = typed.replaceAll(/[\s-]/g, '');
  return /^\d{16}$/.test(code) ? code : null;
}

/** What a code is found by: its keyed digest (HMAC-SHA-256, RFC 2104) in hexadecimal. Without the key it cannot be tried. */
export function codeIndex(key: string, code: string): string {
  return createHmac('sha256', key).update(code).digest('hex');
}
