import { describe, expect, it } from '@jest/globals';
import { create, toBinary } from '@bufbuild/protobuf';
import { CallEndedSchema, type ReceivedEvent } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { instant, table } from '@tollwire/testing';
import fc from 'fast-check';
import { isoOfUs } from '../http/instants.ts';
import { callEvent } from './call-event.schema.ts';
import { nonsenseIn } from './call-event.sense.ts';
import { callMessageOf } from './call-event.wire.ts';
import { publicCallEvent } from './journal.ts';

const nowUs = instant('2026-03-14T12:00:00Z');
const us = (text: string) => (text === '' ? 0n : BigInt(instant(text)));

describe('sense of a call that ended', () => {
  it.each(
    table<'startedAt' | 'answeredAt' | 'endedAt' | 'refusal' | 'field'>(`
      startedAt            | answeredAt           | endedAt              | refusal            | field
      2026-03-14T11:00:00Z | -                    | 2026-03-14T11:00:00Z | -                  | -
      2026-03-14T11:00:00Z | 2026-03-14T11:00:00Z | 2026-03-14T11:00:00Z | -                  | -
      2026-03-14T11:00:00Z | 2026-03-14T11:00:05Z | 2026-03-14T11:01:05Z | -                  | -
      2026-03-07T12:00:00Z | -                    | 2026-03-14T12:00:00Z | -                  | -
      2026-03-07T11:59:59Z | -                    | 2026-03-14T12:00:00Z | duration_malformed | endedAt
      2026-03-15T11:00:00Z | -                    | 2026-03-15T12:00:00Z | -                  | -
      2026-03-15T11:00:00Z | -                    | 2026-03-15T12:00:01Z | field_out_of_range | endedAt
      1999-12-31T23:59:59Z | -                    | 2000-01-01T00:00:00Z | field_out_of_range | startedAt
      2026-03-14T11:00:00Z | 1970-01-02T00:00:00Z | 2026-03-14T11:00:00Z | field_out_of_range | answeredAt
      2026-03-14T11:00:01Z | -                    | 2026-03-14T11:00:00Z | times_out_of_order | endedAt
      2026-03-14T11:00:01Z | 2026-03-14T11:00:00Z | 2026-03-14T11:00:02Z | times_out_of_order | answeredAt
      2026-03-14T11:00:00Z | 2026-03-14T11:00:02Z | 2026-03-14T11:00:01Z | times_out_of_order | endedAt
      -                    | -                    | 2026-03-14T11:00:01Z | field_missing      | startedAt
      2026-03-14T11:00:00Z | -                    | -                    | field_missing      | endedAt
    `),
  )('$startedAt $answeredAt $endedAt: $refusal $field', ({ startedAt, answeredAt, endedAt, refusal, field }) => {
    const call = create(CallEndedSchema, { startedAtUs: us(startedAt), answeredAtUs: us(answeredAt), endedAtUs: us(endedAt) });
    const found = nonsenseIn(call, nowUs);
    expect([found?.code ?? '', found?.field ?? '']).toEqual([refusal, field]);
  });
});

/** Calls as a switch would tell of them, and some that it should not. */
const anyEnded = fc.record(
  {
    type: fc.constant('CallEnded' as const),
    switchId: fc.string({ maxLength: 70 }),
    callId: fc.string({ maxLength: 20 }),
    leg: fc.integer({ min: -1, max: 300 }),
    cardId: fc.stringMatching(/^[0-9a]{0,33}$/),
    cli: fc.string({ minLength: 1, maxLength: 70 }),
    calledNumber: fc.stringMatching(/^\+?[0-9x ]{0,66}$/),
    startedAt: fc.integer({ min: 946_684_800_000_000, max: 4_102_444_799_999_999 }).map(isoOfUs),
    endedAt: fc.integer({ min: 946_684_800_000_000, max: 4_102_444_799_999_999 }).map(isoOfUs),
    q850Cause: fc.integer({ min: -1, max: 1100 }),
    carrierCode: fc.string({ minLength: 1, maxLength: 33 }),
  },
  { requiredKeys: ['type', 'switchId', 'callId', 'cardId', 'calledNumber', 'startedAt', 'endedAt', 'q850Cause'] },
);

describe('the two forms of a call event', () => {
  const receivedOf = (dataBytes: Uint8Array): ReceivedEvent => ({ id: '', type: CallEndedSchema.typeName, source: '', key: '', timeUs: 0, dataBytes });

  it('are taken or refused alike, whatever they hold', () => {
    fc.assert(
      fc.property(anyEnded, (json) => {
        const fromJson = callEvent.safeParse(json);
        const { switchId, callId, leg = 0, cardId, startedAt, endedAt, type: _, ...rest } = json;
        fc.pre(leg >= 0 && json.q850Cause >= 0);
        const times = callEvent.safeParse({ ...json, switchId: 's', callId: 'c', leg: 0, cardId: '1', calledNumber: '1', q850Cause: 0, cli: 'c', carrierCode: 'c' });
        const known = times.success && times.data.$typeName === CallEndedSchema.typeName ? times.data : undefined;
        const { startedAtUs, endedAtUs } = present(known, `a call from ${startedAt} to ${endedAt}`);
        const message = create(CallEndedSchema, { ...rest, call: { switchId, callId, leg }, charged: { party: { case: 'cardId', value: cardId } }, startedAtUs, endedAtUs });
        const fromWire = callMessageOf(receivedOf(toBinary(CallEndedSchema, message)));
        expect(fromWire.ok).toBe(fromJson.success);
        if (fromJson.success) expect(fromWire).toEqual({ ok: true, value: fromJson.data });
      }),
    );
  });

  it('are refused as protobuf where the bytes are none', () => {
    expect(callMessageOf(receivedOf(Buffer.from([255, 255])))).toMatchObject({ ok: false, refusal: { code: 'message_malformed', field: 'data' } });
  });

  it('make one event of one content', () => {
    const json = { type: 'CallEnded', switchId: 's', callId: 'c', cardId: '01', calledNumber: '+4366', startedAt: '2026-03-14T11:00:00Z', endedAt: '2026-03-14T11:00:01Z', q850Cause: 16 };
    const event = publicCallEvent(callEvent.parse(json), undefined);
    expect(event).toMatchObject({ key: 'card:01', source: 'switch/s', timeUs: instant('2026-03-14T11:00:01Z') });
    expect(publicCallEvent(callEvent.parse({ ...json, leg: 0, attempts: [] }), '00-trace').id).toBe(event.id);
    expect(publicCallEvent(callEvent.parse({ ...json, leg: 1 }), undefined).id).not.toBe(event.id);
  });
});
