import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { AuthorizeItemSchema, ChargedPartySchema, MoneySchema, partyKey } from '@tollwire/contracts';
import { instant, table } from '@tollwire/testing';
import { askedOf } from '../authorize/asked.ts';
import { metaOf } from './meta.ts';
import { amountOf } from './money.ts';
import { chargedOfKey } from './party.ts';
import { refusalOf } from './refusal.ts';
import { optionalTextOf, textOf } from './text.ts';

const codeOf = (result: { ok: true } | { ok: false; refusal: { code: string } }) => (result.ok ? 'ok' : result.refusal.code);

describe('a text field', () => {
  it('is printable and of its length', () => {
    expect(codeOf(textOf('Zürich 0042 ☎', 'f'))).toBe('ok');
    expect(codeOf(textOf('', 'f'))).toBe('field_missing');
    expect(codeOf(textOf('nul\0', 'f'))).toBe('field_malformed');
    expect(codeOf(textOf('\u001b[31m', 'f'))).toBe('field_malformed');
    expect(codeOf(textOf('x'.repeat(129), 'f'))).toBe('field_malformed');
    expect(codeOf(optionalTextOf('', 'f'))).toBe('ok');
    expect(codeOf(optionalTextOf('\u0007', 'f'))).toBe('field_malformed');
  });
});

describe('an amount', () => {
  it('has a currency, and is neither below zero nor beyond reason', () => {
    const rows = table<'nanos' | 'currency' | 'answer'>(`
      nanos                | currency | answer
      0                    | EUR      | ok
      1000000000000000000  | eur      | ok
      1000000000000000001  | EUR      | amount_malformed
      -1                   | EUR      | amount_malformed
      1                    | EURO     | currency_malformed
      1                    | -        | currency_malformed
    `);
    for (const { nanos, currency, answer } of rows) {
      expect([nanos, codeOf(amountOf(create(MoneySchema, { nanos: BigInt(nanos), currency }), 'amount'))]).toEqual([nanos, answer]);
    }
    expect(codeOf(amountOf(undefined, 'amount'))).toBe('field_missing');
  });
});

describe('a charged party', () => {
  it('comes back from its key', () => {
    for (const party of [{ case: 'cardId', value: '0042' }, { case: 'accountCode', value: 'a:b:c' }] as const) {
      const charged = create(ChargedPartySchema, { party });
      expect(create(ChargedPartySchema, chargedOfKey(partyKey(charged)))).toEqual(charged);
    }
  });
});

describe('a call that asks', () => {
  const now = instant('2024-01-01T00:00:00Z');
  const call = { switchId: 'fs1', callId: 'c1', leg: 1 };
  const charged = { party: { case: 'cardId' as const, value: '0042' } };
  const good = { call, charged, calledNumber: '+43 1 234' };

  it('is read with its number in international form and its time, or now', () => {
    const read = (item: Parameters<typeof create<typeof AuthorizeItemSchema>>[1]) => askedOf(create(AuthorizeItemSchema, item), now, undefined);
    expect(read(good)).toMatchObject({ ok: true, value: { callKey: 'fs1/c1/1', e164: '431234', at: now, party: { kind: 'card', cardId: '0042' } } });
    expect(read({ ...good, atUs: 5n })).toMatchObject({ ok: true, value: { at: 5 } });
    expect(codeOf(read({ charged, calledNumber: '431' }))).toBe('field_missing');
    expect(codeOf(read({ ...good, call: { ...call, callId: '' } }))).toBe('field_missing');
    expect(codeOf(read({ call, calledNumber: '431' }))).toBe('field_missing');
    expect(codeOf(read({ ...good, calledNumber: '' }))).toBe('field_missing');
    expect(codeOf(read({ ...good, calledNumber: 'sip:x' }))).toBe('number_malformed');
    expect(read({ ...good, calledNumber: '0664 123' })).toMatchObject({ refusal: { code: 'number_not_international', detail: expect.stringContaining('+43') } });
    expect(codeOf(read({ ...good, atUs: -1n }))).toBe('field_out_of_range');
    expect(codeOf(read({ ...good, atUs: 2n ** 62n }))).toBe('field_out_of_range');
  });
});

describe('what other services refuse', () => {
  it('is handed on by its published code, and anything else is no answer', () => {
    const refusal = { $typeName: 'tollwire.common.v1.Refusal' as const, code: 'no_route', detail: 'd', field: 'f', facts: { a: 'b' } };
    expect(refusalOf(refusal)).toEqual({ code: 'no_route', detail: 'd', field: 'f', facts: { a: 'b' } });
    expect(refusalOf({ ...refusal, code: 'made_up' })).toMatchObject({ code: 'internal_error', facts: { a: 'b', code: 'made_up' } });
    expect(refusalOf(undefined)).toMatchObject({ code: 'service_unavailable' });
  });
});

describe('what is kept beside an event', () => {
  it('is who ordered it, without anything that jsonb or a terminal would choke on', () => {
    expect(metaOf('ann\0\u001b', { traceparent: '00-1' })).toEqual({ by: 'ann', traceparent: '00-1' });
    expect(metaOf('', {})).toEqual({});
    expect(metaOf('x'.repeat(300), {})['by']).toHaveLength(128);
  });
});
