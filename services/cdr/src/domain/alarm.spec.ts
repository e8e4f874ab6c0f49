import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { instant } from '@tollwire/testing';
import { baselineSpan, lastPeriod, periodsIn, type Span } from './alarm-period.ts';
import { alarmConditions, alarmTypes, isToldAfter, type Measured, measureOf, needsBaseline, percentageDifference, verdictOf } from './alarm.ts';

const milli = (text: string) => (text === '' ? undefined : BigInt(Math.round(Number(text) * 1000)));
const oneOf = <T extends string>(all: readonly T[], text: string): T => {
  const found = all.find((each) => each === text);
  if (found === undefined) throw new Error(`${text} is one of ${all.join(', ')}`);
  return found;
};
const nothing: Measured = { callCount: 0n, attemptCount: 0n, answeredCount: 0n, shortCount: 0n, talkUs: 0n, buyNanos: 0n, marginNanos: 0n, longestRun: undefined, periods: 1n };

describe('the verdict of an alarm', () => {
  it('is as documented, also at the threshold', () => {
    const rows = table<'case' | 'type' | 'condition' | 'value' | 'measured' | 'baseline' | 'verdict'>(`
      case     | type    | condition                        | value | measured | baseline | verdict
      ALARM-01 | ALOC    | less_than                        | 60    | 45       | -        | fired
      -        | ALOC    | less_than                        | 60    | 60       | -        | quiet
      -        | ALOC    | less_than                        | 60    | 61       | -        | quiet
      ALARM-02 | ASR     | greater_than                     | 90    | 95       | -        | fired
      -        | ASR     | greater_than                     | 90    | 90       | -        | quiet
      ALARM-04 | ASR     | percentage_decrease_by_more_than | 22.22 | 80       | 100      | fired
      ALARM-04 | ASR     | percentage_decrease_by_more_than | 22.23 | 80       | 100      | quiet
      -        | ASR     | percentage_decrease_by_more_than | 1     | 100      | 80       | quiet
      -        | ASR     | percentage_increase_by_more_than | 22    | 100      | 80       | fired
      -        | ASR     | percentage_increase_by_more_than | 1     | 0        | 0        | no_data
      -        | ASR     | decrease_by_more_than            | 20    | 80       | 100      | quiet
      -        | ASR     | decrease_by_more_than            | 19.9  | 80       | 100      | fired
      -        | TRAFFIC | increase_by_more_than            | 100   | 350      | 200      | fired
      -        | TRAFFIC | increase_by_more_than            | 100   | 350      | -        | no_data
      -        | MARGIN  | less_than                        | 0     | -0.001   | -        | fired
      ALARM-06 | CIC     | less_than                        | 5     | 5        | -        | fired
      -        | CIC     | greater_than                     | 5     | 4        | -        | quiet
      ALARM-07 | ALOC    | less_than                        | 60    | -        | -        | no_data
      ALARM-07 | ALOC    | greater_than                     | 60    | -        | 60       | no_data
    `);
    for (const { case: name, type, condition, value, measured, baseline, verdict } of rows) {
      const rule = { type: oneOf(alarmTypes, type), condition: oneOf(alarmConditions, condition), threshold: milli(value) ?? 0n };
      expect({ name, condition, verdict: verdictOf(rule, milli(measured), milli(baseline)) }).toEqual({ name, condition, verdict });
    }
    expect(needsBaseline({ type: 'CIC', condition: 'increase_by_more_than' })).toBe(false);
    expect(needsBaseline({ type: 'ASR', condition: 'increase_by_more_than' })).toBe(true);
  });

  it('ALARM-04: takes the percentage difference, by the mean of both', () => {
    expect(percentageDifference(100_000n, 80_000n)).toBe(22_222n);
    expect(percentageDifference(80_000n, 100_000n)).toBe(22_222n);
    expect(percentageDifference(0n, 5n)).toBe(200_000n);
    expect(percentageDifference(0n, 0n)).toBeUndefined();
  });
});

