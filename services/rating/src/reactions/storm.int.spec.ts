import { create } from '@bufbuild/protobuf';
import { CardsIssuedSchema, DeckKind, publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { runReaction } from '@tollwire/event-store';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ratingAnswers } from '../answers/rating-answers.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { openRating, type RatingBed } from '../spec/bed.ts';
import { endedEvent, type SpecCall } from '../spec/calls.ts';
import { activated, deckOf, termsOf } from '../spec/decks.ts';
import { ratedEvents, received } from '../spec/events.ts';
import { enrolSubscribers } from '../subscribers/enrol.ts';
import { rate } from './rate.ts';
import { retryParked } from './retry-parked.ts';

/** The same storm comes again with TOLLWIRE_TEST_SEED set to the number in the name of the test. */
const seed = Number(process.env['TOLLWIRE_TEST_SEED'] ?? Date.now() % 1_000_000_007);

const version = (number: number, rate: string) =>
  deckOf(
    { kind: DeckKind.TARIFF, ownerId: 1, version: number },
    `
  prefix           rate     increments
  34               ${rate}  60/60
  346501234567890  0        60/60
`,
  );
const first = version(1, '0.10');
const second = version(2, '0.20');
const alpha = deckOf(
  { kind: DeckKind.CARRIER, ownerId: 8, carrierCode: 'alpha' },
  `
  prefix  rate  increments
  34      0.03  60/60
`,
);

/** What adapters tell of the end of one call: alike, with another duration, for a card not known yet, or absurd. */
const tellings: readonly SpecCall[] = [
  { durationSec: 60, carrier: 'alpha' },
  { durationSec: 60, carrier: 'alpha' },
  { durationSec: 121 },
  { durationSec: 60, card: 'late' },
  { durationSec: 60, number: '346501234567890' },
  { answeredAfterSec: undefined },
  { preRated: { nanos: 2n ** 53n + 1n, currency: 'EUR' } },
  { durationSec: -3 },
];
const absurd = tellings.length - 1;

const steps = fc.array(
  fc.record({
    call: fc.nat(7),
    telling: fc.oneof(fc.nat(absurd), fc.nat(absurd), fc.constant(absurd)),
    adapter: fc.nat(2),
    lane: fc.nat(1),
    then: fc.constantFrom('batch', 'batch', 'batch', 'batch', 'run', 'swap', 'retry', 'enrol'),
  }),
  { minLength: 10, maxLength: 50 },
);
type Step = { readonly call: number; readonly telling: number; readonly adapter: number; readonly lane: number; readonly then: string };

