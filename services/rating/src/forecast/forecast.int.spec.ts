import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountOpenedSchema, CardsIssuedSchema, DeckKind, ForecastDeckRequestSchema, publicEvents, VoipPlanComposedSchema } from '@tollwire/contracts';
import { runReaction } from '@tollwire/event-store';
import type { RatingDeps } from '../rating.deps.ts';
import { rate } from '../reactions/rate.ts';
import { openRating, type RatingBed } from '../spec/bed.ts';
import { endedEvent } from '../spec/calls.ts';
import { granted } from '../spec/grants.ts';
import { activated, deckOf, instant, type SpecDeck, specDeck, termsOf } from '../spec/decks.ts';
import { received } from '../spec/events.ts';
import { enrolSubscribers } from '../subscribers/enrol.ts';
import { forecastDeck, type ForecastLimits } from './forecast-deck.ts';

const deck = (kind: DeckKind, ownerId: number, rates: string, more: { carrierCode?: string; version?: number; currency?: string } = {}) => deckOf({ kind, ownerId, ...more }, `
  prefix  rate  increments  country
  ${rates}`);
const tariff = deck(DeckKind.TARIFF, 1, '34  0.10  60/60  70\n49  0.20  60/60  71');
const retail = deck(DeckKind.RETAIL, 5, '34  0.30  60/60  70');
const alpha = deck(DeckKind.CARRIER, 8, '34  0.06  60/60  70', { carrierCode: 'alpha' });
const beta = deck(DeckKind.CARRIER, 9, '34  0.05  60/60  70', { carrierCode: 'beta', currency: 'USD' });
const candidates = {
  tariff: deck(DeckKind.TARIFF, 1, '34  0.15  60/60  70', { version: 2 }),
  retail: deck(DeckKind.RETAIL, 5, '34  0.27  60/60  70', { version: 2 }),
  alpha: deck(DeckKind.CARRIER, 8, '34  0.09  60/60  70', { version: 2, carrierCode: 'alpha' }),
  beta: deck(DeckKind.CARRIER, 9, '34  0.07  60/60  70\n49  0.08  60/60  71', { version: 2, carrierCode: 'beta', currency: 'USD' }),
};

