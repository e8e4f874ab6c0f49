import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { usOfWritten, writtenInstantOf } from './local-instant.ts';

describe('a written time', () => {
  it.each(table(`
    written                        zone               | utc
    2024-01-15                     Europe/Vienna      | 2024-01-14T23:00:00.000000
    2024-01-15T08:30               Europe/Vienna      | 2024-01-15T07:30:00.000000
    2024-01-15T08:30:00.25         Europe/Vienna      | 2024-01-15T07:30:00.250000
    2024-01-15T08:30:00.000001Z    Europe/Vienna      | 2024-01-15T08:30:00.000001
    2024-01-15T08:30-05:30         Europe/Vienna      | 2024-01-15T14:00:00.000000
    2024-03-31T02:30:00.000007     Europe/Vienna      | 2024-03-31T01:30:00.000007
    2024-10-27T02:30               Europe/Vienna      | 2024-10-27T00:30:00.000000
    2019-05-21T12:00               Africa/Casablanca  | 2019-05-21T12:00:00.000000
    2031-07-01T12:00               Europe/Vienna      | 2031-07-01T10:00:00.000000
    2024-02-29                     UTC                | 2024-02-29T00:00:00.000000
  `))('$written in $zone is $utc', ({ written = '', zone = '', utc }) => {
    const read = writtenInstantOf(written);
    const us = read === undefined ? NaN : usOfWritten(read, zone);
    expect(`${new Date(Math.floor(us / 1000)).toISOString().slice(0, 23)}${String(us % 1000).padStart(3, '0')}`).toBe(utc);
  });

  it.each(['', '2024', '2023-02-29', '2024-13-01', '2024-04-31', '1969-12-31', '2024-01-15T24:00', '2024-01-15T12:60', '2024-01-15T12:00:60',
    '2024-01-15T12:00+24:00', '2024-01-15T12:00+02', '2024-01-15 12:00', '2024-01-15T12:00:00.1234567'])('%s is none', (written) => {
    expect(writtenInstantOf(written)).toBeUndefined();
  });

  it('needs a zone that there is', () => {
    const read = writtenInstantOf('2024-01-15T12:00');
    expect(() => (read === undefined ? 0 : usOfWritten(read, 'Europe/Atlantis'))).toThrow('there is no time zone Europe/Atlantis');
  });
});