describe('a storm of ended calls', () => {
  let bed: RatingBed;
  let instances: RatingDeps[];
  let round = 0;

  beforeAll(async () => {
    bed = await openRating('rating_storm');
    bed.catalog.decks = [first, second, alpha];
    bed.catalog.activeDecks = [activated(first), activated(alpha)];
    bed.catalog.sellTerms = [termsOf({ tariffId: 1 })];
    instances = [bed.instance(), bed.instance()];
    for (const { replica } of instances) await replica.start();
    await runReaction(bed.database, enrolSubscribers, [issued('0001')]);
  });
  afterAll(() => bed.close());

  const issued = (card: string) =>
    received(publicEvents.CardsIssued, create(CardsIssuedSchema, { batchId: card, cardIds: [card], plan: { plan: { case: 'tariffId', value: 1 } } }));
  const lateCard = () => `late-${round}`;
  const callIdOf = (call: number) => `r${round}-${call}`;
  const eventOf = ({ call, telling, adapter }: Step): ReceivedEvent => {
    const told = present(tellings[telling], 'a telling');
    return endedEvent({ ...told, callId: callIdOf(call), card: told.card === undefined ? '0001' : lateCard() }, `adapter${adapter}-${telling}`);
  };
  const due = () => bed.asOwner(`update dead_letter set parked_at = now() - interval '2 hours'`);

  /** One lane: its events in batches, and what else happens there meanwhile. */
  async function runLane(deps: RatingDeps, lane: readonly Step[]): Promise<void> {
    let batch: ReceivedEvent[] = [];
    for (const step of lane) {
      batch.push(eventOf(step));
      if (step.then === 'batch') continue;
      await runReaction(bed.database, rate(deps), batch);
      batch = [];
      if (step.then === 'enrol') await runReaction(bed.database, enrolSubscribers, [issued(lateCard())]);
      if (step.then === 'retry') await due().then(() => retryParked(deps));
      if (step.then === 'swap') await swap(deps);
    }
    await runReaction(bed.database, rate(deps), batch);
  }

  /** The new version begins before all calls: it prices those that are rated from the swap on. */
  async function swap(deps: RatingDeps): Promise<void> {
    await runReaction(bed.database, deps.replica.reaction(), [received(publicEvents.DeckActivated, activated(second, 2, '2026-05-01T00:00:00'))]);
    await deps.replica.refresh();
  }

  /** What a telling may cost, by the version that it was priced by; nothing where it cannot be priced. */
  const pricesOf = (telling: number): bigint[] =>
    [[100_000_000n, 200_000_000n], [100_000_000n, 200_000_000n], [300_000_000n, 600_000_000n], [100_000_000n, 200_000_000n], [0n], [0n], [2n ** 53n + 1n], []][
      telling
    ] ?? [];

  const ratedNow = async () => (await ratedEvents(bed.database)).filter(({ rated }) => rated.call?.callId.startsWith(`r${round}-`));

  it(`charges each call once, by one of its tellings and one set of tables, and loses none (SEED ${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        round += 1;
        await bed.asOwner('delete from dead_letter');
        await Promise.all(
          [0, 1].map((lane) =>
            runLane(
              present(instances[lane], 'an instance'),
              all.filter((step) => step.lane === lane),
            ),
          ),
        );
        await runReaction(bed.database, enrolSubscribers, [issued(lateCard())]);
        await due();
        await Promise.all(instances.map((deps) => retryParked(deps)));
        await due();
        await Promise.all(instances.map((deps) => retryParked(deps)));

        const told = await ratedNow();
        const wanted = new Set(all.filter(({ telling }) => telling !== absurd).map(({ call }) => callIdOf(call)));
        expect(told.map(({ rated }) => rated.call?.callId).sort()).toEqual([...wanted].sort());
        for (const { rated } of told) {
          const mine = all.filter(({ call }) => callIdOf(call) === rated.call?.callId);
          expect(mine.flatMap(({ telling }) => pricesOf(telling))).toContain(rated.sell?.amount?.nanos);
          if (rated.sell?.deckDigest !== '' && rated.sell?.prefix === '34') {
            expect([rated.sell.ratePerMinNanos, rated.sell.deckDigest]).toEqual(
              rated.sell.deckDigest === first.version.digest ? [100_000_000n, first.version.digest] : [200_000_000n, second.version.digest],
            );
          }
        }
        const letters = await bed.database.query<{ code: string; event_id: string }>('select code, event_id::text from dead_letter');
        const absurdIds = new Set(all.filter(({ telling }) => telling === absurd).map((step) => eventOf(step).id));
        for (const { code, event_id: id } of letters) expect([code, absurdIds.has(id)]).toEqual(['times_out_of_order', true]);
      }),
      { seed, numRuns: 15, endOnFailure: true },
    );
  }, 60_000);

  it('adds up: the answers of rating sum what it told, to the nano', async () => {
    const told = await ratedEvents(bed.database);
    const sum = (side: 'sell' | 'buy') => told.reduce((total, { rated }) => total + (rated[side]?.amount?.nanos ?? 0n), 0n);
    const answer = await ratingAnswers(present(instances[0], 'an instance')).totals(
      { $typeName: 'tollwire.common.v1.Empty' },
      { method: '', correlationId: '' },
    );
    expect(answer).toMatchObject({ ok: true, value: { ratedCount: BigInt(told.length), sell: [{ currency: 'EUR', nanos: sum('sell') }] } });
    const rows = await bed.database.query<{ buy: string | null }>('select sum(buy_nanos)::text as buy from rated_call');
    expect(BigInt(rows[0]?.buy ?? 0)).toBe(sum('buy'));
  });
});
