import { create, toJson } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { ChargeTermsSchema, DeckKind, encodeEvent, isRefusalCode, type PublicEvent, RoundingMode } from '@tollwire/contracts';
import type { Currency } from '@tollwire/telecom';
import { instant, table } from '@tollwire/testing';
import type { ImportedDeck, RateDeckEvent } from '../domain/rate-deck.ts';
import { chargesOfText, chargesText } from './charges.ts';
import { deckKindOf, roundingModeOf, wireKindOf, wireRoundingModeOf } from './deck-kind.ts';
import { byField, currencyField, nameField, prefixFields, termsFields, timeZoneField } from './fields.ts';
import { deckEventsOf, tariffEventsOf, voipPlanEventsOf } from './public-events.ts';
import { deckRefusalOf, planRefusalOf } from './refusals.ts';

const [at, july] = [instant('2026-06-01'), instant('2026-07-01')];
const eur = 'EUR' as Currency;
const said = { by: 'ann', at } as const;
const terms = { currency: eur, roundingDecimals: 4, roundingMode: 'half_up' } as const;
const deck: ImportedDeck = {
  kind: 'carrier', ownerId: 7, deckId: 41n, version: 2, digest: 'abc', rateCount: 10, chunkCount: 1, currency: 'EUR', carrierCode: 'ACME', baseVersion: 1,
};
const stretch = { deck, activation: 3, validFrom: july, validUntil: null, ...said };

const json = ({ definition, data }: PublicEvent) => [definition.event, toJson(definition.schema, data)];

