import { create, fromJsonString, type MessageInitShape } from '@bufbuild/protobuf';
import {
  type CallRated, CardsIssuedSchema, DeckChunkSchema, DeckKind, EmptySchema, ExchangeRateSetSchema, ExplainCallRequestSchema, publicEvents,
  type Rerating, ReratingFilterSchema, ReratingRefSchema, ReratingSchema,
  ReratingStatus, StartReratingRequestSchema,
} from '@tollwire/contracts';
import { runReaction } from '@tollwire/event-store';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { table, until } from '@tollwire/testing';
import { ratingAnswers } from '../answers/rating-answers.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { rate } from '../reactions/rate.ts';
import { openRating, type RatingBed } from '../spec/bed.ts';
import { endedEvent, type SpecCall } from '../spec/calls.ts';
import { activated, deckOf, instant, plainChunk, specDeck, termsOf } from '../spec/decks.ts';
import { ratedEvents, received } from '../spec/events.ts';
import { granted } from '../spec/grants.ts';
import { enrolSubscribers } from '../subscribers/enrol.ts';
import { rerate, rerateBatch, RatedMeanwhile } from './rerate.ts';

const tariff = (version: number, text: string) => deckOf({ kind: DeckKind.TARIFF, ownerId: 1, version }, text);
const first = tariff(1, `
  prefix  rate  increments
  34      0.10  60/60
  44      0.60  60/60
  49      0.30  60/60
`);
/** Spain dearer, Britain as before by a longer prefix, Germany not at all. */
const second = tariff(2, `
  prefix  rate     increments
  34      0.12     60/60
  4420    0.60     60/60
  49      blocked  60/60
`);
const carrier = (version: number, rate: string) => deckOf({ kind: DeckKind.CARRIER, ownerId: 8, version, carrierCode: 'alpha' }, `
  prefix  rate
  34      ${rate}
`);
const [cheap, dear] = [carrier(1, '0.03'), carrier(2, '0.05')];

const calls: readonly SpecCall[] = table<'callId' | 'card' | 'number' | 'start' | 'carrier'>(`
  callId   card  number       start                carrier
  spain    0001  34650123456  2026-06-01T12:00:00  alpha
  spain2   0001  34650123456  2026-06-01T13:00:00  -
  britain  0001  44201234567  2026-06-01T12:00:00  -
  germany  0002  49301234567  2026-06-01T12:00:00  -
  may      0002  34650123456  2026-05-20T12:00:00  -
`).map(({ start, carrier: code, ...call }) => ({ ...call, startedAt: start, carrier: code === '-' ? '' : code }));

const about = { method: 'StartRerating', correlationId: 'spec' };

