import { create, toJson } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { CallRefSchema, ChargedPartySchema } from '@tollwire/contracts';
import type { PublicEvent } from '@tollwire/contracts';
import { instant } from '@tollwire/testing';
import { reservationExtendedOf, reservationReleasedOf } from './call-events.ts';
import { accountEventsOf, cardDebitedOf, cardEventsOf, cardsIssuedOf, creditReservedOf, reservationExpiredOf } from './public-events.ts';

const at = instant('2024-01-01T00:00:00Z');
const later = instant('2024-03-31T00:00:00Z');
const call = create(CallRefSchema, { switchId: 'fs1', callId: 'c1', leg: 1 });
const charged = create(ChargedPartySchema, { party: { case: 'cardId', value: '0042' } });
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** An event as a consumer sees it, its data in proto3 JSON. */
const told = (event: PublicEvent | undefined) =>
  event === undefined ? undefined : { type: event.definition.event, key: event.key, trace: event.traceparent, data: toJson(event.definition.schema, event.data) };

const atJson = '1704067200000000';
const laterJson = '1711843200000000';
const callJson = { switchId: 'fs1', callId: 'c1', leg: 1 };

describe('a card tells', () => {
  it('of its activation, with the end of its lifetime', () => {
    const [event] = cardEventsOf('0042', { type: 'CardActivated', resellerId: 7, at, expiresAt: later }, 2, traceparent);
    expect(told(event)).toEqual({
      type: 'activated', key: 'card:0042', trace: traceparent,
      data: { cardId: '0042', resellerId: 7, activatedAtUs: atJson, expiresAtUs: laterJson },
    });
  });

  it('of its activation for ever', () => {
    const [event] = cardEventsOf('0042', { type: 'CardActivated', resellerId: 7, at, expiresAt: null }, 2);
    expect(told(event)).toMatchObject({ trace: undefined, data: { cardId: '0042', resellerId: 7, activatedAtUs: atJson } });
  });

  it('of its deactivation', () => {
    const [event] = cardEventsOf('0042', { type: 'CardDeactivated', at }, 3);
    expect(told(event)).toMatchObject({ type: 'deactivated', key: 'card:0042', data: { cardId: '0042', deactivatedAtUs: atJson } });
  });

  it('nobody of its sale, its payment, its making and its expiry', () => {
    const card = { cardTypeId: 1, resellerId: 7, batchId: 'b1', lifetimeDays: 90 };
    expect(cardEventsOf('0042', { type: 'CardIssued', card, at }, 1)).toEqual([]);
    for (const type of ['CardSold', 'CardPaid', 'CardExpired'] as const) expect(cardEventsOf('0042', { type, at }, 2)).toEqual([]);
  });
});

describe('a card tells of its later life', () => {
  it('each event once, with its own data', () => {
    const data = (event: Parameters<typeof cardEventsOf>[1]) => cardEventsOf('0042', event, 4, traceparent).map(told);
    const of = (type: string, fields: object) => [{ type, key: 'card:0042', trace: traceparent, data: { cardId: '0042', ...fields } }];
    expect(data({ type: 'CardFirstUsed', at, expiresAt: later })).toEqual(of('first_used', { firstUsedAtUs: atJson, expiresAtUs: laterJson }));
    expect(data({ type: 'CardFirstUsed', at, expiresAt: null })).toEqual(of('first_used', { firstUsedAtUs: atJson }));
    expect(data({ type: 'CardExtended', at, expiresAt: later })).toEqual(of('extended', { extendedAtUs: atJson, expiresAtUs: laterJson }));
    expect(data({ type: 'CardSuspended', at, reason: 'unpaid' })).toEqual(of('suspended', { reason: 'unpaid', suspendedAtUs: atJson }));
    expect(data({ type: 'CardResumed', at })).toEqual(of('resumed', { resumedAtUs: atJson }));
    expect(data({ type: 'CliBound', at, cli: '4366412345', cidId: 2 })).toEqual(of('cli_bound', { cli: '4366412345', boundAtUs: atJson }));
    expect(data({ type: 'CliUnbound', at, cli: '4366412345' })).toEqual(of('cli_unbound', { cli: '4366412345', unboundAtUs: atJson }));
  });

  it('under an id of its own, however often the same happens at one instant', () => {
    const ids = [4, 6].map((version) => cardEventsOf('0042', { type: 'CardResumed', at }, version)[0]?.id);
    expect(new Set(ids).size).toBe(2);
  });
});

describe('an order tells', () => {
  const order = { batchId: 'b1', cardTypeId: 3, resellerId: 7, quantity: 2 };
  const cardType = {
    cardTypeId: 3, description: 'ten', valueNanos: 10_000_000_000n, currency: 'EUR', tariffId: 5,
    lifetimeDays: 90, frequencySec: 6, startpulseSec: 30, active: true,
  };

  it('of the cards that were made, with all that rating must know of them', () => {
    expect(told(cardsIssuedOf(order, cardType, ['0042', '0043'], at))).toEqual({
      type: 'issued', key: 'batch:b1', trace: undefined,
      data: {
        batchId: 'b1', cardTypeId: 3, plan: { tariffId: 5 }, resellerId: 7, cardIds: ['0042', '0043'],
        creditEach: { nanos: '10000000000', currency: 'EUR' }, issuedAtUs: atJson, frequencySec: 6, startpulseSec: 30,
      },
    });
  });

  it('under an id of its own for each step of the order', () => {
    const ids = [['0042'], ['0043']].map((cardIds) => cardsIssuedOf(order, cardType, cardIds, at).id);
    expect(new Set(ids).size).toBe(2);
    expect(cardsIssuedOf(order, cardType, ['0042'], at).id).toBe(ids[0]);
  });
});

