import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { oneCall, short, told, type Written } from './document.fixture.ts';

const at = (window: Written, rate: string, more: Written = {}): Written => ({ prefix: '34', rate, window, ...more });
const night = { name: 'night', weekdays: 'Fri', from: '22:00', until: '06:00' };
const peak = { name: 'peak', weekdays: 'Mon-Fri', from: '08:00', until: '20:00' };
const any = { name: 'any' };
const plans: Readonly<Record<string, Written>> = {
  'Friday night': { rates: [at(night, '0.60'), at(any, '1.20')] },
  'Friday night by start': { windowPolicy: 'start', rates: [at(night, '0.60'), at(any, '1.20')] },
  'Friday night by minutes': { connectFee: '0.05', rates: [at(night, '0.60', { increments: '60/60' }), at(any, '1.20', { increments: '60/60' })] },
  'Madrid early': { timeZone: 'Europe/Madrid', rates: [at({ name: 'early', until: '03:00' }, '0.60'), at({ name: 'day', from: '03:00' }, '1.20')] },
  'Madrid second hour': { timeZone: 'Europe/Madrid', rates: [at({ name: 'hour', from: '02:00', until: '03:00' }, '0.60'), at(any, '1.20')] },
  'holiday': { rates: [at({ name: 'holiday', dates: ['2024-12-25', '2025-01-01'], weight: 10 }, '0.06'), at(peak, '0.60'), at(any, '1.20')] },
  'light holiday': { rates: [at({ name: 'holiday', dates: ['2024-12-25'] }, '0.06'), at(peak, '0.60')] },
  'no holiday': { rates: [at(any, '1.20'), at({ name: 'holiday', dates: ['2024-12-25'] }, '0.06')] },
  'heavy by day': { rates: [at({ name: 'heavy', weight: 2 }, '0.06'), at({ name: 'late', from: '12:00', weight: 1 }, '0.60')] },
  'equal weights': { rates: [at({ name: 'from 8', from: '08:00' }, '0.06'), at({ name: 'from 10', from: '10:00' }, '0.60')] },
  'month ends': { rates: [at({ name: 'end', monthDays: [31], months: [1, 12] }, '0.06'), at(any, '0.60')] },
  'year': { rates: [at({ name: 'leap', years: [2024] }, '0.06'), at(any, '0.60')] },
  'Sunday round the clock': { rates: [at({ name: 'sunday', weekdays: [7], from: '06:00', until: '06:00' }, '0.06'), at(any, '0.60')] },
  'over the week': { rates: [at({ name: 'long', weekdays: 'Sat-Mon' }, '0.06'), at(any, '0.60')] },
};

