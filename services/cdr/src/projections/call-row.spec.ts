import { describe, expect, it } from '@jest/globals';
import { nanos } from '@tollwire/telecom';
import fc from 'fast-check';
import { abandoned, answered, answeredFacts, atSec, ended, endedFacts, permutations, rated, ratedFacts, ringing, started, startedFacts, theCall } from '../domain/call.fixtures.ts';
import { type CallEvent, evolve, untold } from '../domain/call.ts';
import { recordOf } from './call-of-row.ts';
import { type CallRow, rowOf } from './call-row.ts';

/** As the row comes back from PostgreSQL: JSON columns went through JSON. */
function stored(row: CallRow): CallRow {
  const { attempts, underlay } = row;
  return { ...row, attempts: JSON.parse(JSON.stringify(attempts)), underlay: JSON.parse(JSON.stringify(underlay)) };
}

const otherStart: CallEvent = { ...started, type: 'CallStarted', facts: { ...startedFacts, channel: 'sofia/other' } };
const laterAnswer: CallEvent = { ...answered, type: 'CallAnswered', facts: { ...answeredFacts, answeredAtUs: atSec(9) } };
const preRatedEnd: CallEvent = {
  ...ended,
  type: 'CallEnded',
  facts: { ...endedFacts, attempts: [], answeredAtUs: 0, preRatedSell: { nanos: nanos(500_000_000n), currency: 'USD' } },
};
const secondRating: CallEvent = {
  ...rated,
  type: 'CallRated',
  facts: { ...ratedFacts, revision: 2, q850Cause: 31, sell: undefined, buy: undefined, margin: undefined, buyRefusal: 'no_buy_rate', preRated: true },
};

describe('rowOf and recordOf', () => {
  it('keep every record exactly, whatever was told in whatever order', () => {
    const pool = [started, ringing, abandoned, otherStart, answered, laterAnswer, ended, preRatedEnd, rated, secondRating];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pool), { minLength: 1, maxLength: 10 }), (events) => {
        const record = events.reduce(evolve, untold(theCall));
        expect(recordOf(theCall, stored(rowOf(record)))).toEqual(record);
      }),
      { numRuns: 500 },
    );
  });

  it('give the same record when it is stored after every event', () => {
    for (const order of permutations([otherStart, laterAnswer, ended, rated])) {
      const throughRows = order.reduce(
        (record, event) => recordOf(theCall, stored(rowOf(evolve(record, event)))),
        untold(theCall),
      );
      expect(throughRows).toEqual(order.reduce(evolve, untold(theCall)));
    }
  });

  it('write nothing twice for a call whose tellings agree', () => {
    const row = rowOf([started, answered, ended, rated].reduce(evolve, untold(theCall)));
    expect(row.underlay).toBeNull();
    expect(row).toMatchObject({ status: 'closed', told: 15, terminatecause: 'NORMAL_CLEARING', pulsetime: 66, stopdelay: 2 });
  });

  it('keep what the start said otherwise', () => {
    const row = rowOf([otherStart, ended].reduce(evolve, untold(theCall)));
    expect(row.channel).toBe(endedFacts.channel);
    expect(row.underlay?.started?.channel).toBe('sofia/other');
  });

  it('name a cause that is in no table by its number, and none before the end', () => {
    const odd: CallEvent = { ...ended, type: 'CallEnded', facts: { ...endedFacts, q850Cause: 199 } };
    expect(rowOf(evolve(untold(theCall), odd)).terminatecause).toBe('CAUSE_199');
    expect(rowOf(evolve(untold(theCall), started)).terminatecause).toBeNull();
  });
});
