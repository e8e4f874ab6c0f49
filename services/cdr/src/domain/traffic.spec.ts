import { describe, expect, it } from '@jest/globals';
import { nanos } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { abandoned, answered, atSec, ended, endedFacts, rated, ratedFacts, ringing, started, theCall } from './call.fixtures.ts';
import { type CallEvent, evolve, untold } from './call.ts';
import { countedOf, differenceOf, ratiosOf } from './traffic.ts';

const events: Record<string, CallEvent> = { S: started, I: ringing, A: answered, E: ended, R: rated, X: abandoned };
const recordOf = (letters: string) => letters.split('').flatMap((letter) => events[letter] ?? []).reduce(evolve, untold(theCall));
const flagOf = (value: boolean | undefined) => (value === true ? 'y' : '-');

describe('what a call adds to the reports', () => {
  it('goes by what was told of it', () => {
    const rows = table<'told' | 'live' | 'answered' | 'effective' | 'abandoned' | 'talk' | 'pdd' | 'sell'>(`
      told  | live | answered | effective | abandoned | talk | pdd | sell
      S     | y    | -        | -         | -         | 0    | -   | 0
      SIA   | y    | -        | -         | -         | 0    | -   | 0
      SX    | -    | -        | -         | y         | 0    | -   | 0
      SAX   | -    | -        | -         | y         | 0    | -   | 0
      E     | -    | y        | y         | -         | 60.7 | -   | 0
      SIAE  | -    | y        | y         | -         | 60.7 | 2   | 0
      SIAER | -    | y        | y         | -         | 60.7 | 2   | 13200000
      XER   | -    | y        | y         | -         | 60.7 | -   | 13200000
      R     | -    | y        | y         | -         | 60.7 | -   | 13200000
    `);
    for (const row of rows) {
      const found = countedOf(recordOf(row.told));
      expect({
        told: row.told, live: flagOf(found?.isLive), answered: flagOf(found?.isAnswered), effective: flagOf(found?.isEffective), abandoned: flagOf(found?.isAbandoned),
        talk: `${(found?.talkUs ?? 0) / 1_000_000}`, pdd: typeof found?.pddUs === 'number' ? `${found.pddUs / 1_000_000}` : '-', sell: `${found?.sellNanos}`,
      }).toEqual(Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === '' ? '-' : value])));
    }
    expect(countedOf(untold(theCall))).toBeUndefined();
  });

  it('is of the carrier that connected it, else of the one that was tried last', () => {
    const attempt = (carrierCode: string) => ({ carrierCode, startedAtUs: endedFacts.startedAtUs, endedAtUs: endedFacts.endedAtUs, q850Cause: 34 });
    const carrierOf = (carrierCode: string, ...tried: string[]) =>
      countedOf(evolve(untold(theCall), { ...ended, type: 'CallEnded', facts: { ...endedFacts, carrierCode, attempts: tried.map(attempt) } }))?.carrierCode;
    expect([carrierOf('alpha', 'beta', 'alpha'), carrierOf('', 'beta', 'gamma'), carrierOf('')]).toEqual(['alpha', 'gamma', '']);
  });

  it('is one more attempt of each carrier that was tried and failed before, effective where the user had done it', () => {
    const attempt = (text: string) => ({ carrierCode: text.slice(0, -3), startedAtUs: endedFacts.startedAtUs, endedAtUs: endedFacts.endedAtUs, q850Cause: Number(text.slice(-2)) });
    const rows = table<'connected' | 'tried' | 'counts' | 'reroutes'>(`
      connected | tried               | counts | reroutes
      B         | A/34 B/16           | B      | A-
      B         | A/17 B/16           | B      | A+
      B         | A/34 A/34 B/16      | B      | A- A-
      B         | B/34 A/34 B/16      | B      | B- A-
      -         | A/34 B/34           | B      | A-
      B         | A/34                | B      | A-
      B         | -                   | B      | -
    `);
    for (const { connected, tried, counts, reroutes } of rows) {
      const attempts = tried === '' ? [] : tried.split(' ').map(attempt);
      const found = countedOf(evolve(untold(theCall), { ...ended, type: 'CallEnded', facts: { ...endedFacts, carrierCode: connected, attempts } }));
      const shown = found?.reroutes.map(({ carrierCode, isEffective }) => `${carrierCode}${isEffective ? '+' : '-'}`).join(' ');
      expect({ connected, tried, counts: found?.carrierCode, reroutes: shown }).toEqual({ connected, tried, counts, reroutes });
    }
  });

  it('has the margin that rating gave it, else what is left in one currency', () => {
    const euros = (thousandths: number, currency = 'EUR') => ({ nanos: nanos(BigInt(thousandths) * 1_000_000n), currency });
    const rows: readonly (readonly [carrier: string, buy: ReturnType<typeof euros> | undefined, margin: ReturnType<typeof euros> | undefined, left: bigint])[] = [
      ['alpha', euros(40), euros(43), 43_000_000n],
      ['alpha', euros(40, 'USD'), euros(61), 61_000_000n],
      ['alpha', euros(40), undefined, 60_000_000n],
      ['alpha', euros(40, 'USD'), undefined, 0n],
      ['alpha', undefined, undefined, 0n],
      ['', undefined, undefined, 100_000_000n],
    ];
    for (const [carrierCode, buy, margin, left] of rows) {
      const told: CallEvent[] = [
        { ...ended, type: 'CallEnded', facts: { ...endedFacts, carrierCode } },
        { ...rated, type: 'CallRated', facts: { ...ratedFacts, carrierCode, sell: euros(100), buy, margin } },
      ];
      expect([carrierCode, buy, countedOf(told.reduce(evolve, untold(theCall)))?.marginNanos]).toEqual([carrierCode, buy, left]);
    }
  });

  it('is effective by what the user did, short by how long was talked', () => {
    const rows = table<'answer' | 'end' | 'cause' | 'effective' | 'short'>(`
      answer | end  | cause | effective | short
      -      | 9    | 17    | y         | -
      -      | 9    | 19    | y         | -
      -      | 9    | 16    | y         | -
      -      | 9    | 34    | -         | -
      -      | 9    | 1     | -         | -
      4      | 13.9 | 16    | y         | y
      4      | 14   | 16    | y         | -
      4      | 14   | 41    | y         | -
    `);
    for (const { answer, end, cause, effective, short } of rows) {
      const facts = { ...endedFacts, answeredAtUs: answer === '' ? (0 as const) : atSec(Number(answer)), endedAtUs: atSec(Number(end)), q850Cause: Number(cause) };
      const found = countedOf(evolve(untold(theCall), { ...ended, type: 'CallEnded', facts }));
      expect({ end, cause, effective: found?.isEffective, short: found?.isShort }).toEqual({ end, cause, effective: effective === 'y', short: short === 'y' });
    }
  });
});

