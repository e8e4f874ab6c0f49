import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { localClockOf } from './local-clock.ts';

const localMs = (text: string) => Date.parse(`${text.replace(' ', 'T')}Z`);
const utcOf = (name: string, local: string) => {
  const ms = localClockOf(name)?.utcMsOf(localMs(local));
  return ms === undefined ? 'none' : new Date(ms).toISOString().slice(0, 19);
};

describe('a local clock', () => {
  it.each(
    table<'zone' | 'local' | 'utc'>(`
      zone             | local               | utc
      UTC              | 2026-03-01 12:00:00 | 2026-03-01T12:00:00
      +02:00           | 2026-03-01 12:00:00 | 2026-03-01T10:00:00
      -05:30           | 2026-03-01 12:00:00 | 2026-03-01T17:30:00
      Europe/Vienna    | 2026-03-01 12:00:00 | 2026-03-01T11:00:00
      Europe/Vienna    | 2026-07-01 12:00:00 | 2026-07-01T10:00:00
      Asia/Kolkata     | 2026-07-01 00:15:00 | 2026-06-30T18:45:00
      America/New_York | 2026-12-31 23:59:59 | 2027-01-01T04:59:59
      Asia/Kathmandu   | 2026-01-01 00:00:00 | 2025-12-31T18:15:00
    `),
  )('$zone reads $local as $utc', ({ zone, local, utc }) => {
    expect(utcOf(zone, local)).toBe(utc);
  });

  it('reads an hour that comes twice as its first, and one that is skipped as if the clock had not moved', () => {
    const rows = table<'zone' | 'local' | 'utc'>(`
      zone              | local               | utc
      Europe/Vienna     | 2026-03-29 01:59:59 | 2026-03-29T00:59:59
      Europe/Vienna     | 2026-03-29 02:30:00 | 2026-03-29T01:30:00
      Europe/Vienna     | 2026-03-29 03:00:00 | 2026-03-29T01:00:00
      Europe/Vienna     | 2026-10-25 01:59:59 | 2026-10-24T23:59:59
      Europe/Vienna     | 2026-10-25 02:30:00 | 2026-10-25T00:30:00
      Europe/Vienna     | 2026-10-25 03:00:00 | 2026-10-25T02:00:00
      America/Sao_Paulo | 2018-11-04 00:30:00 | 2018-11-04T03:30:00
      Australia/Lord_Howe | 2026-04-05 01:45:00 | 2026-04-04T14:45:00
    `);
    for (const { zone, local, utc } of rows) expect({ zone, local, utc: utcOf(zone, local) }).toEqual({ zone, local, utc });
  });

  it('is none where nobody knows it', () => {
    for (const name of ['', 'Europe/Atlantis', '+25:00', '2', '+2', 'CET+1', '../etc', 'UTC\0']) expect({ name, zone: localClockOf(name) }).toEqual({ name, zone: undefined });
  });

  it('reads each local time that a clock there shows as the instant at which it does', () => {
    const zones = ['Europe/Vienna', 'America/New_York', 'Asia/Tehran', 'Pacific/Apia'].map((timeZone) => ({
      zone: localClockOf(timeZone),
      clock: new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'medium' }),
    }));
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 946_684_800, max: 2_000_000_000 }), ({ zone, clock }, sec) => {
        const shown = clock.format(sec * 1000);
        const read = zone?.utcMsOf(localMs(shown)) ?? 0;
        expect(clock.format(read)).toBe(shown);
        expect(sec * 1000 - read).toBeGreaterThanOrEqual(0);
        expect(sec * 1000 - read).toBeLessThanOrEqual(3_600_000);
      }),
      { numRuns: 200 },
    );
  });
});
