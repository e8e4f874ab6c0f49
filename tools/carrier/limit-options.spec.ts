import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { limitBody } from './limit-options.ts';

describe('the limits of a carrier on the command line', () => {
  it('are what was said, and nothing else', () => {
    expect(limitBody({})).toEqual({});
    expect(limitBody({ 'codecs': 'PCMA, opus', 'attestation-min': 'B', 'accounts-only': 'acme', 'accounts-not': 'evil' })).toEqual({
      codecs: ['PCMA', 'opus'], attestationMin: 'B', accountsOnly: ['acme'], accountsNot: ['evil'],
    });
    expect(limitBody({ concurrent: '30', 'per-sec': '10', 'asr-min': '37.5%', 'acd-min': '40', 'pdd-max': '6000', 'attempts-min': '50', 'lock-sec': '600', 'time-zone': 'Europe/Madrid' })).toEqual({
      concurrentCallsMax: 30, callsPerSecMax: 10, asrPpmMin: 375_000, acdSecMin: 40, pddMsMax: 6000, attemptCountMin: 50, lockSec: 600, timeZone: 'Europe/Madrid',
    });
  });

  it.each(table(`
    hours                    | weekdays    | from  | until
    08:00-20:00              | -           | 08:00 | 20:00
    mon-fri 08:00-20:00      | 1 2 3 4 5   | 08:00 | 20:00
    sat,sun 20:00-06:00      | 6 7         | 20:00 | 06:00
    mon-wed,Sun 00:00-24:00  | 1 2 3 7     | 00:00 | 24:00
  `))('read $hours', ({ hours = '', weekdays = '', from, until }) => {
    const days = weekdays === '' ? {} : { weekdays: weekdays.split(' ').map(Number) };
    expect(limitBody({ hours: [hours] })).toEqual({ hours: [{ ...days, from, until }] });
  });

  it.each<[what: string, values: Parameters<typeof limitBody>[0]]>([
    ['a day that is none', { hours: ['funday 08:00-20:00'] }],
    ['days that run backwards', { hours: ['fri-mon 08:00-20:00'] }],
    ['three ends of a range', { hours: ['mon-tue-fri 08:00-20:00'] }],
    ['hours without an end', { hours: ['08:00'] }],
    ['no calls at all', { concurrent: '0' }],
    ['no number', { 'per-sec': 'many' }],
    ['more than everything', { 'asr-min': '101' }],
    ['nothing of it', { 'asr-min': '0' }],
  ])('stop at %s', (_, values) => {
    expect(() => limitBody(values)).toThrow(/^--(hours|concurrent|per-sec|asr-min) /);
  });
});