describe('the difference that a call makes', () => {
  it('is nothing where it counts as before, else the old taken and the new added', () => {
    expect(differenceOf(recordOf('SIAER'), recordOf('SIAER'))).toEqual([]);
    expect(differenceOf(recordOf('S'), recordOf('SI'))).toEqual([]);
    expect(differenceOf(untold(theCall), recordOf('S')).map(({ sign, counted }) => [sign, counted.isLive])).toEqual([[1, true]]);
    expect(differenceOf(recordOf('S'), recordOf('SE')).map(({ sign, counted }) => [sign, counted.isLive])).toEqual([[-1, true], [1, false]]);
    expect(differenceOf(recordOf('SE'), recordOf('SER')).map(({ sign, counted }) => [sign, counted.sellNanos])).toEqual([[-1, 0n], [1, ratedFacts.sell?.nanos]]);
  });

  it('adds up to what the call amounts to, whatever the order and the steps', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('S', 'I', 'A', 'E', 'R', 'X'), { minLength: 1, maxLength: 10 }), (letters) => {
      let record = untold(theCall);
      const sums = { calls: 0, live: 0, talkUs: 0, sell: 0n };
      for (const letter of letters) {
        const next = evolve(record, events[letter] ?? started);
        for (const { sign, counted } of differenceOf(record, next)) {
          sums[counted.isLive ? 'live' : 'calls'] += sign;
          sums.talkUs += sign * counted.talkUs;
          sums.sell += BigInt(sign) * counted.sellNanos;
        }
        record = next;
      }
      const now = countedOf(record);
      expect(sums).toEqual({ calls: now?.isLive === false ? 1 : 0, live: now?.isLive === true ? 1 : 0, talkUs: now?.talkUs, sell: now?.sellNanos });
    }));
  });
});

describe('ratios', () => {
  it('are exact to three decimals, and nothing where there is nothing to divide by', () => {
    const sums = { callCount: 3n, attemptCount: 3n, answeredCount: 2n, effectiveCount: 3n, shortCount: 1n, talkUs: 91_000_000n, pddUs: 4_500_000n, pddCount: 2n };
    expect(ratiosOf(sums)).toEqual({ asrPercent: 66.667, nerPercent: 100, acdSec: 45.5, pddMs: 2250, shortPercent: 50 });
    const none = { callCount: 0n, attemptCount: 0n, answeredCount: 0n, effectiveCount: 0n, shortCount: 0n, talkUs: 0n, pddUs: 0n, pddCount: 0n };
    expect(Object.values(ratiosOf(none))).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(ratiosOf({ ...none, callCount: 4n, attemptCount: 4n })).toMatchObject({ asrPercent: 0, acdSec: undefined });
  });
});
