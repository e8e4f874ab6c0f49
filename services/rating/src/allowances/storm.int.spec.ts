import { create } from '@bufbuild/protobuf';
import { CardsIssuedSchema, DeckKind, publicEvents } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { runReaction } from '@tollwire/event-store';
import { priceBeside } from '@tollwire/telecom';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Draw } from '../domain/allowance.ts';
import { type EndedCall, rateCall } from '../domain/rate-call.ts';
import { insertRatedCalls } from '../rated-calls/insert.ts';
import { readRatedCall } from '../rated-calls/read.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { rate } from '../reactions/rate.ts';
import { openRating, type RatingBed } from '../spec/bed.ts';
import { endedEvent } from '../spec/calls.ts';
import { activated, deckOf, termsOf } from '../spec/decks.ts';
import { received } from '../spec/events.ts';
import { granted } from '../spec/grants.ts';
import { enrolSubscribers } from '../subscribers/enrol.ts';
import { chargeBeside } from './charge-beside.ts';
import { keepUses } from './keep.ts';

/** The same storm comes again with TOLLWIRE_TEST_SEED set to the number in the name of the test. */
const seed = Number(process.env['TOLLWIRE_TEST_SEED'] ?? Date.now() % 1_000_000_007);
const tariff = deckOf({ kind: DeckKind.TARIFF, ownerId: 1 }, `
  prefix  rate   connect  increments
  34      0.06   0.01     30/6
  349     0.60   0        60/60
`);
const subscriber = { plan: { kind: 'tariff', id: 1 }, pulses: undefined } as const;