describe('a measure', () => {
  const hour: Measured = { ...nothing, callCount: 40n, attemptCount: 40n, answeredCount: 30n, shortCount: 6n, talkUs: 1_350_000_000n, buyNanos: 1_234_500_000n, marginNanos: -500_500_000n,
    longestRun: { carrierCode: 'T1', length: 5 } };

  it('is exact to a thousandth', () => {
    const rows = table<'type' | 'measure'>(`
      type    | measure
      ALOC    | 45
      ASR     | 75
      CIC     | 5
      COST    | 1.235
      MARGIN  | -0.501
      SHORT   | 20
      TRAFFIC | 40
    `);
    for (const { type, measure } of rows) expect({ type, measure: measureOf(oneOf(alarmTypes, type), hour, 1) }).toEqual({ type, measure: milli(measure) });
    expect(measureOf('TRAFFIC', { ...hour, periods: 7n }, 0)).toBe(5_714n);
    expect(measureOf('ASR', { ...hour, periods: 7n }, 0)).toBe(75_000n);
  });

  it('ALARM-07: is no data where there is nothing to divide by, or too little was called', () => {
    for (const type of ['ALOC', 'ASR', 'SHORT', 'CIC'] as const) expect(measureOf(type, nothing, 0)).toBeUndefined();
    for (const type of alarmTypes) expect(measureOf(type, nothing, 1)).toBeUndefined();
    for (const type of alarmTypes) expect(measureOf(type, hour, 41)).toBeUndefined();
    // A carrier that is always tried first, and never connects, has no calls of its own.
    const onlyTried = { ...hour, callCount: 0n, answeredCount: 0n };
    expect(alarmTypes.map((type) => [type, measureOf(type, onlyTried, 40)]).filter(([, measure]) => measure !== undefined)).toEqual([['ASR', 0n], ['CIC', 5_000n]]);
    expect(measureOf('TRAFFIC', nothing, 0)).toBe(0n);
    expect(measureOf('ALOC', { ...hour, answeredCount: 0n }, 1)).toBeUndefined();
  });
});

describe('a throttle', () => {
  it('goes by the ends of periods: of hours in a row that fire', () => {
    const rows = table<'throttle' | 'told'>(`
      throttle | told
      0        | 1 2 3 4 5
      3600     | 1 2 3 4 5
      3601     | 1 3 5
      7200     | 1 3 5
      86400    | 1
    `);
    for (const { throttle, told } of rows) {
      let last: bigint | undefined;
      const hours = [1, 2, 3, 4, 5].filter((hour) => {
        const untilUs = BigInt(hour) * 3_600_000_000n;
        const isTold = isToldAfter(last, untilUs, Number(throttle));
        if (isTold) last = untilUs;
        return isTold;
      });
      expect({ throttle, told: hours.join(' ') }).toEqual({ throttle, told });
    }
  });
});

describe('the time that an alarm is about', () => {
  const us = (text: string) => BigInt(instant(`${text}:00Z`));
  const shown = ({ fromUs, untilUs, periods }: Span) => `${new Date(Number(fromUs / 1000n)).toISOString().slice(0, 16)} ${new Date(Number(untilUs / 1000n)).toISOString().slice(0, 16)} ${periods}`;

  it('is the last whole period, and what that is compared with', () => {
    const rows = table<'period' | 'span' | 'yesterday' | 'weekday' | 'rolling'>(`
      period | span                                | yesterday                           | weekday                             | rolling
      hour   | 2026-03-01T11:00 2026-03-01T12:00 1 | 2026-02-28T11:00 2026-02-28T12:00 1 | 2026-02-22T11:00 2026-02-22T12:00 1 | 2026-02-28T11:00 2026-03-01T11:00 24
      day    | 2026-02-28T00:00 2026-03-01T00:00 1 | 2026-02-27T00:00 2026-02-28T00:00 1 | 2026-02-21T00:00 2026-02-22T00:00 1 | 2026-02-21T00:00 2026-02-28T00:00 7
      week   | 2026-02-16T00:00 2026-02-23T00:00 1 | 2026-02-09T00:00 2026-02-16T00:00 1 | 2026-02-09T00:00 2026-02-16T00:00 1 | 2026-01-19T00:00 2026-02-16T00:00 4
      month  | 2026-02-01T00:00 2026-03-01T00:00 1 | 2026-01-01T00:00 2026-02-01T00:00 1 | 2026-01-01T00:00 2026-02-01T00:00 1 | 2025-11-01T00:00 2026-02-01T00:00 3
    `);
    for (const row of rows) {
      const period = oneOf(['hour', 'day', 'week', 'month'] as const, row.period);
      const span = lastPeriod(period, us('2026-03-01T12:59'));
      const compared = (addOn: 'same_day' | 'same_day_in_pre_week' | 'rolling') => shown(baselineSpan(period, addOn, span));
      expect({ period, span: shown(span), yesterday: compared('same_day'), weekday: compared('same_day_in_pre_week'), rolling: compared('rolling') }).toEqual(row);
    }
  });

  it('is every whole period of a time', () => {
    expect(periodsIn('day', us('2026-02-27T01:00'), us('2026-03-02T23:00'), 99).map(shown)).toEqual([
      '2026-02-28T00:00 2026-03-01T00:00 1', '2026-03-01T00:00 2026-03-02T00:00 1',
    ]);
    expect(periodsIn('month', us('2024-01-01T00:00'), us('2024-12-31T00:00'), 99)).toHaveLength(11);
    expect(periodsIn('hour', us('2024-01-01T00:00'), us('2024-12-31T00:00'), 7)).toHaveLength(7);
  });
});
