import { create } from '@bufbuild/protobuf';
import { AccountOpenedSchema, CardsIssuedSchema, DeckKind, publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Reaction, runReaction } from '@tollwire/event-store';
import { ratingAnswers } from '../answers/rating-answers.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { openRating, type RatingBed } from '../spec/bed.ts';
import { callEnded, endedEvent, receivedEvent, type SpecCall } from '../spec/calls.ts';
import { activated, deckOf, termsOf } from '../spec/decks.ts';
import { ratedEvents, received } from '../spec/events.ts';
import { enrolSubscribers } from '../subscribers/enrol.ts';
import { rate } from './rate.ts';
import { retryParked } from './retry-parked.ts';

const tariff = deckOf({ kind: DeckKind.TARIFF, ownerId: 1 }, `
  prefix  rate    connect  increments  country
  34      0.10    0        30/6        70
  346     0.0120  0.01     30/6        71
  44      0.60    0        30/18       0
`);
const alpha = deckOf({ kind: DeckKind.CARRIER, ownerId: 8, carrierCode: 'alpha' }, `
  prefix  rate    increments  country
  34      0.0333  1/1         70
`);

const issued = (cardIds: string[], plan = 1) =>
  received(publicEvents.CardsIssued, create(CardsIssuedSchema, { batchId: cardIds.join(), cardIds, plan: { plan: { case: 'tariffId', value: plan } } }));