describe('windows', () => {
  it.each(table(`
    plan                     start                       duration | windows     answer
    Friday night             2024-01-19T21:59:59Z        1        | any         1 s 0.02
    Friday night             2024-01-19T22:00:00Z        1        | night       1 s 0.01
    Friday night             2024-01-20T03:00:00Z        1        | night       1 s 0.01
    Friday night             2024-01-20T23:00:00Z        1        | any         1 s 0.02
    Friday night             2024-01-19T03:00:00Z        1        | any         1 s 0.02
    Friday night             2024-01-20T05:59:30Z        60       | night, any  60 s 0.9
    Friday night             2024-01-20T05:59:29.5Z      60       | night, any  60 s 0.89
    Friday night by start    2024-01-20T05:59:30Z        60       | night       60 s 0.6
    Friday night by minutes  2024-01-20T05:59:30Z        60       | night       60 s 0.65
    Friday night by minutes  2024-01-20T05:59:30Z        61       | night, any  120 s 1.85
    Friday night             2024-01-19T21:59:00Z        32400    | any, night, any  32400 s 360
    Madrid early             2024-03-31T00:59:30Z        60       | early, day  60 s 0.9
    Madrid second hour       2024-03-31T00:30:00Z        3600     | any         3600 s 72
    Madrid second hour       2024-10-27T00:59:30Z        60       | hour        60 s 0.6
    Madrid second hour       2024-10-26T23:59:30Z        7260     | any, hour, any  7260 s 73.2
    holiday                  2024-12-25T12:00:00Z        60       | holiday     60 s 0.06
    holiday                  2024-12-26T12:00:00Z        60       | peak        60 s 0.6
    holiday                  2024-12-24T23:59:30Z        60       | any, holiday  60 s 0.63
    holiday                  2025-12-25T12:00:00Z        60       | peak        60 s 0.6
    light holiday            2024-12-25T12:00:00Z        60       | peak        60 s 0.6
    no holiday               2024-12-25T12:00:00Z        60       | any         60 s 1.2
    heavy by day             2024-01-15T13:00:00Z        60       | heavy       60 s 0.06
    equal weights            2024-01-15T09:00:00Z        60       | from 8      60 s 0.06
    equal weights            2024-01-15T11:00:00Z        60       | from 10     60 s 0.6
    month ends               2024-01-31T12:00:00Z        60       | end         60 s 0.06
    month ends               2024-03-31T12:00:00Z        60       | any         60 s 0.6
    year                     2024-12-31T23:59:30Z        60       | leap, any   60 s 0.33
    Sunday round the clock   2024-01-22T05:59:59Z        1        | sunday      1 s 0.001
    Sunday round the clock   2024-01-22T06:00:00Z        1        | any         1 s 0.01
    Sunday round the clock   2024-01-21T05:00:00Z        1        | any         1 s 0.01
    over the week            2024-01-22T12:00:00Z        1        | long        1 s 0.001
    over the week            2024-01-23T12:00:00Z        1        | any         1 s 0.01
  `))('$plan at $start for $duration s', async ({ plan = '', start, duration, windows, answer }) => {
    const priced = await oneCall(plans[plan] ?? {}, { start, durationSec: Number(duration) });
    expect([priced.windows?.join(', '), told(priced)]).toEqual([windows, answer]);
  });

  it('leave a shorter prefix to count where none of the longest holds', async () => {
    const plan = { rates: [at(peak, '0.60', { prefix: '349' }), { prefix: '34', rate: '0.06' }] };
    expect((await oneCall(plan, { start: '2024-01-20T12:00:00Z', durationSec: 60 })).prefix).toBe('34');
    expect((await oneCall(plan, { start: '2024-01-19T12:00:00Z', durationSec: 60 })).prefix).toBe('349');
  });

  it('that are blocked refuse a call which begins in them, and never make one free that began before', async () => {
    const plan = { rates: [at(peak, '0.60'), { prefix: '34', blocked: true, window: { name: 'off' } }] };
    expect(told(await oneCall(plan, { start: '2024-01-19T20:00:00Z', durationSec: 60 }))).toBe('destination_blocked');
    expect(told(await oneCall(plan, { start: '2024-01-19T19:59:30Z', durationSec: 60 }))).toBe('60 s 0.6');
  });

  it('take the connect fee of the rate that the call began by, once', async () => {
    const plan = { rates: [at(peak, '0.60', { connectFee: '0.05' }), at(any, '0.60', { connectFee: '0.30' })] };
    expect(short((await oneCall(plan, { start: '2024-01-19T19:59:30Z', durationSec: 60 })).amount)).toBe('0.65');
  });

  it('go by steps that go on across the bound', async () => {
    const steps = (first: string, then: string) => ({ steps: [{ from: 0, rate: first, increment: 1 }, { from: 60, rate: then, increment: 1 }] });
    const plan = { rates: [{ prefix: '34', window: peak, ...steps('0.60', '0.30') }, { prefix: '34', window: any, ...steps('6', '1.20') }] };
    // 30 s of the first step by day, 30 s of the first by night, 30 s of the second by night.
    expect(told(await oneCall(plan, { start: '2024-01-19T19:59:30Z', durationSec: 90 }))).toBe('90 s 3.9');
  });
});
