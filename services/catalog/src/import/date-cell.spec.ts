import { describe, expect, it } from '@jest/globals';
import { present } from '@tollwire/core';
import { localClockOf } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import { type DateOrder, dateReader, serialFrom1900Ms, serialFrom1904Ms } from './date-cell.ts';

const orders = { iso: 'iso', dmy: 'dmy', mdy: 'mdy' } as const;

function read(text: string, order: DateOrder, zone = 'UTC', serialFromMs: number | null = null): string {
  const us = dateReader({ order, clock: present(localClockOf(zone), zone), serialFromMs })(text);
  if (us === Infinity) return 'far away';
  return us === undefined ? 'no date' : new Date(us / 1000).toISOString().replace('T00:00:00.000Z', '').replace('.000Z', '');
}

describe('a date of a rate deck', () => {
  it.each(table(`
    text                      | order | zone           | instant
    2024-07-01                | iso   | UTC            | 2024-07-01
    2024-7-1                  | iso   | UTC            | 2024-07-01
    2024/07/01                | iso   | UTC            | 2024-07-01
    2024-07-01                | dmy   | UTC            | 2024-07-01
    2024-07-01 12:30          | iso   | UTC            | 2024-07-01T12:30:00
    2024-07-01T12:30:15       | iso   | UTC            | 2024-07-01T12:30:15
    2024-07-01T12:30:00+02:00 | iso   | UTC            | 2024-07-01T10:30:00
    2024-07-01T12:30:00-0530  | iso   | UTC            | 2024-07-01T18:00:00
    2024-07-01T12:30:00Z      | iso   | Europe/Vienna  | 2024-07-01T12:30:00
    2024-07-01                | iso   | Europe/Vienna  | 2024-06-30T22:00:00
    2024-01-01                | iso   | Europe/Vienna  | 2023-12-31T23:00:00
    31.12.2026                | dmy   | UTC            | 2026-12-31
    31/12/2026 23:59:59       | dmy   | UTC            | 2026-12-31T23:59:59
    12/31/2026                | mdy   | UTC            | 2026-12-31
    01/02/2026                | mdy   | UTC            | 2026-01-02
    01/02/2026                | dmy   | UTC            | 2026-02-01
    31-Dec-2026               | iso   | UTC            | 2026-12-31
    1 January 2027            | iso   | UTC            | 2027-01-01
    01/02/2026                | iso   | UTC            | no date
    31/12/2026                | mdy   | UTC            | no date
    12/31/2026                | dmy   | UTC            | no date
    31.12.26                  | dmy   | UTC            | no date
    31.12/2026                | dmy   | UTC            | no date
    2024-02-30                | iso   | UTC            | no date
    2023-02-29                | iso   | UTC            | no date
    2024-13-01                | iso   | UTC            | no date
    2024-00-01                | iso   | UTC            | no date
    32-Dec-2026               | iso   | UTC            | no date
    1-Foo-2026                | iso   | UTC            | no date
    2024-07-01 25:00          | iso   | UTC            | no date
    2024-07-01 soon           | iso   | UTC            | no date
    1969-12-31                | iso   | UTC            | no date
    9999-12-31                | iso   | UTC            | far away
    31/12/9999                | dmy   | UTC            | far away
    9999-02-30                | iso   | UTC            | no date
    46000                     | iso   | UTC            | no date
    today                     | iso   | UTC            | no date
  `))('$text, $order, in $zone', ({ text = '', order, zone, instant }) => {
    expect(read(text, orders[order as keyof typeof orders], zone)).toBe(instant);
  });

  it.each(table(`
    serial    | from | zone          | instant
    46022     | 1900 | UTC           | 2025-12-31
    46022.5   | 1900 | UTC           | 2025-12-31T12:00:00
    46022     | 1900 | Europe/Vienna | 2025-12-30T23:00:00
    44560     | 1904 | UTC           | 2025-12-31
    45658.999988425927 | 1900 | UTC  | 2025-01-01T23:59:59
    1         | 1900 | UTC           | no date
    9999999   | 1900 | UTC           | no date
    2025-12-31 | 1900 | UTC          | 2025-12-31
  `))('$serial of a spreadsheet that counts from $from', ({ serial = '', from, zone, instant }) => {
    expect(read(serial, 'iso', zone, from === '1904' ? serialFrom1904Ms : serialFrom1900Ms)).toBe(instant);
  });
});