describe('rate', () => {
  let bed: RatingBed;
  let deps: RatingDeps;
  let rating: Reaction;

  beforeAll(async () => {
    bed = await openRating('rating_rate');
    bed.catalog.decks = [tariff, alpha];
    bed.catalog.activeDecks = [activated(tariff), activated(alpha)];
    bed.catalog.sellTerms = [termsOf({ tariffId: 1 })];
    deps = bed.instance();
    await deps.replica.start();
    rating = rate(deps);
    await runReaction(bed.database, enrolSubscribers, [issued(['0001', '0002'])]);
  });

  afterAll(() => bed.close());

  const run = (events: readonly ReceivedEvent[]) => runReaction(bed.database, rating, events);
  const eventsOf = async (callId: string) => (await ratedEvents(bed.database)).filter(({ rated }) => rated.call?.callId === callId);
  const letters = () => bed.database.query<{ code: string; tries: number; detail: string }>('select code, tries, detail from dead_letter order by position');

  it('rates a call on both sides and tells of it with all that the price follows from', async () => {
    await run([endedEvent({ callId: 'both', carrier: 'alpha', durationSec: 30.2 })]);
    const [event, ...more] = await eventsOf('both');
    expect(more).toEqual([]);
    expect(event?.envelope).toMatchObject({ key: 'card:0001', source: 'tollwire/rating' });
    expect(event?.rated).toMatchObject({
      call: { switchId: 'fs1', callId: 'both', leg: 0 },
      charged: { party: { case: 'cardId', value: '0001' } },
      plan: { plan: { case: 'tariffId', value: 1 } },
      calledE164: '34650123456',
      durationSec: 31,
      sell: {
        amount: { nanos: 17_200_000n, currency: 'EUR' },
        deckDigest: tariff.version.digest,
        prefix: '346',
        ratePerMinNanos: 12_000_000n,
        connectFeeNanos: 10_000_000n,
        initialIncrementSec: 30,
        incrementSec: 6,
        billedSec: 36,
        roundingDecimals: 4,
        roundingMode: 'half_up',
      },
      buy: { amount: { nanos: 17_205_000n, currency: 'EUR' }, deckDigest: alpha.version.digest, prefix: '34', billedSec: 31, roundingDecimals: 9 },
      carrierCode: 'alpha',
      revision: 1,
      preRated: false,
      countryPrefixId: 71,
    });
  });

  it('tells the country prefix of the sell rate, else of the buy rate, and none where neither has one', async () => {
    const preRated = { nanos: 1n, currency: 'EUR' };
    await run([
      endedEvent({ callId: 'bought', carrier: 'alpha', preRated }),
      endedEvent({ callId: 'priced', preRated }),
      endedEvent({ callId: 'nowhere', number: '44201234567' }),
    ]);
    const told = await Promise.all(['bought', 'priced', 'nowhere'].map(eventsOf));
    expect(told.flat().map(({ rated }) => rated.countryPrefixId)).toEqual([70, 0, 0]);
  });

  it('rates a call once, whoever tells of its end, however often and in whatever batches', async () => {
    const same: SpecCall = { callId: 'once' };
    const events = [endedEvent(same, 'fs1'), endedEvent(same, 'radius'), endedEvent({ ...same, durationSec: 300 }, 'csv')];
    await run(events);
    for (const event of events) await run([event]);
    await Promise.all(events.map((event) => runReaction(bed.database, rate(deps), [event])));
    expect(await eventsOf('once')).toHaveLength(1);
    expect(await bed.database.query("select 1 from rated_call where call_key = 'fs1/once/0'")).toHaveLength(1);
  });

  it('rates the same calls once where instances race for them', async () => {
    const other = bed.instance();
    await other.replica.start();
    const calls = Array.from({ length: 200 }, (_, at) => endedEvent({ callId: `race${at}` }));
    const batches = Array.from({ length: 8 }, (_, at) => calls.slice(at * 20).concat(calls.slice(0, at * 20)).reverse());
    await Promise.all(batches.map((batch, at) => runReaction(bed.database, rate(at % 2 === 0 ? deps : other), batch)));
    const told = (await ratedEvents(bed.database)).filter(({ rated }) => rated.call?.callId.startsWith('race'));
    expect(told).toHaveLength(200);
    expect(new Set(told.map(({ envelope }) => envelope.id)).size).toBe(200);
  });

  it('charges nothing for a call that was not answered', async () => {
    await run([endedEvent({ callId: 'unanswered', answeredAfterSec: undefined })]);
    expect((await eventsOf('unanswered'))[0]?.rated).toMatchObject({ durationSec: 0, answeredAtUs: 0n, sell: { amount: { nanos: 0n, currency: 'EUR' }, billedSec: 0 } });
  });

  it('keeps a price that the sender had set', async () => {
    await run([endedEvent({ callId: 'prerated', card: '9999', preRated: { nanos: 500_000_000n, currency: 'EUR' } })]);
    expect((await eventsOf('prerated'))[0]?.rated).toMatchObject({ preRated: true, sell: { amount: { nanos: 500_000_000n }, deckDigest: '' } });
  });

  it('passes the trace on', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await run([{ ...endedEvent({ callId: 'traced' }), traceparent }]);
    expect((await eventsOf('traced'))[0]?.envelope.traceparent).toBe(traceparent);
  });

  it('parks what cannot be rated with its code, while the rest of the batch is rated', async () => {
    await run([
      endedEvent({ callId: 'norate', number: '49301234567' }),
      receivedEvent({ ...callEnded({ callId: 'broken' }), endedAtUs: 0n }),
      endedEvent({ callId: 'nul\0' }),
      endedEvent({ callId: 'backwards', durationSec: -2 }),
      { ...endedEvent({ callId: 'bytes' }), dataBytes: Uint8Array.of(255, 255) },
      endedEvent({ callId: 'good' }),
    ]);
    expect(await eventsOf('good')).toHaveLength(1);
    expect((await letters()).map(({ code }) => code)).toEqual(['field_missing', 'field_malformed', 'message_malformed', 'no_sell_rate', 'times_out_of_order']);
    const details = (await letters()).map(({ detail }): unknown => JSON.parse(detail));
    expect(details).toEqual([
      { call: 'fs1/broken/0', party: 'card', field: 'endedAtUs' },
      { call: 'fs1/nul\0/0', party: 'card', field: 'call.callId' },
      { detail: expect.any(String) },
      { call: 'fs1/norate/0', party: 'card' },
      { call: 'fs1/backwards/0', party: 'card' },
    ]);
    await bed.asOwner('delete from dead_letter');
  });

  it('charges a call that came before its card was told of, in the end and once', async () => {
    const early = endedEvent({ callId: 'early', card: '7777' });
    await run([early]);
    expect(await letters()).toMatchObject([{ code: 'unknown_party', tries: 1 }]);
    await retryParked(deps);
    expect(await letters()).toMatchObject([{ tries: 1 }]);
    await bed.asOwner("update dead_letter set parked_at = now() - interval '6 seconds'");
    await retryParked(deps);
    expect(await letters()).toMatchObject([{ code: 'unknown_party', tries: 2 }]);

    await runReaction(bed.database, enrolSubscribers, [issued(['7777']), issued(['7777'])]);
    await bed.asOwner("update dead_letter set parked_at = now() - interval '11 seconds'");
    await retryParked(deps);
    expect(await letters()).toEqual([]);
    expect(await eventsOf('early')).toHaveLength(1);
    await run([early]);
    expect(await eventsOf('early')).toHaveLength(1);
  });

  it('knows accounts by each of their codes', async () => {
    const opened = create(AccountOpenedSchema, { customerId: 'acme', accountCodes: ['acme-1', 'acme-2'], plan: { plan: { case: 'tariffId', value: 1 } } });
    await runReaction(bed.database, enrolSubscribers, [received(publicEvents.AccountOpened, opened)]);
    await run([endedEvent({ callId: 'acct', account: 'acme-2' })]);
    expect((await eventsOf('acct'))[0]).toMatchObject({ envelope: { key: 'account:acme-2' }, rated: { charged: { party: { case: 'accountCode', value: 'acme-2' } } } });
  });

  it('bills the pulses of a card type', async () => {
    const cards = create(CardsIssuedSchema, { batchId: 'pulse', cardIds: ['5555'], plan: { plan: { case: 'tariffId', value: 1 } }, startpulseSec: 60, frequencySec: 30 });
    await runReaction(bed.database, enrolSubscribers, [received(publicEvents.CardsIssued, cards)]);
    await run([endedEvent({ callId: 'pulse', card: '5555', durationSec: 61, number: '34912345678' })]);
    expect((await eventsOf('pulse'))[0]?.rated.sell).toMatchObject({ billedSec: 90, initialIncrementSec: 60, incrementSec: 30, amount: { nanos: 150_000_000n } });
  });

  it('may add ratings but never change or remove one', async () => {
    await expect(bed.database.query("update rated_call set sell_nanos = 0 where call_key = 'fs1/both/0'")).rejects.toThrow('permission denied');
    await expect(bed.database.query("delete from rated_call where call_key = 'fs1/both/0'")).rejects.toThrow('permission denied');
  });

  describe('as answered', () => {
    const about = { method: '', correlationId: '' };

    it('explains a call from the facts that were kept', async () => {
      const answer = await ratingAnswers(deps).explainCall({ $typeName: 'tollwire.rating.v1.ExplainCallRequest', call: (await eventsOf('both'))[0]?.rated.call }, about);
      expect(answer).toMatchObject({
        ok: true,
        value: {
          rated: { sell: { amount: { nanos: 17_200_000n } } },
          sellSteps: [
            'pays by plan tariff:1',
            'answered at 2026-06-01T12:00:05.000Z, which picks the rate',
            `34650123456 matches prefix 346 of deck ${tariff.version.digest.slice(0, 12)}`,
            'rate 0.012 EUR/min, increments 30/6 s',
            '31 s are billed as 36 s: first block 30 s + 1 × 6 s',
            '36 s × 0.012/min ÷ 60 = 0.0072 EUR',
            '+ connect fee 0.01 = 0.0172 EUR',
            'rounded half up to 4 decimals = 0.0172 EUR',
          ],
          buySteps: expect.arrayContaining(['bought from carrier alpha', '31 s × 0.0333/min ÷ 60 = 0.017205 EUR']),
        },
      });
    });

    it('refuses to explain a call that was never rated', async () => {
      const call = { $typeName: 'tollwire.call.v1.CallRef' as const, switchId: 'fs1', callId: 'never', leg: 0 };
      expect(await ratingAnswers(deps).explainCall({ $typeName: 'tollwire.rating.v1.ExplainCallRequest', call }, about)).toMatchObject({ refusal: { code: 'call_not_rated' } });
    });

    it('says with what code a call is parked, and of no other call', async () => {
      await run([endedEvent({ callId: 'stuck', number: '49301234567' })]);
      const codeOf = (callId: string) => {
        const call = { $typeName: 'tollwire.call.v1.CallRef' as const, switchId: 'fs1', callId, leg: 0 };
        return ratingAnswers(deps).explainCall({ $typeName: 'tollwire.rating.v1.ExplainCallRequest', call }, about);
      };
      expect(await codeOf('stuck')).toMatchObject({ refusal: { code: 'call_not_rated', facts: { call: 'fs1/stuck/0', parkedWith: 'no_sell_rate' } } });
      expect(await codeOf('stuc')).toMatchObject({ refusal: { facts: { call: 'fs1/stuc/0' } } });
      expect(await codeOf('stuc')).not.toHaveProperty('refusal.facts.parkedWith');
      await bed.asOwner('delete from dead_letter');
    });

    it('sums up what was rated', async () => {
      const told = await ratedEvents(bed.database);
      const sum = told.reduce((total, { rated }) => total + (rated.sell?.amount?.nanos ?? 0n), 0n);
      expect(await ratingAnswers(deps).totals({ $typeName: 'tollwire.common.v1.Empty' }, about)).toMatchObject({
        value: { ratedCount: BigInt(told.length), sell: [{ currency: 'EUR', nanos: sum }], deadLetterCount: 0n },
      });
    });
  });
});
