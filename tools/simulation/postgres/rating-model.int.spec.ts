import { create } from '@bufbuild/protobuf';
import { CardsIssuedSchema, DeckKind, publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import { type Database, runReaction } from '@tollwire/event-store';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AllowanceTargets } from '../../../services/rating/src/allowances/targets.ts';
import type { RatingDeps } from '../../../services/rating/src/rating.deps.ts';
import { rate } from '../../../services/rating/src/reactions/rate.ts';
import { retryParked } from '../../../services/rating/src/reactions/retry-parked.ts';
import { openRating, type RatingBed } from '../../../services/rating/src/spec/bed.ts';
import { endedEvent } from '../../../services/rating/src/spec/calls.ts';
import { activated, deckOf, termsOf } from '../../../services/rating/src/spec/decks.ts';
import { received } from '../../../services/rating/src/spec/events.ts';
import { enrolSubscribers } from '../../../services/rating/src/subscribers/enrol.ts';
import { SubscriberPlans } from '../../../services/rating/src/subscribers/subscriber-plans.ts';
import { Chance } from '../chance.ts';
import { rerateOne } from '../rerate-one.ts';
import { type Compared, rowsIn } from './comparison.fixture.ts';
import { databaseOver } from './self-stepping.fixture.ts';
import { Store } from './store.ts';

const compared: Compared = {
  rated_call:
    'call_key, revision, party_key, plan_kind, plan_id, called_e164, started_at_us, answered_at_us, ended_at_us, duration_sec, carrier_code, pre_rated, ' +
    'rated_at_us, sell_nanos, sell_prefix, buy_nanos, margin_nanos, margin_facts',
  subscriber_plan: 'party_key, tariff_id, voip_plan_id, startpulse_sec, frequency_sec, incoming_leg',
  dead_letter: 'event_id, consumer, kind, type, source, key, time_us, data, code, detail, tries',
  inbox: 'event_id',
  outbox: 'subject, event_count, payload',
};

const tariff = deckOf({ kind: DeckKind.TARIFF, ownerId: 1 }, `
  prefix  rate  increments
  34      0.10  60/60
`);
const twoHoursUs = 7_200_000_000;

describe('the same events to rating', () => {
  let bed: RatingBed;
  let real: RatingDeps;
  let modelled: RatingDeps;
  /** How far the model's clock is ahead, where the real letters are made older. */
  let aheadUs = 0;

  beforeAll(async () => {
    bed = await openRating('rating_model');
    bed.catalog.decks = [tariff];
    bed.catalog.activeDecks = [activated(tariff)];
    bed.catalog.sellTerms = [termsOf({ tariffId: 1 })];
    real = bed.instance();
    await real.replica.start();
    const database = databaseOver(new Store(() => bed.clock.nowUs() + aheadUs));
    modelled = { ...real, database, subscribers: new SubscriberPlans(), allowances: new AllowanceTargets() };
  });
  afterAll(() => bed.close());

  const issued = (card: string): ReceivedEvent =>
    received(publicEvents.CardsIssued, create(CardsIssuedSchema, { batchId: card, cardIds: [card], plan: { plan: { case: 'tariffId', value: 1 } } }));

  async function both(work: (deps: RatingDeps, database: Database) => Promise<unknown>): Promise<void> {
    await work(real, real.database);
    await work(modelled, modelled.database);
  }

  it.each([1, 2, 3, 4])('leave the same rows in the model and in PostgreSQL (seed %i)', async (seed) => {
    const chance = new Chance(seed);
    for (let step = 0; step < 25; step += 1) {
      // All tellings of a call say the same, since it is not told in which order parked ones are tried.
      const events = Array.from({ length: 1 + chance.below(4) }, () => {
        const call = chance.below(12);
        const told = { callId: `r${seed}-${call}`, card: `${seed}-${call % 4}`, durationSec: 20 * call, number: call === 11 ? '999123456' : '34912345678' };
        return endedEvent(told, `adapter${chance.below(3)}`);
      });
      const card = `${seed}-${chance.below(4)}`;
      const kind = chance.below(10);
      const again = `fs1/r${seed}-${chance.below(12)}/0`;
      if (kind < 6) await both((deps, database) => runReaction(database, rate(deps), events));
      else if (kind < 8) await both((_deps, database) => runReaction(database, enrolSubscribers, [issued(card)]));
      else if (kind === 8) await both((deps) => rerateOne(deps, again));
      else {
        await bed.asOwner("update dead_letter set parked_at = now() - interval '2 hours'");
        aheadUs += twoHoursUs;
        await both((deps) => retryParked(deps));
      }
    }
    const rows = await rowsIn(modelled.database, compared);
    expect(rows).toEqual(await rowsIn(real.database, compared));
    expect([rows['rated_call'], rows['dead_letter'], rows['subscriber_plan']].map((some) => (some?.length ?? 0) > 0)).toEqual([true, true, true]);
  });
});
