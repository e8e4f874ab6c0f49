import { create } from '@bufbuild/protobuf';
import { CardsIssuedSchema, DeckKind, EmptySchema, ExplainCallRequestSchema, publicEvents, ReratingFilterSchema, StartReratingRequestSchema } from '@tollwire/contracts';
import { runReaction } from '@tollwire/event-store';
import type { Forgotten } from '@tollwire/platform';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ratingAnswers } from '../answers/rating-answers.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { rate } from '../reactions/rate.ts';
import { rerateBatch } from '../rerate/rerate.ts';
import { openRating, type RatingBed } from '../spec/bed.ts';
import { endedEvent } from '../spec/calls.ts';
import { activated, deckOf, termsOf } from '../spec/decks.ts';
import { ratedEvents, received } from '../spec/events.ts';
import { enrolSubscribers } from '../subscribers/enrol.ts';
import { ratingForgets } from './forget-number.ts';

const tariff = deckOf({ kind: DeckKind.TARIFF, ownerId: 1 }, `
  prefix   rate  increments
  3465012  0.10  60/60
  4420     0.60  60/60
`);
const called = '34650123456';
const about = { method: 'StartRerating', correlationId: 'spec' };

describe('a number that is erased', () => {
  let bed: RatingBed;
  let deps: RatingDeps;
  beforeAll(async () => {
    bed = await openRating('rating_forgets');
    bed.catalog.decks = [tariff];
    bed.catalog.activeDecks = [activated(tariff)];
    bed.catalog.sellTerms = [termsOf({ tariffId: 1 })];
    deps = bed.instance();
    await deps.replica.start();
    const plan = { plan: { case: 'tariffId' as const, value: 1 } };
    await runReaction(bed.database, enrolSubscribers, [received(publicEvents.CardsIssued, create(CardsIssuedSchema, { batchId: 'b', cardIds: ['0001'], plan }))]);
  });
  afterAll(() => bed.close());

  const end = (callId: string, number: string, by = deps) => runReaction(bed.database, rate(by), [endedEvent({ callId, number, durationSec: 30 })]);
  const calledOf = async () =>
    Object.fromEntries((await bed.database.query<{ call_key: string; called_e164: string }>('SELECT call_key, called_e164 FROM rated_call')).map((row) => [row.call_key, row.called_e164]));
  const forgetAll = async () => {
    let count = 0;
    const [place] = ratingForgets.places;
    let after: string | undefined = '';
    while (place !== undefined && after !== undefined) {
      const step: Forgotten = await place.forget(deps, called, after);
      count += step.count;
      after = step.next;
    }
    return count;
  };

  it('is masked in every rating to it, and in ratings of erased calls whoever they were to; prefixes and money stay', async () => {
    await end('to', called);
    await end('from', '442012345678');
    await end('other', '442087654321');
    expect([await forgetAll(), await forgetAll()]).toEqual([1, 0]);
    expect([await ratingForgets.calls?.forget(deps, ['fs1/from/0']), await ratingForgets.calls?.forget(deps, ['fs1/from/0'])]).toEqual([{ count: 1 }, { count: 0 }]);
    expect(await calledOf()).toEqual({ 'fs1/to/0': '346501*****', 'fs1/from/0': '442012******', 'fs1/other/0': '442087654321' });
    expect(await bed.database.query(`SELECT sell_nanos, sell_prefix FROM rated_call WHERE call_key = 'fs1/to/0'`)).toEqual([{ sell_nanos: 100_000_000n, sell_prefix: '3465012' }]);
    const explained = await ratingAnswers(deps).explainCall(create(ExplainCallRequestSchema, { call: { switchId: 'fs1', callId: 'to' } }), about);
    expect(JSON.stringify(explained, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(called);
  });

  it('does not come back with a call that is erased and ends later, in any instance, nor by rating it again', async () => {
    await ratingForgets.calls?.forget(deps, ['fs1/late/0']);
    const other = bed.instance();
    await other.replica.start();
    await other.erased.refresh(bed.database);
    await end('late', called, other);
    expect(await calledOf()).toMatchObject({ 'fs1/late/0': '346501*****' });
    expect((await ratedEvents(bed.database)).at(-1)?.rated).toMatchObject({ call: { callId: 'late' }, calledE164: '346501*****', sell: { prefix: '3465012' } });
    const filter = create(ReratingFilterSchema, { fromUs: 1_780_000_000_000_000n - 864_000_000_000n, untilUs: BigInt(bed.clock.nowUs()) });
    await ratingAnswers(deps).startRerating(create(StartReratingRequestSchema, { reratingId: 'again', apply: true, filter, by: 'operator:ann', reason: 'new rates' }), about);
    await expect((async () => { while (await rerateBatch(deps)); })()).resolves.toBeUndefined();
    const jobs = await ratingAnswers(deps).listReratings(create(EmptySchema), about);
    expect(jobs).toMatchObject({ value: { reratings: [{ status: 2, callCount: 1n, refusedCount: 0n }] } });
  });

  it('is all that the service may change in what is rated', async () => {
    await expect(bed.database.query('UPDATE rated_call SET called_e164 = NULL')).rejects.toThrow('permission denied');
    expect(await bed.database.query(`SELECT mask_erased_ratings(array['fs1/other/0']) AS count`)).toEqual([{ count: 0n }]);
  });
});
