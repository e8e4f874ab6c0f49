import { create } from '@bufbuild/protobuf';
import {
  CardsIssuedSchema, type ChargedParty, ChargedPartySchema, DeckKind, publicEvents, QuoteRequestSchema, RecordedActivationSchema, ReratingRefSchema,
  StartReratingRequestSchema, VoipPlanComposedSchema,
} from '@tollwire/contracts';
import { runReaction } from '@tollwire/event-store';
import { formatNanos } from '@tollwire/telecom';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { ratingAnswers } from '../answers/rating-answers.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { rate } from '../reactions/rate.ts';
import { rerate } from '../rerate/rerate.ts';
import { openRating, type RatingBed } from '../spec/bed.ts';
import { endedEvent } from '../spec/calls.ts';
import { activated, deckOf, instant, type SpecDeck, termsOf } from '../spec/decks.ts';
import { ratedEvents, received } from '../spec/events.ts';
import { enrolSubscribers } from '../subscribers/enrol.ts';

const version = (number: number, rate: string) => deckOf({ kind: DeckKind.TARIFF, ownerId: 1, version: number }, `
  prefix  rate     increments
  34      ${rate}  60/60
`);
const [one, two, three] = [version(1, '0.10'), version(2, '0.20'), version(3, '0.30')];
const carrier = deckOf({ kind: DeckKind.CARRIER, ownerId: 8, carrierCode: 'alpha' }, `
  prefix  rate
  34      0.03
`);

const day = (date: string) => instant(`${date}T00:00:00`);
const recorded = (deck: SpecDeck, activation: number, validFrom: string, recordedOn: string, withdrawnOn?: string) =>
  create(RecordedActivationSchema, {
    activated: activated(deck, activation, `${validFrom}T00:00:00`),
    recordedAtUs: day(recordedOn),
    ...(withdrawnOn === undefined ? {} : { withdrawn: { deck: deck.version, activation, withdrawnAtUs: day(withdrawnOn) } }),
  });

const about = { method: 'Quote', correlationId: 'spec' };

