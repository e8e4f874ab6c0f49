import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import {
  answered,
  atSec,
  ended,
  endedFacts,
  permutations,
  rated,
  ratedFacts,
  started,
  startedFacts,
  theCall,
} from './call.fixtures.ts';
import { type CallEvent, evolve, untold } from './call.ts';
import { cdrOf, closedAtUs, closedOf } from './cdr.ts';

const events: Record<string, CallEvent> = { S: started, A: answered, E: ended, R: rated };

function recordOf(...told: CallEvent[]) {
  return told.reduce(evolve, untold(theCall));
}

describe('cdrOf', () => {
  it('names status and flags by what was told', () => {
    const rows = table<'told' | 'status' | 'flags'>(`
      told | status   | flags
      S    | started  | -
      A    | answered | no_start
      SA   | answered | -
      E    | ended    | no_start
      SE   | ended    | -
      SAE  | ended    | -
      R    | ended    | no_start,no_end
      SR   | ended    | no_end
      SAR  | ended    | no_end
      ER   | closed   | no_start
      AER  | closed   | no_start
      SER  | closed   | -
      SAER | closed   | -
    `);
    for (const { told, status, flags } of rows) {
      const letters = told.split('');
      const cdr = cdrOf(recordOf(...letters.flatMap((letter) => events[letter] ?? [])));
      expect({ told, status: cdr.status, flags: cdr.flags.join(',') }).toEqual({ told, status, flags });
    }
  });

  it('lets the end win wholly over the start', () => {
    const other: CallEvent = { ...started, type: 'CallStarted', facts: { ...startedFacts, cli: '1', channel: 'x', startedAtUs: atSec(1) } };
    for (const record of [recordOf(other, ended), recordOf(ended, other)]) {
      expect(cdrOf(record)).toMatchObject({ cli: endedFacts.cli, channel: endedFacts.channel, startedAtUs: atSec(0) });
    }
  });

  it('shows a conflict', () => {
    const other: CallEvent = { ...ended, type: 'CallEnded', facts: { ...endedFacts, q850Cause: 31 } };
    expect(cdrOf(recordOf(started, ended, other)).flags).toEqual(['conflict']);
  });

  it('flags an answer that the end does not know of, in whatever order they come', () => {
    const unanswered: CallEvent = { ...ended, type: 'CallEnded', facts: { ...endedFacts, answeredAtUs: 0 } };
    for (const order of permutations([started, answered, unanswered])) {
      expect(cdrOf(recordOf(...order))).toMatchObject({ flags: ['answer_contradicted'], answeredAtUs: 0 });
    }
    expect(cdrOf(recordOf(started, unanswered)).flags).toEqual([]);
  });

  it('lets the answer stand for a start that nobody told', () => {
    expect(cdrOf(recordOf(answered))).toMatchObject({ startedAtUs: atSec(4.5), answeredAtUs: atSec(4.5), carrierCode: 'C1' });
  });

  it('measures the stop delay from the release of the connected carrier', () => {
    const unanswered: CallEvent = { ...ended, type: 'CallEnded', facts: { ...endedFacts, answeredAtUs: 0 } };
    const untried: CallEvent = { ...ended, type: 'CallEnded', facts: { ...endedFacts, attempts: [] } };
    expect(cdrOf(recordOf(ended)).stopDelaySec).toBe(2);
    expect(cdrOf(recordOf(unanswered)).stopDelaySec).toBe(0);
    expect(cdrOf(recordOf(untried)).stopDelaySec).toBe(0);
  });

  it('fails on a record of which nothing was told', () => {
    expect(() => cdrOf(untold(theCall))).toThrow('an event of the call');
  });
});

describe('closedOf', () => {
  it('needs an end and a rating', () => {
    expect(closedOf(recordOf(started, ended))).toBeUndefined();
    expect(closedOf(recordOf(rated))).toBeUndefined();
    expect(closedOf(recordOf(rated, ended))).toEqual({ ended: endedFacts, rated: ratedFacts });
  });

  it('closes at the later of the two instants', () => {
    expect(closedAtUs({ ended: endedFacts, rated: ratedFacts })).toBe(atSec(65.9));
    expect(closedAtUs({ ended: endedFacts, rated: { ...ratedFacts, ratedAtUs: atSec(1) } })).toBe(atSec(65.2));
  });
});