describe('what a version would have made of rated calls', () => {
  let bed: RatingBed;
  let deps: RatingDeps;

  beforeAll(async () => {
    bed = await openRating('rating_forecast');
    bed.catalog.decks = [tariff, retail, alpha, beta, ...Object.values(candidates)];
    bed.catalog.activeDecks = [activated(tariff), activated(retail), activated(alpha), activated(beta)];
    bed.catalog.sellTerms = [termsOf({ tariffId: 1 }), termsOf({ voipPlanId: 7 })];
    bed.catalog.voipPlans = [create(VoipPlanComposedSchema, { voipPlanId: 7, revision: 1, retailPlanIds: [5], carrierPlanIds: [8] })];
    deps = bed.instance();
    await deps.replica.start();
    await runReaction(bed.database, enrolSubscribers, [
      received(publicEvents.CardsIssued, create(CardsIssuedSchema, { batchId: 'b', cardIds: ['0001'], plan: { plan: { case: 'tariffId', value: 1 } } })),
      received(publicEvents.AccountOpened, create(AccountOpenedSchema, { customerId: 'acme', accountCodes: ['a1'], plan: { plan: { case: 'voipPlanId', value: 7 } } })),
    ]);
    await runReaction(bed.database, rate(deps), [
      endedEvent({ callId: 'card-1', carrier: 'alpha', durationSec: 90 }),
      endedEvent({ callId: 'card-2', durationSec: 60 }),
      endedEvent({ callId: 'card-3', number: '491511111111', durationSec: 60 }),
      endedEvent({ callId: 'account', account: 'a1', carrier: 'alpha', durationSec: 60 }),
      endedEvent({ callId: 'unanswered', answeredAfterSec: undefined }),
      endedEvent({ callId: 'before', startedAt: '2026-05-01T12:00:00', durationSec: 60 }),
    ]);
  });
  afterAll(() => bed.close());

  const forecast = (of: Pick<SpecDeck, 'version'>, limits?: ForecastLimits, since = '2026-05-31T00:00:00', until = '2026-06-02T00:00:00') => {
    return forecastDeck(deps, create(ForecastDeckRequestSchema, { deck: of.version, sinceUs: instant(since), untilUs: instant(until) }), limits);
  };
  const told = async (...asked: Parameters<typeof forecast>) => {
    const answer = await forecast(...asked);
    if (!answer.ok) return answer.refusal.code;
    return (answer.value.destinations ?? []).map(({ countryPrefixId, callCount, durationSec, sellBefore, sellAfter, buyBefore, buyAfter, unpricedCount }) => {
      const units = [sellBefore, sellAfter, buyBefore, buyAfter].map((amount) => Number(amount?.nanos) / 1e9);
      return `${countryPrefixId}: ${callCount} calls, ${durationSec} s, sell ${units[0]} > ${units[1]}, buy ${units[2]} > ${units[3]}, ${unpricedCount} unpriced`;
    });
  };

  it('is by destination, before and after, of the side that the deck is of', async () => {
    expect(await told(candidates.tariff)).toEqual([
      '70: 3 calls, 150 s, sell 0.3 > 0.45, buy 0.12 > 0.12, 0 unpriced',
      '71: 1 calls, 60 s, sell 0.2 > 0, buy 0 > 0, 1 unpriced',
    ]);
    expect(await told(candidates.retail)).toEqual(['70: 1 calls, 60 s, sell 0.3 > 0.27, buy 0.06 > 0.06, 0 unpriced']);
    expect(await told(candidates.alpha)).toEqual(['70: 2 calls, 150 s, sell 0.5 > 0.5, buy 0.18 > 0.27, 0 unpriced']);
  });

  it('is what the calls came to, for the version that they were rated by', async () => {
    const answer = await forecast(tariff);
    if (!answer.ok) throw new Error(answer.refusal.code);
    for (const { sellBefore, sellAfter, unpricedCount } of answer.value.destinations ?? []) expect([sellAfter, unpricedCount]).toEqual([sellBefore, 0n]);
  });

  it('tells what is left before tax when carriers are paid, in the currency of the sale, of calls of which that is known', async () => {
    const margins = async (...asked: Parameters<typeof forecast>) => {
      const answer = await forecast(...asked);
      if (!answer.ok) return answer.refusal.code;
      return (answer.value.destinations ?? []).map(({ countryPrefixId, marginBefore, marginAfter, marginUnknownCount }) => {
        return `${countryPrefixId}: ${Number(marginBefore?.nanos) / 1e9} > ${Number(marginAfter?.nanos) / 1e9} ${marginAfter?.currency}, ${marginUnknownCount} unknown`;
      });
    };
    // The cards' three calls to 34 pay 0.30, of which alpha takes 0.12; the call to 49 has no price by this version.
    expect(await margins(candidates.tariff)).toEqual(['70: 0.18 > 0.33 EUR, 0 unknown', '71: 0 > 0 EUR, 1 unknown']);
    expect(await margins(candidates.alpha)).toEqual(['70: 0.32 > 0.23 EUR, 0 unknown']);
  });

  it('is the same in however many pages, and says where it stopped short', async () => {
    const whole = await forecast(candidates.tariff);
    expect(await forecast(candidates.tariff, { lookedAtMax: 1_000, rowsPerPage: 1, slice: 1 })).toEqual(whole);
    expect(await forecast(candidates.tariff, { lookedAtMax: 2, rowsPerPage: 2, slice: 1 })).toMatchObject({ ok: true, value: { isPartial: true, lookedAtCount: 2n } });
    expect(whole).toMatchObject({ ok: true, value: { isPartial: false, lookedAtCount: 6n } });
  });

  it('lets calls use the free seconds again that they used', async () => {
    await granted(deps, 'minute', { card: '0001' }, { sec: 60 });
    await runReaction(bed.database, rate(deps), [endedEvent({ callId: 'free', startedAt: '2026-05-10T12:00:00', durationSec: 90 })]);
    const may10 = [undefined, '2026-05-10T00:00:00', '2026-05-11T00:00:00'] as const;
    expect(await told(tariff, ...may10)).toEqual(['70: 1 calls, 90 s, sell 0.1 > 0.1, buy 0 > 0, 0 unpriced']);
    expect(await told(candidates.tariff, ...may10)).toEqual(['70: 1 calls, 90 s, sell 0.1 > 0.15, buy 0 > 0, 0 unpriced']);
  });

  it('says each amount in the currency that it is in, of a carrier that had no rate as well', async () => {
    await runReaction(bed.database, rate(deps), [
      endedEvent({ callId: 'priced', startedAt: '2026-05-20T12:00:00', carrier: 'beta', durationSec: 60 }),
      endedEvent({ callId: 'unpriced', startedAt: '2026-05-20T12:00:00', number: '491511111111', carrier: 'beta', durationSec: 60 }),
    ]);
    const answer = await forecast(candidates.beta, undefined, '2026-05-20T00:00:00', '2026-05-21T00:00:00');
    const buys = answer.ok ? (answer.value.destinations ?? []).map(({ countryPrefixId, buyBefore, buyAfter }) => {
      return [countryPrefixId, ...[buyBefore, buyAfter].map((amount) => `${Number(amount?.nanos) / 1e9} ${amount?.currency}`)].join(' ');
    }) : [];
    expect(buys).toEqual(['70 0.05 USD 0.07 USD', '71 0 USD 0.08 USD']);
  });

  it('changes nothing', async () => {
    const rows = () => bed.database.query('select * from rated_call order by call_key');
    const before = await rows();
    await forecast(candidates.tariff);
    expect(await rows()).toEqual(before);
  });

  it.each<[what: string, ask: () => ReturnType<typeof forecast>, code: string]>([
    ['no deck', () => forecastDeck(deps, create(ForecastDeckRequestSchema, {})), 'field_missing'],
    ['too many days', () => forecast(tariff, undefined, '2026-01-01T00:00:00'), 'field_out_of_range'],
    ['no time at all', () => forecast(tariff, undefined, '2026-06-02T00:00:00'), 'field_out_of_range'],
    ['content that nobody has', () => forecast(specDeck({ kind: DeckKind.TARIFF, ownerId: 1 }, deck(DeckKind.TARIFF, 1, '1  1  1/1  0').chunks)), 'unknown_deck'],
  ])('is refused of %s', async (_, ask, code) => {
    expect(await ask()).toMatchObject({ ok: false, refusal: { code } });
  });
});