describe('rates as they were known', () => {
  let bed: RatingBed;
  let deps: RatingDeps;

  beforeAll(async () => {
    bed = await openRating('rating_as_of');
    bed.catalog.decks = [one, two, three, carrier];
    // The snapshot tells of what is in force; that there was more, only the history does.
    bed.catalog.activeDecks = [activated(three, 3, '2026-05-10T00:00:00'), activated(carrier)];
    bed.catalog.history = [
      recorded(one, 1, '2000-01-01', '2026-01-01'),
      recorded(two, 2, '2026-05-01', '2026-05-20', '2026-05-25'),
      recorded(three, 3, '2026-05-10', '2026-05-28'),
      recorded(carrier, 1, '2000-01-01', '2026-05-21'),
    ];
    bed.catalog.sellTerms = [termsOf({ tariffId: 1 })];
    deps = bed.instance();
    await deps.replica.start();
    const issued = create(CardsIssuedSchema, { batchId: 'b', cardIds: ['0001'], plan: { plan: { case: 'tariffId', value: 1 } }, startpulseSec: 90, frequencySec: 30 });
    await runReaction(bed.database, enrolSubscribers, [received(publicEvents.CardsIssued, issued)]);
  });
  afterAll(() => bed.close());
  beforeEach(() => {
    bed.catalog.away = false;
  });

  const card = (cardId: string) => create(ChargedPartySchema, { party: { case: 'cardId', value: cardId } });
  const ask = async ({ charged, ...item }: { atUs: bigint; knownAtUs?: bigint; charged?: ChargedParty }, of = deps) => {
    const who = charged === undefined ? { plan: { plan: { case: 'tariffId' as const, value: 1 } } } : { charged };
    const request = create(QuoteRequestSchema, { items: [{ ...who, e164: '34650123456', durationSec: 60, ...item }] });
    const answer = await ratingAnswers(of).quote(request, about);
    if (!answer.ok) return answer.refusal.code;
    const result = answer.value.results?.[0]?.result;
    return result?.case === 'quoted' ? formatNanos(result.value.sell?.amount?.nanos ?? 0n) : (result?.value?.code ?? '');
  };

  it.each(table<'at' | 'knownAt' | 'price'>(`
    at          knownAt     price
    2026-05-15  2026-05-19  0.10
    2026-05-15  2026-05-20  0.20
    2026-05-15  2026-05-27  0.20
    2026-05-15  2026-05-28  0.30
    2026-05-15  2027-01-01  0.30
    2026-05-05  2026-05-19  0.10
    2026-05-05  2026-05-28  0.20
    2026-04-01  2026-05-28  0.10
    2026-05-26  2026-05-26  no_sell_rate
    2026-05-26  2026-05-24  0.20
    2026-05-15  2025-12-31  no_sell_rate
  `))('price a call of $at, as known at $knownAt, at $price', async ({ at, knownAt, price }) => {
    expect(await ask({ atUs: day(at), knownAtUs: day(knownAt) })).toBe(price);
  });

  it('leave the tables in use as they are', async () => {
    const before = deps.tables.now;
    await ask({ atUs: day('2026-04-01'), knownAtUs: day('2026-05-28') });
    expect(deps.tables.now).toBe(before);
    expect(await ask({ atUs: day('2026-05-15') })).toBe('0.30');
  });

  it('are told by who pays, too, with the pulses of the card', async () => {
    expect(await ask({ charged: card('0001'), atUs: day('2026-05-15'), knownAtUs: day('2026-05-19') })).toBe('0.15');
    expect(await ask({ charged: card('0001'), atUs: day('2026-05-15') })).toBe('0.45');
    expect(await ask({ charged: card('nobody'), atUs: day('2026-05-15') })).toBe('unknown_party');
  });

  it('need the catalog once: a question that was answered is answered again without it, another one is refused', async () => {
    const other = bed.instance();
    await other.replica.start();
    const question = { atUs: day('2026-05-05'), knownAtUs: day('2026-05-19') };
    expect(await ask(question, other)).toBe('0.10');
    bed.catalog.away = true;
    expect(await ask(question, other)).toBe('0.10');
    expect(await ask({ ...question, knownAtUs: day('2026-05-18') }, other)).toBe('service_unavailable');
  });

  it('go by the plans as they were composed then, also over decks that the plan no longer sells by', async () => {
    const retail = (ownerId: number, rate: string) => deckOf({ kind: DeckKind.RETAIL, ownerId }, `
      prefix  rate     increments
      34      ${rate}  60/60
    `);
    const [left, joined] = [retail(71, '0.70'), retail(72, '0.80')];
    bed.catalog.decks.push(left, joined);
    bed.catalog.history.push(recorded(left, 1, '2000-01-01', '2026-01-01'), recorded(joined, 1, '2000-01-01', '2026-01-01'));
    const composed = (revision: number, retailPlanId: number, on: string) =>
      received(publicEvents.VoipPlanComposed, create(VoipPlanComposedSchema, { voipPlanId: 7, revision, retailPlanIds: [retailPlanId], composedAtUs: day(on) }));
    const terms = received(publicEvents.SellTermsSet, termsOf({ voipPlanId: 7 }));
    await runReaction(bed.database, deps.replica.reaction(), [terms, composed(1, 71, '2026-05-01'), composed(2, 72, '2026-05-20')]);
    const price = async (at: string, knownAt: string) => {
      const item = { plan: { plan: { case: 'voipPlanId' as const, value: 7 } }, e164: '34650123456', durationSec: 60, atUs: day(at), knownAtUs: day(knownAt) };
      const answer = await ratingAnswers(deps).quote(create(QuoteRequestSchema, { items: [item] }), about);
      const result = answer.ok ? answer.value.results?.[0]?.result : undefined;
      return result?.case === 'quoted' ? formatNanos(result.value.sell?.amount?.nanos ?? 0n) : result?.value?.code;
    };
    expect(await price('2026-05-10', '2026-06-01')).toBe('0.70');
    expect(await price('2026-05-25', '2026-06-01')).toBe('0.80');
    expect(await price('2026-05-25', '2026-05-15')).toBe('0.70');
  });

  it('are at most ten questions of a request', async () => {
    const item = { plan: { plan: { case: 'tariffId' as const, value: 1 } }, e164: '34650123456', atUs: day('2026-05-15'), knownAtUs: day('2026-05-19') };
    const answer = await ratingAnswers(deps).quote(create(QuoteRequestSchema, { items: Array.from({ length: 11 }, () => item) }), about);
    expect(answer).toMatchObject({ ok: false, refusal: { code: 'too_many_items' } });
  });

  it('rate calls again, on both sides', async () => {
    await runReaction(bed.database, rate(deps), [endedEvent({ callId: 'may', startedAt: '2026-05-15T12:00:00', carrier: 'alpha', durationSec: 60 })]);
    const rerated = async (knownAt: string) => {
      const request = create(StartReratingRequestSchema, { filter: { fromUs: day('2026-05-10'), plan: { plan: { case: 'tariffId', value: 1 } } }, apply: true, knownAtUs: day(knownAt) });
      const started = await ratingAnswers(deps).startRerating(request, about);
      await rerate(deps);
      const done = await ratingAnswers(deps).getRerating(create(ReratingRefSchema, { reratingId: started.ok ? (started.value.reratingId ?? '') : '' }), about);
      return done.ok ? done.value : undefined;
    };
    const newest = async () => {
      const { rated } = (await ratedEvents(bed.database)).at(-1) ?? {};
      return [rated?.revision, rated?.sell?.amount?.nanos, rated?.buy?.amount?.nanos, rated?.buyRefusal];
    };
    expect(await newest()).toEqual([1, 450_000_000n, 30_000_000n, '']);
    expect(await rerated('2026-05-19')).toMatchObject({ knownAtUs: day('2026-05-19'), changedCount: 1n, totals: [{ sellDifferenceNanos: -300_000_000n }] });
    expect(await newest()).toEqual([2, 150_000_000n, undefined, 'unknown_carrier']);
    expect(await rerated('2026-05-22')).toMatchObject({ changedCount: 1n });
    expect(await newest()).toEqual([3, 300_000_000n, 30_000_000n, '']);
    expect(await rerated('2026-05-22')).toMatchObject({ changedCount: 0n });
  });

  it('are asked of the catalog for calls of long ago, though nobody named an instant', async () => {
    const old = create(StartReratingRequestSchema, { filter: { fromUs: day('2026-04-01') } });
    const answer = await ratingAnswers(deps).startRerating(old, about);
    expect(answer.ok && answer.value.knownAtUs).toBe(BigInt(bed.clock.nowUs()));
  });
});