describe('what the world is told of a deck', () => {
  const version = { kind: 'DECK_KIND_CARRIER', ownerId: 7, version: 2, digest: 'abc', rateCount: '10', chunkCount: 1, currency: 'EUR', carrierCode: 'ACME' };
  const deckOf = (event: RateDeckEvent) => deckEventsOf(event).map(json);

  it('is when it was imported, activated and withdrawn', () => {
    expect(deckOf({ type: 'DeckImported', deck, ...said })).toEqual([['imported', { deck: version, importedAtUs: String(at), by: 'ann' }]]);
    expect(deckOf({ type: 'DeckActivated', ...stretch })).toEqual([['activated', { deck: version, validFromUs: String(july), by: 'ann', activation: 3 }]]);
    expect(deckOf({ type: 'DeckWithdrawn', ...stretch })).toEqual([['withdrawn', { deck: version, withdrawnAtUs: String(at), by: 'ann', activation: 3 }]]);
  });

  it('is who approved or rejected it, and that it was rolled back, with their words', () => {
    const approved = deckOf({ type: 'DeckApproved', deck, note: 'as agreed', ...said });
    expect(approved).toEqual([['approved', { deck: version, approvedAtUs: String(at), by: 'ann', note: 'as agreed' }]]);
    expect(deckOf({ type: 'DeckRejected', deck, note: 'no', ...said })).toEqual([['rejected', { deck: version, rejectedAtUs: String(at), by: 'ann', note: 'no' }]]);
    expect(deckOf({ type: 'DeckRolledBack', deck, activation: 4, from: { ...deck, version: 3 }, reason: 'wrong file', ...said })).toEqual([
      ['rolled_back', { deck: version, from: { ...version, version: 3 }, rolledBackAtUs: String(at), by: 'ann', reason: 'wrong file', activation: 4 }],
    ]);
  });

  it('is not what follows from that', () => {
    expect(deckOf({ type: 'DeckSuperseded', byVersion: 3, ...stretch })).toEqual([]);
    expect(deckOf({ type: 'DeckContinued', ...stretch })).toEqual([]);
  });

  it('has an id of its own for each activation, the same whenever it is told', () => {
    const ids = [3, 3, 4].map((activation) => deckEventsOf({ type: 'DeckActivated', ...stretch, activation })[0]?.id);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
  });

  it('carries the trace of its cause, and is spread by the deck', () => {
    const [event] = deckEventsOf({ type: 'DeckActivated', ...stretch }, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
    expect(event).toMatchObject({ source: 'tollwire/catalog', key: 'deck:3:7', traceparent: expect.stringContaining('0af76519') });
    expect(event && encodeEvent(event).length).toBeGreaterThan(0);
  });
});

describe('what the world is told of plans', () => {
  const wireTerms = { currency: 'EUR', roundingDecimals: 4, roundingMode: 'ROUNDING_MODE_HALF_UP' };

  it('is how a tariff charges', () => {
    const events = tariffEventsOf({ type: 'TariffCreated', tariffId: 5, name: 'Cards', ...terms, ...said });
    expect(events.map(json)).toEqual([['terms_set', { plan: { tariffId: 5 }, revision: 1, ...wireTerms }]]);
  });

  it('is a voip_plan as a whole, with every carrier plan that it uses, and its terms when they changed', () => {
    const composed = {
      type: 'VoipPlanComposed', voipPlanId: 1, revision: 2, name: 'Business', retailPlanIds: [1], carrierPlanIds: [7], banPlanIds: [9],
      effectiveCarrierPlanIds: [7, 8], banPrefixes: [{ prefix: '870', banPlanId: 9 }], ...terms, ...said,
    } as const;
    const whole = ['composed', {
      voipPlanId: 1, revision: 2, name: 'Business', retailPlanIds: [1], carrierPlanIds: [7, 8], banPrefixes: [{ prefix: '870', banPlanId: 9 }],
      retailLinks: [{ retailPlanId: 1 }], composedAtUs: String(at),
    }];
    expect(voipPlanEventsOf({ ...composed, termsChanged: false }).map(json)).toEqual([whole]);
    expect(voipPlanEventsOf({ ...composed, termsChanged: true }).map(json))
      .toEqual([whole, ['terms_set', { plan: { voipPlanId: 1 }, revision: 2, ...wireTerms, setAtUs: String(at) }]]);
  });

  it('has the metric and dates of its links, and its own', () => {
    const composed = {
      type: 'VoipPlanComposed', voipPlanId: 1, revision: 1, name: 'Business', retailPlanIds: [1], carrierPlanIds: [], banPlanIds: [], termsChanged: false,
      retailLinks: [{ retailPlanId: 1, metric: 5, validFrom: at, validUntil: july }], validFrom: null, validUntil: july,
      effectiveCarrierPlanIds: [], banPrefixes: [], ...terms, ...said,
    } as const;
    expect(voipPlanEventsOf(composed).map(json)).toMatchObject([['composed', {
      retailLinks: [{ retailPlanId: 1, metric: 5, validFromUs: String(at), validUntilUs: String(july) }], validUntilUs: String(july),
    }]]);
    expect(voipPlanEventsOf({ type: 'PlanDeleted', planId: 1, ...said })).toEqual([]);
    expect(tariffEventsOf({ type: 'PlanRenamed', planId: 1, name: 'x', ...said })).toEqual([]);
  });
});

describe('words of the wire', () => {
  it('stand for kinds and roundings both ways, and for nothing where nothing is named', () => {
    for (const kind of ['tariff', 'retail', 'carrier'] as const) expect(deckKindOf(wireKindOf(kind))).toBe(kind);
    for (const mode of ['up', 'down', 'half_up'] as const) expect(roundingModeOf(wireRoundingModeOf(mode))).toBe(mode);
    expect(deckKindOf(DeckKind.UNSPECIFIED)).toBeUndefined();
    expect(roundingModeOf(RoundingMode.UNSPECIFIED)).toBeUndefined();
  });

  it('of a plan in use name what uses it', () => {
    const detailOf = (...users: string[]) => planRefusalOf({ code: 'plan_in_use', users }).detail;
    expect(detailOf('voip_plan 1')).toBe('The plan is used by voip_plan 1; take it out there first.');
    expect(detailOf('a 1', 'a 2', 'a 3', 'a 4', 'a 5', 'a 6')).toContain('a 4, a 5 and 1 more;');
  });

  it('of a refusal are published, and say what to do', () => {
    const told = [
      planRefusalOf({ code: 'name_taken', id: 1 }),
      planRefusalOf({ code: 'unknown_plan', field: 'banPlanIds', id: 1 }),
      planRefusalOf({ code: 'too_many_bans', bansMax: 3 }),
      planRefusalOf({ code: 'plan_in_use', users: ['account acme'] }),
      deckRefusalOf({ code: 'unknown_deck', digest: 'abc' }),
      deckRefusalOf({ code: 'deck_empty' }),
      deckRefusalOf({ code: 'deck_base_superseded', baseVersion: 1, versionInForce: 2 }),
      deckRefusalOf({ code: 'deck_start_taken', version: 2, validFrom: at }),
      deckRefusalOf({ code: 'not_in_force', digest: 'abc' }),
      ...(['deck_not_approved', 'deck_rejected', 'deck_in_force'] as const).map((code) => deckRefusalOf({ code, digest: 'abc' })),
      deckRefusalOf({ code: 'own_approval', importedBy: 'ann' }),
      deckRefusalOf({ code: 'nothing_to_roll_back' }),
    ];
    expect(told.filter(({ code }) => !isRefusalCode(code))).toEqual([]);
    for (const { detail } of told) expect(detail).toMatch(/\.$/);
  });
});

describe('a field of a request', () => {
  it.each(table(`
    field      | given            | answer
    name       | Cards            | Cards
    name       | x y              | x y
    name       | -                | field_missing
    by         | -                | unknown
    by         | admin:ann        | admin:ann
    currency   | eur              | EUR
    currency   | euro             | currency_malformed
    prefixes   | 870,4490         | 870,4490
    prefixes   | 870,x            | field_malformed
    prefixes   | 8701234567890123 | field_malformed
  `))('$field "$given" is $answer', ({ field = '', given = '', answer }) => {
    const fields = { name: nameField, by: byField, currency: currencyField, prefixes: (text: string) => prefixFields(text.split(',')) };
    const read = Object.entries(fields).find(([name]) => name === field)?.[1](given);
    expect(read?.ok === true ? String(read.value) : read?.refusal.code).toBe(answer);
  });

  it('has no control characters and at most 100 others', () => {
    expect(nameField('a\u0000b')).toMatchObject({ ok: false, refusal: { code: 'field_malformed' } });
    expect(nameField('x'.repeat(100)).ok).toBe(true);
    expect(nameField('x'.repeat(101))).toMatchObject({ ok: false, refusal: { code: 'field_malformed', field: 'name' } });
  });

  it('of terms has decimals up to 9 and a rounding', () => {
    const request = { currency: 'EUR', roundingDecimals: 9, roundingMode: RoundingMode.UP, windowsByStart: false };
    expect(termsFields(request)).toEqual({ ok: true, value: { currency: 'EUR', roundingDecimals: 9, roundingMode: 'up' } });
    expect(termsFields({ ...request, roundingDecimals: 10 })).toMatchObject({ ok: false, refusal: { field: 'roundingDecimals' } });
    expect(termsFields({ ...request, roundingMode: 0 })).toMatchObject({ ok: false, refusal: { field: 'roundingMode' } });
    expect(termsFields({ ...request, currency: '' })).toMatchObject({ ok: false, refusal: { field: 'currency' } });
  });

  it('of terms has charges that are not negative, and only those that are stated', () => {
    const request = { currency: 'EUR', roundingDecimals: 2, roundingMode: RoundingMode.UP, windowsByStart: true };
    const charged = (charges: MessageInitShape<typeof ChargeTermsSchema>) => termsFields({ ...request, terms: create(ChargeTermsSchema, charges) });
    expect(charged({ taxPpm: 230_000, connectFeeNanos: 5n })).toMatchObject({ ok: true, value: { charges: { taxPpm: 230_000, connectFeeNanos: 5n }, windowsByStart: true } });
    expect(charged({ connectFeeNanos: -1n })).toMatchObject({ ok: false, refusal: { code: 'field_out_of_range', field: 'terms' } });
    expect(charged({ addedGraceSec: 86_401 })).toMatchObject({ ok: false, refusal: { field: 'terms' } });
    expect(charged({})).toEqual({ ok: true, value: { currency: 'EUR', roundingDecimals: 2, roundingMode: 'up', windowsByStart: true } });
  });

  it('of a time zone has a name that is known', () => {
    expect([timeZoneField(''), timeZoneField('Europe/Madrid')]).toEqual([{ ok: true, value: {} }, { ok: true, value: { timeZone: 'Europe/Madrid' } }]);
    expect(timeZoneField('Mars/Base')).toMatchObject({ ok: false, refusal: { code: 'field_malformed', field: 'timeZone' } });
  });
});

describe('charges in a column', () => {
  it('are read as they were written, and null where there are none', () => {
    const charges = { connectFeeNanos: 50_000_000n, taxPpm: 0, maxCost: { nanos: 3n, strategy: 'free' as const } };
    expect(chargesOfText(chargesText(charges))).toEqual(charges);
    expect([chargesText(undefined), chargesText({}), chargesOfText(null)]).toEqual([null, null, {}]);
  });
});
