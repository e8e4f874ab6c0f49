import { hash } from 'node:crypto';

const MS_MAX = 2 ** 48 - 1;

/**
 * The id of an event, made from what it says: the same type, time and parts give the same id wherever and however
 * often they are asked for, so a repeat is recognised by its receipt.
 * A UUID of version 8 (RFC 9562): 48 bits of milliseconds, so that ids sort by time, and 74 bits of SHA-256 over type,
 * microseconds and parts. A time outside 1970 to 10889 still gives an id; it only sorts at the edge.
 */
export function eventIdOf(type: string, timeUs: number, parts: readonly string[]): string {
  const digest = hash('sha256', JSON.stringify([type, timeUs, ...parts]), 'hex');
  const ms = Math.min(Math.max(Math.floor(timeUs / 1000) || 0, 0), MS_MAX);
  const time = ms.toString(16).padStart(12, '0');
  const variant = ((Number.parseInt(digest.slice(3, 4), 16) & 0b0011) | 0b1000).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-8${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}`;
}

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether `text` is a UUID in lower case, the only form in which receipts are kept. */
export function isUuid(text: string): boolean {
  return text.length === 36 && uuidForm.test(text);
}