describe('an account tells', () => {
  it('that it was opened, with its codes and plan and nothing of its limit', () => {
    const terms = {
      customerId: 'acme', accountCodes: ['a1', 'a2'], voipPlanId: 9, currency: 'EUR', postpaid: true, creditLimitNanos: 5n, companyName: 'Acme',
    };
    expect(accountEventsOf({ type: 'AccountOpened', terms, at }).map(told)).toEqual([
      {
        type: 'opened', key: 'customer:acme', trace: undefined,
        data: { customerId: 'acme', accountCodes: ['a1', 'a2'], plan: { voipPlanId: 9 }, currency: 'EUR', postpaid: true, openedAtUs: atJson },
      },
    ]);
  });
});

describe('credit tells', () => {
  it('that it was reserved', () => {
    const reserved = { reservationId: 'r1', call, charged, amountNanos: 5n, currency: 'EUR', maxDurationSec: 600, at, validUntil: later, traceparent };
    expect(told(creditReservedOf(reserved))).toEqual({
      type: 'reserved', key: 'card:0042', trace: traceparent,
      data: {
        reservationId: 'r1', call: callJson, charged: { cardId: '0042' }, amount: { nanos: '5', currency: 'EUR' },
        maxDurationSec: 600, reservedAtUs: atJson, validUntilUs: laterJson,
      },
    });
  });

  it('that a call was charged: in all, now, and above its reservation', () => {
    const debited = {
      call, charged, callKey: 'fs1/c1/1', revision: 2, currency: 'EUR', amountNanos: 7n, postedNanos: -2n, aboveReservationNanos: 0n,
      transferId: 'call:fs1/c1/1:2', at, traceparent: undefined,
    };
    expect(told(cardDebitedOf(debited))).toEqual({
      type: 'debited', key: 'card:0042', trace: undefined,
      data: {
        call: callJson, charged: { cardId: '0042' }, amount: { nanos: '7', currency: 'EUR' }, aboveReservation: { currency: 'EUR' },
        transferId: 'call:fs1/c1/1:2', revision: 2, debitedAtUs: atJson, posted: { nanos: '-2', currency: 'EUR' },
      },
    });
  });

  it('that a reservation expired, for the party that was named', () => {
    const expired = { reservationId: 'r1', callKey: 'fs%2F1/c%251/1', party: 'account:a:1', amountNanos: 5n, currency: 'EUR', at };
    expect(told(reservationExpiredOf(expired))).toEqual({
      type: 'expired', key: 'account:a:1', trace: undefined,
      data: {
        reservationId: 'r1', call: { switchId: 'fs/1', callId: 'c%1', leg: 1 }, charged: { accountCode: 'a:1' },
        amount: { nanos: '5', currency: 'EUR' }, expiredAtUs: atJson,
      },
    });
  });

  it('that a call may last longer, and that it was given up', () => {
    const reserved = { reservationId: 'r1', callKey: 'fs1/c1/1', party: 'card:0042', amountNanos: 5n, currency: 'EUR', at, traceparent };
    const subject = { reservationId: 'r1', call: callJson, charged: { cardId: '0042' }, amount: { nanos: '5', currency: 'EUR' } };
    const more = { sequence: 2, addedNanos: 3n, maxDurationSec: 600, validUntil: later, finalReason: 'credit' };
    expect(told(reservationExtendedOf({ ...reserved, ...more }))).toEqual({
      type: 'extended', key: 'card:0042', trace: traceparent,
      data: {
        ...subject, added: { nanos: '3', currency: 'EUR' }, maxDurationSec: 600, sequence: 2, extendedAtUs: atJson, validUntilUs: laterJson, finalReason: 'credit',
      },
    });
    expect(told(reservationReleasedOf(reserved))).toEqual({ type: 'released', key: 'card:0042', trace: traceparent, data: { ...subject, releasedAtUs: atJson } });
  });
});

describe('an account', () => {
  it('tells that it was suspended and resumed, and nobody of its limits', () => {
    const [suspended] = accountEventsOf({ type: 'AccountSuspended', customerId: 'acme', reason: 'unpaid', at });
    const [resumed] = accountEventsOf({ type: 'AccountResumed', customerId: 'acme', at });
    expect(told(suspended)).toMatchObject({ key: 'customer:acme', data: { customerId: 'acme', reason: 'unpaid', suspendedAtUs: atJson } });
    expect(told(resumed)).toMatchObject({ key: 'customer:acme', data: { customerId: 'acme', resumedAtUs: atJson } });
    expect(accountEventsOf({ type: 'DiallingLimited', customerId: 'acme', dialerSettingId: 7, at })).toEqual([]);
  });
});
