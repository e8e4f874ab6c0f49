import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import {
  abandoned,
  answered,
  answeredFacts,
  atSec,
  ended,
  endedFacts,
  permutations,
  rated,
  ratedFacts,
  ringing,
  ringingFacts,
  started,
  startedFacts,
  theCall,
} from './call.fixtures.ts';
import { type CallEvent, type CallRecord, evolve, told, untold } from './call.ts';

function fold(events: readonly CallEvent[]): CallRecord {
  return events.reduce(evolve, untold(theCall));
}

const whole: CallRecord = {
  call: theCall,
  started: startedFacts,
  ringing: ringingFacts,
  answered: answeredFacts,
  ended: endedFacts,
  rated: ratedFacts,
  conflicts: 0,
};

const otherStart: CallEvent = { ...started, type: 'CallStarted', facts: { ...startedFacts, cli: '4315550199' } };
const earlierEnd: CallEvent = { ...ended, type: 'CallEnded', facts: { ...endedFacts, endedAtUs: atSec(60) } };
const laterRinging: CallEvent = { ...ringing, type: 'CallRinging', facts: { ringingAtUs: atSec(3) } };
const otherAnswer: CallEvent = { ...answered, type: 'CallAnswered', facts: { ...answeredFacts, carrierCode: 'C9' } };
const otherRating: CallEvent = { ...rated, type: 'CallRated', facts: { ...ratedFacts, billedSec: 61 } };
const secondRating: CallEvent = { ...rated, type: 'CallRated', facts: { ...ratedFacts, billedSec: 72, revision: 2 } };

describe('evolve', () => {
  it('gives the same record in all 120 orders of the five events', () => {
    const orders = permutations([started, ringing, answered, ended, rated]);
    expect(orders).toHaveLength(120);
    for (const order of orders) expect(fold(order)).toEqual(whole);
  });

  it('takes every subset of the events in any order for the same', () => {
    const all = [started, ringing, answered, ended, rated, abandoned];
    for (let mask = 1; mask < 64; mask += 1) {
      const subset = all.filter((_, at) => (mask >> at) & 1);
      const first = fold(subset);
      for (const order of permutations(subset)) expect(fold(order)).toEqual(first);
    }
  });

  it('changes nothing when the same content comes again, whatever the order of its fields', () => {
    const again: CallEvent = {
      ...ended,
      type: 'CallEnded',
      facts: Object.fromEntries(Object.entries(endedFacts).reverse()) as unknown as typeof endedFacts,
    };
    expect(fold([ended, again, started, started])).toEqual(fold([started, ended]));
  });

  it('keeps the telling with the earlier instant and marks the kind as a conflict', () => {
    for (const order of permutations([started, ended, earlierEnd])) {
      const record = fold(order);
      expect(record.ended?.endedAtUs).toBe(atSec(60));
      expect(record.conflicts).toBe(told.ended);
    }
  });

  it('replaces a rating by its later revision, which is no conflict', () => {
    for (const order of permutations([ended, rated, otherRating, secondRating])) {
      const record = fold(order);
      expect(record.rated?.revision).toBe(2);
      expect(record.conflicts).toBe(0);
    }
  });

  it('marks each kind by its own bit', () => {
    const clashes = table<'kind' | 'bit'>(`
      kind     | bit
      started  | 1
      answered | 2
      ended    | 4
      rated    | 8
      ringing  | 16
    `);
    const pairs = { started: [started, otherStart], answered: [answered, otherAnswer], ended: [ended, earlierEnd], rated: [rated, otherRating], ringing: [ringing, laterRinging] };
    for (const [kind, pair] of Object.entries(pairs)) {
      const bit = clashes.find((row) => row.kind === kind)?.bit;
      expect(fold(pair).conflicts).toBe(Number(bit));
      expect(fold(pair)).toEqual(fold(pair.toReversed()));
    }
  });

  it('is commutative and idempotent for any events, repeated and shuffled at random', () => {
    const pool = [started, otherStart, ringing, laterRinging, abandoned, answered, otherAnswer, ended, earlierEnd, rated, otherRating, secondRating];
    const chosen = fc.uniqueArray(fc.constantFrom(...pool), { minLength: 1 });
    const shuffled = chosen.chain((events) =>
      fc.tuple(
        fc.constant(events),
        fc.array(fc.constantFrom(...events), { maxLength: 12 }).chain((repeats) =>
          fc.shuffledSubarray([...events, ...repeats], { minLength: events.length + repeats.length }),
        ),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([events, repeated]) => {
        expect(fold(repeated)).toEqual(fold(events));
      }),
      { numRuns: 500 },
    );
  });
});
