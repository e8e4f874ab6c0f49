import { describe, expect, it } from '@jest/globals';
import { instantUs } from '@tollwire/core';
import { nanos } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { answered, atSec, ended, endedFacts, rated, ratedFacts, started, startedFacts, theCall } from './call.fixtures.ts';
import type { CallEvent } from './call.ts';
import { implausible } from './plausible.ts';

const nowUs = atSec(3600);

function endedAt(startSec: number, answerSec: number | undefined, endSec: number): CallEvent {
  const answeredAtUs = answerSec === undefined ? 0 : atSec(answerSec);
  return { ...ended, type: 'CallEnded', facts: { ...endedFacts, startedAtUs: atSec(startSec), answeredAtUs, endedAtUs: atSec(endSec) } };
}

describe('implausible', () => {
  it('believes the events of a real call', () => {
    for (const event of [started, answered, ended, rated]) expect(implausible(event, nowUs)).toBeUndefined();
  });

  it('judges the times of an end', () => {
    const rows = table<'start' | 'answer' | 'end' | 'code' | 'field'>(`
      start   | answer | end    | code               | field
      0       | 4      | 65     | -                  | -
      0       | -      | 0      | -                  | -
      0       | 0      | 0      | -                  | -
      0       | 4      | 3      | times_out_of_order | endedAtUs
      0       | -      | -0.5   | times_out_of_order | endedAtUs
      4       | 3      | 65     | times_out_of_order | answeredAtUs
      -604800 | -      | 0      | -                  | -
      -604801 | -      | 0      | duration_malformed | endedAtUs
      0       | 4      | 89999  | -                  | -
      0       | 4      | 90001  | field_out_of_range | endedAtUs
    `);
    for (const { start, answer, end, code, field } of rows) {
      const found = implausible(endedAt(Number(start), answer === '' ? undefined : Number(answer), Number(end)), nowUs);
      expect({ start, end, code: found?.code ?? '', field: found?.field ?? '' }).toEqual({ start, end, code, field });
    }
  });

  it('parks a clock that was never set, and an instant that is missing', () => {
    const at = (us: number): CallEvent => ({ ...started, type: 'CallStarted', facts: { ...startedFacts, startedAtUs: instantUs(us) } });
    expect(implausible(at(86_400_000_000), nowUs)).toMatchObject({ code: 'field_out_of_range', field: 'startedAtUs' });
    expect(implausible(at(-5), nowUs)).toMatchObject({ code: 'field_out_of_range' });
    expect(implausible(at(0), nowUs)).toEqual({ code: 'field_missing', field: 'startedAtUs' });
  });

  it('names the field that cannot be stored', () => {
    const of = (facts: object, call = {}) =>
      implausible({ type: 'CallRated', call: { ...theCall, ...call }, facts: { ...ratedFacts, ...facts } }, nowUs);
    expect(of({}, { callId: '' })).toEqual({ code: 'field_missing', field: 'call.callId' });
    expect(of({}, { switchId: '' })).toEqual({ code: 'field_missing', field: 'call.switchId' });
    expect(of({}, { leg: 40_000 })).toMatchObject({ code: 'field_out_of_range', field: 'call.leg' });
    expect(of({}, { callId: 'a\0b' })).toEqual({ code: 'field_malformed', field: 'call.callId' });
    expect(of({ carrierCode: 'x'.repeat(256) })).toEqual({ code: 'field_malformed', field: 'carrierCode' });
    const attempts = [{ carrierCode: 'C1\0', startedAtUs: atSec(0), endedAtUs: atSec(1), q850Cause: 16 }];
    const end: CallEvent = { ...ended, type: 'CallEnded', facts: { ...endedFacts, attempts } };
    expect(implausible(end, nowUs)).toEqual({ code: 'field_malformed', field: 'attempts.carrierCode' });
    expect(of({ billedSec: 4_294_967_295 })).toMatchObject({ code: 'field_out_of_range', field: 'billedSec' });
  });

  it('names the currency that cannot be stored, of every price that an event may hold', () => {
    for (const currency of ['EU\0', 'E'.repeat(256)]) {
      const price = { nanos: nanos(1n), currency };
      const end: CallEvent = { ...ended, type: 'CallEnded', facts: { ...endedFacts, preRatedSell: price } };
      expect(implausible(end, nowUs)).toEqual({ code: 'field_malformed', field: 'preRatedSell.currency' });
      for (const side of ['sell', 'buy']) {
        const rating: CallEvent = { type: 'CallRated', call: theCall, facts: { ...ratedFacts, [side]: price } };
        expect(implausible(rating, nowUs)).toEqual({ code: 'field_malformed', field: `${side}.currency` });
      }
    }
    expect(implausible({ type: 'CallRated', call: theCall, facts: { ...ratedFacts, sell: undefined, buy: undefined } }, nowUs)).toBeUndefined();
  });

  it('never believes an end before its start', () => {
    const seconds = fc.integer({ min: -1_000_000, max: 86_000 });
    fc.assert(
      fc.property(seconds, seconds, (start, end) => {
        const believed = implausible(endedAt(start, undefined, end), nowUs) === undefined;
        expect(believed).toBe(end >= start && end - start <= 7 * 86_400);
      }),
    );
  });
});
