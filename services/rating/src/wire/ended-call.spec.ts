import { describe, expect, it } from '@jest/globals';
import { instantUs } from '@tollwire/core';
import { table } from '@tollwire/testing';
import { callEnded, endedEvent, receivedEvent } from '../spec/calls.ts';
import { instant } from '../spec/decks.ts';
import { aboutCall, receivedCallOf } from './ended-call.ts';

const nowUs = instantUs(Number(instant('2026-06-02T00:00:00')));

describe('receivedCallOf', () => {
  it('reads a call that was answered', () => {
    expect(receivedCallOf(endedEvent({ callId: 'a/b', carrier: 'alpha' }), nowUs)).toMatchObject({
      ok: true,
      value: {
        callKey: 'fs1/a%2Fb/0',
        partyKey: 'card:0001',
        call: { calledNumber: '34650123456', answeredAt: 1_780_315_205_000_000, carrierCode: 'alpha', preRatedSell: undefined },
      },
    });
  });

  it('reads 0 as "did not happen"', () => {
    expect(receivedCallOf(endedEvent({ answeredAfterSec: undefined }), nowUs)).toMatchObject({ value: { call: { answeredAt: undefined } } });
  });

  it.each(table<'tried' | 'connected' | 'answered' | 'failed'>(`
    tried      connected  answered  failed
    a,b        b          yes       a
    b,a,b      b          yes       b,a
    b,b        b          yes       b
    a,b        c          yes       a,b
    a,b        -          no        a,b
    a,b        b          no        a,b
    b          b          yes       -
    -          b          yes       -
  `))('takes of attempts over $tried, connected by $connected (answered: $answered), $failed for failed', ({ tried, connected, answered, failed }) => {
    const call = { tried: tried.split(',').filter(Boolean), carrier: connected, ...(answered === 'yes' ? {} : { answeredAfterSec: undefined }) };
    const read = receivedCallOf(endedEvent(call), nowUs);
    expect(read.ok && (read.value.call.failedAttempts ?? []).map(({ carrierCode }) => carrierCode).join()).toBe(failed);
  });

  const good = callEnded({});
  it.each([
    { fault: 'no call', message: { ...good, call: { switchId: '', callId: 'c1', leg: 0 } }, code: 'field_missing', field: 'call.switchId' },
    { fault: 'no call id', message: { ...good, call: { switchId: 'fs1', callId: '', leg: 0 } }, code: 'field_missing', field: 'call.callId' },
    { fault: 'no party', message: { ...good, charged: {} }, code: 'field_missing', field: 'charged' },
    { fault: 'no start', message: { ...good, startedAtUs: 0n }, code: 'field_missing', field: 'startedAtUs' },
    { fault: 'a start in 1970', message: { ...good, startedAtUs: 5n }, code: 'field_out_of_range', field: 'startedAtUs' },
    { fault: 'an end beyond every clock', message: { ...good, endedAtUs: 2n ** 62n }, code: 'field_out_of_range', field: 'endedAtUs' },
    { fault: 'a negative answer', message: { ...good, answeredAtUs: -1n }, code: 'field_out_of_range', field: 'answeredAtUs' },
    { fault: 'a NUL in a text', message: { ...good, carrierCode: 'al\0pha' }, code: 'field_malformed', field: 'carrierCode' },
    { fault: 'an endless text', message: { ...good, call: { switchId: 'x'.repeat(256), callId: 'c1', leg: 0 } }, code: 'field_malformed', field: 'call.switchId' },
    { fault: 'an end more than a day ahead', message: { ...good, endedAtUs: BigInt(nowUs) + 86_400_000_001n }, code: 'field_out_of_range', field: 'endedAtUs' },
    { fault: 'a leg that no record holds', message: { ...good, call: { switchId: 'fs1', callId: 'c1', leg: 32_768 } }, code: 'field_out_of_range', field: 'call.leg' },
    { fault: 'an absurd leg', message: { ...good, call: { switchId: 'fs1', callId: 'c1', leg: 4_000_000_000 } }, code: 'field_out_of_range', field: 'call.leg' },
    { fault: 'more attempts than any switch makes', message: { ...good, attempts: Array.from({ length: 256 }, () => ({ carrierCode: 'a' })) }, code: 'field_out_of_range', field: 'attempts' },
    { fault: 'a NUL in an attempt', message: { ...good, attempts: [{}, { carrierCode: '\0' }] }, code: 'field_malformed', field: 'attempts[1].carrierCode' },
    { fault: 'an absurd cause', message: { ...good, q850Cause: 4_000_000_000 }, code: 'field_out_of_range', field: 'q850Cause' },
    { fault: 'a price in no currency', message: { ...good, preRatedSell: { nanos: 1n, currency: '€' } }, code: 'currency_malformed', field: 'preRatedSell.currency' },
    { fault: 'a price below zero', message: { ...good, preRatedSell: { nanos: -1n, currency: 'EUR' } }, code: 'amount_malformed', field: 'preRatedSell.nanos' },
  ])('refuses $fault, naming $field', ({ message, code, field }) => {
    const facts = { call: expect.stringMatching(/\/0$|\/\d+$/), party: expect.stringMatching(/^(card|unknown)$/) };
    expect(receivedCallOf(receivedEvent(message), nowUs)).toEqual({ ok: false, refusal: { code, field, facts } });
  });

  it('says of a call at fault which it is and what kind of party pays, within bounds, and never which party', () => {
    const call = { switchId: 'x'.repeat(100_000), callId: 'c1', leg: 0 };
    expect(receivedCallOf(receivedEvent({ ...good, call }), nowUs)).toMatchObject({ refusal: { facts: { call: 'x'.repeat(2_000), party: 'card' } } });
    expect(aboutCall('fs1/c1/0', 'account:a:b')).toEqual({ call: 'fs1/c1/0', party: 'account' });
  });

  it('takes what is just within the limits', () => {
    const startedAtUs = BigInt(nowUs) + 86_400_000_000n;
    const message = { ...good, startedAtUs, answeredAtUs: 0n, endedAtUs: startedAtUs, call: { switchId: 'fs1', callId: 'c1', leg: 32_767 } };
    expect(receivedCallOf(receivedEvent(message), nowUs)).toMatchObject({ ok: true });
  });

  it('refuses bytes that are no CallEnded', () => {
    expect(receivedCallOf({ ...endedEvent({}), dataBytes: Uint8Array.of(255) }, nowUs)).toMatchObject({ refusal: { code: 'message_malformed' } });
  });
});