describe('rating calls again', () => {
  let bed: RatingBed;
  let deps: RatingDeps;

  beforeEach(async () => {
    bed = await openRating('rating_rerate');
    bed.catalog.decks = [first, second, cheap, dear];
    bed.catalog.activeDecks = [activated(first), activated(cheap)];
    bed.catalog.sellTerms = [termsOf({ tariffId: 1 })];
    deps = bed.instance();
    await deps.replica.start();
    const issued = create(CardsIssuedSchema, { batchId: 'b', cardIds: ['0001', '0002'], plan: { plan: { case: 'tariffId', value: 1 } } });
    await runReaction(bed.database, enrolSubscribers, [received(publicEvents.CardsIssued, issued)]);
  });
  afterEach(() => bed.close());

  const rateCalls = (some: readonly SpecCall[]) => runReaction(bed.database, rate(deps), some.map((call) => endedEvent(call)));
  /** The second versions are put in force after the fact, from the first of June. */
  const correctRates = async (...instances: RatingDeps[]) => {
    const events = [second, dear].map((deck) => received(publicEvents.DeckActivated, activated(deck, 2, '2026-06-01T00:00:00')));
    await runReaction(bed.database, deps.replica.reaction(), events);
    for (const instance of [deps, ...instances]) await instance.replica.refresh();
  };
  const june = { fromUs: instant('2026-06-01T00:00:00') };
  const start = async (order: { reratingId?: string; apply?: boolean; filter?: MessageInitShape<typeof ReratingFilterSchema> } = {}) => {
    const request = { reason: 'mistyped rate', by: 'anna', ...order, filter: { ...june, ...order.filter } };
    return await ratingAnswers(deps).startRerating(create(StartReratingRequestSchema, request), about);
  };
  const told = (answer: Awaited<ReturnType<typeof start>>): string => (answer.ok ? (answer.value.reratingId ?? '') : answer.refusal.code);
  const read = async (reratingId: string): Promise<Rerating> => {
    const answer = await ratingAnswers(deps).getRerating(create(ReratingRefSchema, { reratingId }), about);
    if (!answer.ok) throw new Error(answer.refusal.code);
    return create(ReratingSchema, answer.value);
  };
  const run = async (order: Parameters<typeof start>[0] = {}) => {
    const reratingId = told(await start(order));
    await rerate(deps);
    return await read(reratingId);
  };
  const revisions = async () => {
    const rows = await bed.database.query<{ key: string }>(`select call_key || ' ' || revision || ' ' || sell_nanos / 1000000 as key from rated_call order by 1`);
    return rows.map(({ key }) => key);
  };
  const revised = async (): Promise<CallRated[]> => (await ratedEvents(bed.database)).map(({ rated }) => rated).filter(({ revision }) => revision > 1);

  it('gives back the free seconds of calls, and takes them anew', async () => {
    await granted(deps, 'g90', { card: '0001' }, { sec: 90, prefixes: ['34'] });
    await rateCalls(calls);
    const uses = () => bed.database.query<{ use: string }>(`select call_key || ' ' || revision || ' ' || sec as use from allowance_use order by call_key, revision, sec`);
    expect((await uses()).map(({ use }) => use)).toEqual(['fs1/spain/0 1 60', 'fs1/spain2/0 1 30']);
    await correctRates();
    const filter = { charged: { party: { case: 'cardId' as const, value: '0001' } } };
    // The first call is free as before but for what it is bought for; the second pays 30 s of 60 by the corrected rate.
    expect(await run({ filter })).toMatchObject({ changedCount: 2n, totals: [{ sellDifferenceNanos: 10_000_000n }] });
    expect(await uses()).toHaveLength(2);
    expect(await run({ filter, apply: true })).toMatchObject({ changedCount: 2n, totals: [{ sellDifferenceNanos: 10_000_000n }] });
    expect(await run({ filter, apply: true })).toMatchObject({ changedCount: 0n });
    expect((await uses()).map(({ use }) => use)).toEqual([
      'fs1/spain/0 1 60', 'fs1/spain/0 2 -60', 'fs1/spain/0 2 60', 'fs1/spain2/0 1 30', 'fs1/spain2/0 2 -30', 'fs1/spain2/0 2 30',
    ]);
    expect(await bed.database.query('select used_sec from allowance_bucket')).toEqual([{ used_sec: 90 }]);
    expect((await revised()).map(({ sell }) => [sell?.freeSec, sell?.amount?.nanos])).toEqual([[60, 0n], [30, 60_000_000n]]);
  });

  it('tells in a dry run what would change, for whom, and what cannot be rated, and posts nothing', async () => {
    await rateCalls(calls);
    await correctRates();
    const before = await revisions();
    expect(await run()).toMatchObject({
      ...{ status: ReratingStatus.DONE, apply: false, by: 'anna', reason: 'mistyped rate', callCount: 4n, changedCount: 2n, refusedCount: 1n },
      totals: [{ currency: 'EUR', sellDifferenceNanos: 40_000_000n, buyDifferenceNanos: 12_000_000n }],
      parties: [{ charged: { party: { case: 'cardId', value: '0001' } }, currency: 'EUR', changedCount: 2n, sellDifferenceNanos: 40_000_000n, buyDifferenceNanos: 12_000_000n }],
      partyCount: 1n,
      worst: [
        { call: { callId: 'spain' }, sellBefore: { nanos: 100_000_000n }, sellAfter: { nanos: 120_000_000n }, buyBefore: { nanos: 18_000_000n }, buyAfter: { nanos: 30_000_000n }, revisionBefore: 1 },
        { call: { callId: 'spain2' } },
      ],
      refusals: [{ code: 'destination_blocked', callCount: 1n, someCalls: [{ callId: 'germany' }] }],
    });
    expect(await revisions()).toEqual(before);
    expect(await revised()).toEqual([]);
  });

  it('posts only what differs, once, as a revision more; the first ratings stand', async () => {
    await rateCalls(calls);
    await correctRates();
    const before = await revisions();
    const dry = await run();
    const applied = await run({ apply: true });
    expect({ ...applied, reratingId: '', apply: false, requestedAtUs: 0n, finishedAtUs: 0n }).toEqual({ ...dry, reratingId: '', requestedAtUs: 0n, finishedAtUs: 0n });
    expect(await revisions()).toEqual([...before, 'fs1/spain/0 2 120', 'fs1/spain2/0 2 120'].sort());
    expect(await revised()).toMatchObject([
      { call: { callId: 'spain' }, revision: 2, sell: { amount: { nanos: 120_000_000n }, deckDigest: second.version.digest }, buy: { amount: { nanos: 30_000_000n } } },
      { call: { callId: 'spain2' }, revision: 2 },
    ]);
    expect(await run({ apply: true })).toMatchObject({ callCount: 4n, changedCount: 0n, refusedCount: 1n, totals: [], parties: [] });
    expect(await revised()).toHaveLength(2);
  });

  it.each(table<'filter' | 'seen'>(`
    filter                                      | seen
    {}                                          | 4
    {"destinationPrefix":"34"}                  | 2
    {"destinationPrefix":"346501"}              | 2
    {"carrierCode":"alpha"}                     | 1
    {"plan":{"tariffId":1}}       | 4
    {"plan":{"voipPlanId":1}}     | 0
    {"charged":{"cardId":"0002"}} | 1
    {"charged":{"accountCode":"0002"}} | 0
  `))('looks at the calls that $filter chooses', async ({ filter, seen }) => {
    await rateCalls(calls);
    expect((await run({ filter: { ...fromJsonString(ReratingFilterSchema, filter), ...june } })).callCount).toBe(BigInt(seen));
  });

  it('takes a period from its first instant up to, and not with, its last', async () => {
    await rateCalls(calls);
    const at = instant('2026-06-01T12:00:00');
    const seen = async (fromUs: bigint, untilUs: bigint) => (await run({ filter: { fromUs, untilUs } })).callCount;
    expect([await seen(at, at + 1n), await seen(at - 1n, at), await seen(at + 1n, instant('2026-06-01T13:00:00'))]).toEqual([3n, 0n, 0n]);
  });

  it('leaves calls whose price was set by the sender, unless it is asked not to', async () => {
    await rateCalls([{ callId: 'set', preRated: { nanos: 5n, currency: 'EUR' } }, { callId: 'stranger', card: '9', preRated: { nanos: 5n, currency: 'EUR' } }]);
    expect(await run({ apply: true })).toMatchObject({ callCount: 0n });
    expect(await run({ apply: true, filter: { includePreRated: true } })).toMatchObject({ callCount: 2n, changedCount: 1n, refusals: [{ code: 'unknown_party' }] });
    expect(await revised()).toMatchObject([{ call: { callId: 'set' }, preRated: false, sell: { amount: { nanos: 100_000_000n } } }]);
    expect(await run({ apply: true, filter: { includePreRated: true } })).toMatchObject({ callCount: 2n, changedCount: 0n });
  });

  it('counts the fees of attempts that failed, of which a rating keeps enough to rate them again', async () => {
    await rateCalls([{ callId: 'hunted', tried: ['alpha', 'beta', 'alpha'], carrier: 'alpha' }]);
    const [event] = await ratedEvents(bed.database);
    expect(event?.rated.failedAttempts).toMatchObject([{ carrierCode: 'alpha', amount: { nanos: 0n, currency: 'EUR' }, prefix: '34' }, { carrierCode: 'beta', refusal: 'unknown_carrier' }]);
    await correctRates();
    const { $typeName: _, ...plain } = plainChunk(['34'], 50_000_000n);
    const fee = create(DeckChunkSchema, { ...plain, profiles: [{ terms: { attemptFeeNanos: 1_000_000_000n } }], profile: [1] });
    const withFee = specDeck({ kind: DeckKind.CARRIER, ownerId: 8, version: 3, carrierCode: 'alpha' }, [fee]);
    bed.catalog.decks.push(withFee);
    await runReaction(bed.database, deps.replica.reaction(), [received(publicEvents.DeckActivated, activated(withFee, 3, '2026-06-01T00:00:01'))]);
    await deps.replica.refresh();
    // 31 s by the second at 0.05 a minute, and one attempt over alpha that failed.
    expect(await run({ apply: true })).toMatchObject({ changedCount: 1n, worst: [{ buyBefore: { nanos: 18_000_000n }, buyAfter: { nanos: 1_025_833_333n } }] });
    expect(await run({ apply: true })).toMatchObject({ changedCount: 0n });
    const { call } = (await revised())[0] ?? {};
    const explained = await ratingAnswers(deps).explainCall(create(ExplainCallRequestSchema, { ...(call === undefined ? {} : { call }) }), about);
    expect(explained.ok && explained.value.buySteps?.slice(-3)).toEqual([
      expect.stringMatching(/^attempt over carrier alpha at 2026-06-01T12:00:00.000Z failed: 1.00 EUR, prefix 34 of deck /),
      'attempt over carrier beta at 2026-06-01T12:00:00.000Z failed; it has no price: unknown_carrier',
      'bought for 1.025833333 EUR in all',
    ]);
  });

  it('mends margins where an exchange rate came late or was corrected, and posts nothing else', async () => {
    const dollars = deckOf({ kind: DeckKind.CARRIER, ownerId: 9, carrierCode: 'dollars', currency: 'USD' }, `
      prefix  rate
      34      0.06
    `);
    bed.catalog.decks.push(dollars);
    const set = (revision: number, numerator: bigint, recordedAt: string) =>
      received(publicEvents.ExchangeRateSet, create(ExchangeRateSetSchema, {
        base: 'EUR', quote: 'USD', revision, numerator, decimals: 1, validFromUs: instant('2026-06-01T00:00:00'), source: 'ECB', by: 'ann', recordedAtUs: instant(recordedAt),
      }));
    const hear = async (...events: ReturnType<typeof received>[]) => {
      await runReaction(bed.database, deps.replica.reaction(), events);
      await deps.replica.refresh();
    };
    const newest = async () => {
      const { rated } = (await ratedEvents(bed.database)).at(-1) ?? {};
      return [rated?.revision, rated?.sell?.amount?.nanos, rated?.buy?.amount?.currency, rated?.margin?.amount?.nanos ?? rated?.marginRefusal];
    };
    await hear(received(publicEvents.DeckActivated, activated(dollars)));
    await rateCalls([{ callId: 'abroad', carrier: 'dollars', durationSec: 60 }]);
    expect(await newest()).toEqual([1, 100_000_000n, 'USD', 'no_exchange_rate']);
    await hear(set(1, 12n, '2026-06-02T00:00:00'));
    expect(await run({ apply: true })).toMatchObject({ changedCount: 1n });
    expect(await newest()).toEqual([2, 100_000_000n, 'USD', 50_000_000n]);
    await hear(set(2, 15n, '2026-06-03T00:00:00'));
    expect(await run({ apply: true })).toMatchObject({ changedCount: 1n });
    expect(await newest()).toEqual([3, 100_000_000n, 'USD', 60_000_000n]);
    expect(await run({ apply: true })).toMatchObject({ changedCount: 0n });
    expect(await bed.database.query('select margin_nanos from rated_call order by revision')).toEqual([{ margin_nanos: null }, { margin_nanos: 50_000_000n }, { margin_nanos: 60_000_000n }]);
  });

  it('is one job under one id, and another content under it is refused', async () => {
    await rateCalls(calls);
    expect([told(await start({ reratingId: 'june' })), told(await start({ reratingId: 'june' }))]).toEqual(['june', 'june']);
    bed.clock.advanceSec(1);
    expect(told(await start({ reratingId: 'june' }))).toBe('june');
    expect(told(await start({ reratingId: 'june', apply: true }))).toBe('idempotency_mismatch');
    expect(told(await start({ reratingId: 'june', filter: { destinationPrefix: '34' } }))).toBe('idempotency_mismatch');
    expect(told(await start({ filter: { fromUs: 0n } }))).toBe('field_missing');
    expect(told(await start({ filter: { fromUs: instant('2027-01-01T00:00:00') } }))).toBe('field_out_of_range');
    const listed = await ratingAnswers(deps).listReratings(create(EmptySchema), about);
    expect(listed.ok && listed.value.reratings?.map(({ reratingId }) => reratingId)).toEqual(['june']);
    await expect(read('nothing')).rejects.toThrow('unknown_rerating');
  });

  it('stays where it is once it is cancelled', async () => {
    await rateCalls(calls);
    const reratingId = told(await start({ apply: true }));
    const answer = await ratingAnswers(deps).cancelRerating(create(ReratingRefSchema, { reratingId }), about);
    expect(answer.ok && answer.value.status).toBe(ReratingStatus.CANCELLED);
    expect(await rerateBatch(deps)).toBe(false);
    expect(await read(reratingId)).toMatchObject({ status: ReratingStatus.CANCELLED, callCount: 0n });
  });

  describe('of many calls', () => {
    const many = Array.from({ length: 2_500 }, (_, at) => ({ callId: `m${at}`, card: at % 3 === 0 ? '0002' : '0001', startedAt: `2026-06-01T12:${String(at % 60).padStart(2, '0')}:00` }));
    const isWaiting = `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    let other: RatingDeps;

    beforeEach(async () => {
      other = bed.instance();
      await other.replica.start();
      await rateCalls(many);
      await correctRates(other);
    });

    const expectOnce = async (reratingId: string) => {
      expect(await read(reratingId)).toMatchObject({ status: ReratingStatus.DONE, changedCount: 2_500n, totals: [{ sellDifferenceNanos: 50_000_000_000n }], partyCount: 2n });
      const posted = await revised();
      expect([posted.length, new Set(posted.map(({ call }) => call?.callId)).size]).toEqual([2_500, 2_500]);
    };

    it('does each call once, however many instances are at it, while others are rated', async () => {
      const reratingId = told(await start({ apply: true }));
      const live = Array.from({ length: 5 }, (_, at) => rateCalls([{ callId: `live${at}`, startedAt: '2026-06-01T12:00:30' }]));
      await Promise.all([rerate(deps), rerate(other), rerate(deps), ...live]);
      await rerate(other);
      await expectOnce(reratingId);
    });

    it('has done nothing of a batch in which it died, and goes on after it', async () => {
      const reratingId = told(await start({ apply: true }));
      await until(async () => (await rerateBatch(deps)) && (await revised()).length > 0);
      const posted = (await revised()).length;
      await bed.asOwner('begin; lock table outbox_pending in access exclusive mode');
      const dying = expect(rerateBatch(deps)).rejects.toThrow();
      const [waiting] = await until(async () => {
        const found = await bed.database.query<{ pid: number }>(isWaiting);
        return found.length > 0 ? found : undefined;
      });
      await bed.database.query('select pg_terminate_backend($1)', [waiting?.pid]);
      await dying;
      await bed.asOwner('rollback');
      expect((await revised()).length).toBe(posted);
      expect((await read(reratingId)).changedCount).toBe(BigInt(posted));
      await rerate(other);
      await expectOnce(reratingId);
    });

    it('looks again at a call that got a newer rating in between', async () => {
      const reratingId = told(await start({ apply: true }));
      const insert = `insert into rated_call select (jsonb_populate_record(r, '{"revision": 2, "sell_nanos": 7}')).* from rated_call r where call_key = 'fs1/m0/0'`;
      await bed.asOwner(`begin; ${insert}`);
      const beaten = expect(rerate(deps)).rejects.toThrow(RatedMeanwhile);
      await until(async () => (await bed.database.query(isWaiting)).length > 0);
      await bed.asOwner('commit');
      await beaten;
      await rerate(deps);
      expect(await read(reratingId)).toMatchObject({ changedCount: 2_500n });
      expect(await bed.database.query(`select revision, sell_nanos from rated_call where call_key = 'fs1/m0/0' order by revision`)).toEqual([
        { revision: 1, sell_nanos: 100_000_000n }, { revision: 2, sell_nanos: 7n }, { revision: 3, sell_nanos: 120_000_000n },
      ]);
    });
  });
});
