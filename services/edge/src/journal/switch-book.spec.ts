import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { CallAnsweredSchema, CallEndedSchema, CallRingingSchema, CallStartedSchema, ListSwitchesReplySchema } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import { table, testClock } from '@tollwire/testing';
import { asJournalled, strangerIn, SwitchBook, withoutPrefix } from './switch-book.ts';

const call = { switchId: 'pbx', callId: '1' };
const ahead = { clocks: new Map([['pbx', { zone: undefined, skewUs: 1_500_000n }]]), refusesOthers: true, removedPrefixes: ['9#', '9'] };

describe('the clock of a switch', () => {
  it('is set back in all that it tells, and what is not told stays untold', () => {
    expect(asJournalled(create(CallStartedSchema, { call, startedAtUs: 10_000_000n }), ahead).startedAtUs).toBe(8_500_000n);
    expect(asJournalled(create(CallRingingSchema, { call, ringingAtUs: 10_000_000n }), ahead).ringingAtUs).toBe(8_500_000n);
    expect(asJournalled(create(CallAnsweredSchema, { call, answeredAtUs: 10_000_000n }), ahead).answeredAtUs).toBe(8_500_000n);
    const attempts = [{ carrierCode: 'N', startedAtUs: 10_000_000n, endedAtUs: 0n }];
    const ended = asJournalled(create(CallEndedSchema, { call, startedAtUs: 10_000_000n, endedAtUs: 20_000_000n, attempts }), ahead);
    expect(ended).toMatchObject({ startedAtUs: 8_500_000n, answeredAtUs: 0n, endedAtUs: 18_500_000n, attempts: [{ startedAtUs: 8_500_000n, endedAtUs: 0n }] });
    expect(asJournalled(create(CallStartedSchema, { call: { ...call, switchId: 'other' }, startedAtUs: 10_000_000n }), ahead).startedAtUs).toBe(10_000_000n);
  });

  it('of a switch that nobody registered is none, where that is refused', () => {
    expect(strangerIn(ahead, 'pbx')).toBeUndefined();
    expect(strangerIn(ahead, 'other')).toMatchObject({ code: 'unknown_switch', field: 'switchId' });
    expect(strangerIn({ ...ahead, refusesOthers: false }, 'other')).toBeUndefined();
  });
});

describe('what is taken off a number', () => {
  it('is the longest prefix, once, where something is left to dial', () => {
    const rows = table(`
      dialled        | looked up
      9#436641234567 | 436641234567
      9436641234567  | 436641234567
      99436641234567 | 9436641234567
      436641234567   | 436641234567
      9#             | 9#
      9#*            | 9#*
      9              | 9
    `);
    for (const row of rows) expect({ ...row, 'looked up': withoutPrefix(row.dialled ?? '', { removedPrefixes: ['9#', '9'] }) }).toEqual(row);
    expect(withoutPrefix(' 9#4366', { removedPrefixes: [] })).toBe(' 9#4366');
    const told = asJournalled(create(CallStartedSchema, { call, calledNumber: '9#4366', startedAtUs: 10_000_000n }), ahead);
    expect(told.calledNumber).toBe('4366');
    expect(asJournalled(create(CallEndedSchema, { call, calledNumber: '94366', endedAtUs: 10_000_000n }), ahead).calledNumber).toBe('4366');
  });
});

describe('the book of switches', () => {
  it('asks first, then at most each five seconds, and keeps what it knows while nobody answers', async () => {
    const clock = testClock('2026-03-14T12:00:00Z');
    let asked = 0;
    let isAway = true;
    const listSwitches = () => {
      asked += 1;
      return Promise.resolve(isAway ? refuse({ code: 'service_unavailable' as const }) : ok(create(ListSwitchesReplySchema, { switches: [{ name: 'pbx', zone: 'Europe/Vienna', skewMs: asked }] })));
    };
    const book = new SwitchBook({ cdr: { listSwitches }, clock, refusesUnknown: true });
    expect((await book.known()).refusesOthers).toBe(false);
    isAway = false;
    clock.advanceSec(5);
    await book.known();
    const skew = async () => (await book.known()).clocks.get('pbx')?.skewUs;
    await Promise.resolve();
    expect([await skew(), await skew(), (await book.known()).refusesOthers, asked]).toEqual([2_000n, 2_000n, true, 2]);
    isAway = true;
    clock.advanceSec(6);
    await book.known();
    expect([await skew(), asked]).toEqual([2_000n, 3]);
    isAway = false;
    book.forget();
    expect([await skew(), asked]).toEqual([4_000n, 4]);
    expect((await book.known()).clocks.get('pbx')?.zone?.utcMsOf(Date.parse('2026-07-01T12:00:00Z'))).toBe(Date.parse('2026-07-01T10:00:00Z'));
  });
});