const step = fc.record({
  call: fc.nat(7), card: fc.constantFrom('a', 'a', 'b'), durationSec: fc.nat(150), mobile: fc.boolean(), day: fc.integer({ min: 1, max: 2 }), lane: fc.nat(1),
  then: fc.constantFrom('batch', 'batch', 'run', 'rerate'),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
const grant = fc.record({
  sec: fc.integer({ min: 1, max: 200 }), period: fc.constantFrom('once', 'day'), mobile: fc.boolean(), weight: fc.nat(2), covers: fc.constantFrom('none', 'all'), plan: fc.boolean(),
});
const grants = fc.array(grant, { minLength: 1, maxLength: 4 });

describe('a storm of calls beside allowances', () => {
  let bed: RatingBed;
  let instances: RatingDeps[];
  let round = 0;

  beforeAll(async () => {
    bed = await openRating('rating_allowance_storm');
    bed.catalog.decks = [tariff];
    bed.catalog.activeDecks = [activated(tariff)];
    bed.catalog.sellTerms = [termsOf({ tariffId: 1 })];
    instances = [bed.instance(), bed.instance()];
    for (const { replica } of instances) await replica.start();
  });
  afterAll(() => bed.close());

  const cardOf = (name: string) => `${name}${round}`;
  const callIdOf = (call: number) => `s${round}-${call}`;

  async function runLane(deps: RatingDeps, lane: readonly Step[]): Promise<void> {
    let batch: Step[] = [];
    for (const one of lane) {
      batch.push(one);
      if (one.then === 'batch') continue;
      await runReaction(bed.database, rate(deps), batch.map(({ call, card, durationSec, mobile, day }) =>
        endedEvent({ callId: callIdOf(call), card: cardOf(card), durationSec, number: mobile ? '34650123456' : '34912345678', startedAt: `2026-05-0${day}T12:00:00` }, `adapter${durationSec}`)));
      batch = [];
      if (one.then === 'rerate') await rerate(deps, `fs1/${callIdOf(one.call)}/0`);
    }
  }

  /** Rates a call once more as it was: gives back what it took, and takes anew. */
  async function rerate(deps: RatingDeps, callKey: string): Promise<void> {
    await bed.database.transaction(async (tx) => {
      const before = await readRatedCall(tx, callKey);
      if (before === undefined) return;
      const { partyKey, plan, rated, startedAt, answeredAt, endedAt, carrierCode } = before;
      const ended: EndedCall = { calledNumber: rated.calledE164, startedAt, answeredAt, endedAt, carrierCode, preRatedSell: undefined };
      const priced = (draws: readonly Draw[]) => {
        const again = rateCall(ended, subscriber, deps.tables.now, draws);
        return again.ok ? again.value : undefined;
      };
      const call = { callKey, revision: before.revision + 1, partyKey, plan, at: answeredAt ?? startedAt, rated: present(priced([]), 'a price'), withDraws: priced };
      const [charged] = await chargeBeside(tx, deps.allowances, [call], deps.clock.nowUs());
      const added = await insertRatedCalls(tx, [{ ...before, revision: call.revision, rated: present(charged, 'a charge').rated }]);
      if (added.length > 0 && charged?.drawn !== undefined) await keepUses(tx, [charged.drawn], deps.clock.nowUs());
    }, { byKey: true });
  }

  it(`uses no second twice, whatever the order, repeats, re-ratings and instances, and charges the rest exactly (SEED ${seed})`, async () => {
    await fc.assert(fc.asyncProperty(grants, fc.array(step, { minLength: 5, maxLength: 40 }), async (given, steps) => {
      round += 1;
      await bed.asOwner('truncate allowance_grant, allowance_bucket, allowance_use, allowance_hold');
      const cardIds = [cardOf('a'), cardOf('b')];
      const issued = create(CardsIssuedSchema, { batchId: `b${round}`, cardIds, plan: { plan: { case: 'tariffId', value: 1 } } });
      await runReaction(bed.database, enrolSubscribers, [received(publicEvents.CardsIssued, issued)]);
      for (const [at, { sec, period, mobile, weight, covers, plan }] of given.entries()) {
        await granted(present(instances[at % 2], 'an instance'), `g${round}-${at}`, plan ? { tariffId: 1 } : { card: cardOf('a') }, { sec, period, weight, covers, prefixes: mobile ? ['346'] : [] });
      }
      await Promise.all([0, 1].map((lane) => runLane(present(instances[lane], 'an instance'), steps.filter((one) => one.lane === lane))));

      const buckets = await bed.database.query<{ granted_sec: number; used_sec: number; sec: bigint }>(`
        select b.granted_sec, b.used_sec, u.sec from allowance_bucket b
        join (select party_key, grant_id, period, sum(sec) as sec from allowance_use group by 1, 2, 3) u using (party_key, grant_id, period)`);
      for (const { granted_sec: grantedSec, used_sec: usedSec, sec } of buckets) expect([usedSec <= grantedSec, usedSec >= 0, BigInt(usedSec)]).toEqual([true, true, sec]);
      for (const call of new Set(steps.map((one) => one.call))) await isExact(`fs1/${callIdOf(call)}/0`);
    }), { seed, numRuns: 12, endOnFailure: true });
  }, 120_000);

  /** The newest rating of a call is what its seconds cost beside those that its uses come to, and its uses are what it says. */
  async function isExact(callKey: string): Promise<void> {
    const record = await readRatedCall(bed.database, callKey);
    if (record === undefined) return;
    const [net] = await bed.database.query<{ sec: bigint | null }>('select sum(sec) as sec from allowance_use where call_key = $1', [callKey]);
    const { sell, durationSec } = record.rated;
    const derivation = present(sell.derivation, 'a derivation');
    expect(derivation.freeSec).toBe(Number(net?.sec ?? 0n));
    expect(derivation.allowances.reduce((sum, { sec }) => sum + sec, 0)).toBe(derivation.freeSec);
    if (derivation.schedule === undefined) return;
    const { billedSec, freeSec } = derivation;
    expect(priceBeside(derivation.schedule, durationSec, { sec: freeSec, covers: 'none' })).toEqual({ amount: sell.amount.nanos, billedSec, freeSec });
  }
});
