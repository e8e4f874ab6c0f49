import { create } from '@bufbuild/protobuf';
import { CardsIssuedSchema, DeckKind, publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import { runReaction } from '@tollwire/event-store';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { ratingAnswers } from '../answers/rating-answers.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { openRating, type RatingBed } from '../spec/bed.ts';
import { endedEvent } from '../spec/calls.ts';
import { activated, deckOf, termsOf } from '../spec/decks.ts';
import { ratedEvents, received } from '../spec/events.ts';
import { enrolSubscribers } from '../subscribers/enrol.ts';
import { rate } from './rate.ts';
import { retryParked } from './retry-parked.ts';

const tariff = deckOf({ kind: DeckKind.TARIFF, ownerId: 1 }, `
  prefix  rate     increments
  34      0.10     60/60
  349     blocked  60/60
`);
const mended = deckOf({ kind: DeckKind.TARIFF, ownerId: 1, version: 2 }, `
  prefix  rate  increments
  34      0.10  60/60
  49      0.50  60/60
`);

describe('what could not be rated', () => {
  let bed: RatingBed;
  let deps: RatingDeps;

  beforeAll(async () => {
    bed = await openRating('rating_retry');
    bed.catalog.decks = [tariff, mended];
    bed.catalog.activeDecks = [activated(tariff)];
    bed.catalog.sellTerms = [termsOf({ tariffId: 1 })];
    deps = bed.instance();
    await deps.replica.start();
    await enrol('0001');
  });
  beforeEach(() => bed.asOwner('delete from dead_letter'));
  afterAll(() => bed.close());

  const enrol = (card: string) => {
    const issued = create(CardsIssuedSchema, { batchId: card, cardIds: [card], plan: { plan: { case: 'tariffId', value: 1 } } });
    return runReaction(bed.database, enrolSubscribers, [received(publicEvents.CardsIssued, issued)]);
  };
  const run = (...events: ReceivedEvent[]) => runReaction(bed.database, rate(deps), events);
  const letters = () => bed.database.query<{ code: string; tries: number }>('select code, tries from dead_letter order by position');
  const waited = (seconds: number) => bed.asOwner(`update dead_letter set parked_at = now() - interval '${seconds} seconds'`);
  const pricesOf = async (callId: string) => (await ratedEvents(bed.database)).filter(({ rated }) => rated.call?.callId === callId).map(({ rated }) => rated.sell?.amount?.nanos);

  it('waits 5 s after the first try, twice as long after each further one, and never above an hour', async () => {
    const rows = table<'tries' | 'sec'>(`
      tries | sec
      1     | 5
      2     | 10
      3     | 20
      10    | 2560
      11    | 3600
      40    | 3600
    `);
    for (const { tries, sec } of rows) {
      await bed.asOwner('delete from dead_letter');
      await run(endedEvent({ callId: 'waits', card: 'nobody' }));
      await bed.asOwner(`update dead_letter set tries = ${tries}`);
      await waited(Number(sec) - 2);
      await retryParked(deps);
      expect(await letters()).toEqual([{ code: 'unknown_party', tries: Number(tries) }]);
      await waited(Number(sec));
      await retryParked(deps);
      expect(await letters()).toEqual([{ code: 'unknown_party', tries: Number(tries) + 1 }]);
    }
  });

  it('is left to an operator where it will not come right by itself', async () => {
    await run(endedEvent({ callId: 'backwards', durationSec: -2 }), endedEvent({ callId: 'nowhere', number: '12x' }), endedEvent({ callId: 'local', number: '0650' }));
    await waited(1_000_000);
    await retryParked(deps);
    expect((await letters()).map(({ tries }) => tries)).toEqual([1, 1, 1]);
  });

  it('drives what is due and nothing else, however many instances drive at once', async () => {
    const early = Array.from({ length: 20 }, (_, at) => endedEvent({ callId: `early${at}`, card: 'soon' }));
    await run(...early, endedEvent({ callId: 'backwards', durationSec: -2 }));
    await enrol('soon');
    await waited(6);
    const others = [bed.instance(), bed.instance()];
    for (const { replica } of others) await replica.start();
    await Promise.all([deps, ...others].map((instance) => retryParked(instance)));
    expect(await letters()).toEqual([{ code: 'times_out_of_order', tries: 1 }]);
    for (const at of early.keys()) expect(await pricesOf(`early${at}`)).toEqual([100_000_000n]);
  });

  it('is charged once where the call comes again from another adapter while its letter is driven', async () => {
    const copies = Array.from({ length: 6 }, (_, at) => endedEvent({ callId: 'again', card: 'meanwhile' }, `adapter${at}`));
    await run(...copies.slice(0, 2));
    await run(...copies.slice(1, 3));
    expect((await letters()).map(({ code }) => code)).toEqual(['unknown_party', 'unknown_party', 'unknown_party']);
    await enrol('meanwhile');
    await waited(60);
    const other = bed.instance();
    await other.replica.start();
    await Promise.all([retryParked(deps), retryParked(other), run(...copies), runReaction(bed.database, rate(other), copies.toReversed())]);
    expect(await pricesOf('again')).toEqual([100_000_000n]);
    await waited(60);
    await retryParked(deps);
    expect(await letters()).toEqual([]);
  });

  it('is priced when the rate is there at last, a destination that was blocked, too', async () => {
    await run(endedEvent({ callId: 'norate', number: '4930111111' }), endedEvent({ callId: 'blocked', number: '34911111111' }));
    expect((await letters()).map(({ code }) => code).sort()).toEqual(['destination_blocked', 'no_sell_rate']);
    await runReaction(bed.database, deps.replica.reaction(), [received(publicEvents.DeckActivated, activated(mended, 2, '2026-05-01T00:00:00'))]);
    await deps.replica.refresh();
    await waited(60);
    await retryParked(deps);
    expect([await pricesOf('norate'), await pricesOf('blocked'), await letters()]).toEqual([[500_000_000n], [100_000_000n], []]);
  });

  it('does not hide another telling of the same call in the same batch', async () => {
    await run(endedEvent({ callId: 'both', durationSec: -2 }, 'a'), endedEvent({ callId: 'both', card: 'nobody' }, 'b'), endedEvent({ callId: 'both' }, 'c'));
    expect(await pricesOf('both')).toEqual([100_000_000n]);
    expect((await letters()).map(({ code }) => code).sort()).toEqual(['times_out_of_order', 'unknown_party']);
  });

  it('leaves sums alone that no message holds: they are refused, not wrapped around', async () => {
    const preRated = (callId: string, nanos: bigint) => endedEvent({ callId, preRated: { nanos, currency: 'VND' } });
    const totals = () => ratingAnswers(deps).totals({ $typeName: 'tollwire.common.v1.Empty' }, { method: '', correlationId: '' });
    await run(preRated('huge', 2n ** 63n - 2n), preRated('one', 1n));
    expect(await totals()).toMatchObject({ ok: true, value: { sell: [{ currency: 'EUR' }, { currency: 'VND', nanos: 2n ** 63n - 1n }] } });
    await run(preRated('straw', 1n));
    expect(await totals()).toEqual({ ok: false, refusal: { code: 'reply_too_large', facts: { side: 'sell', currency: 'VND', nanos: String(2n ** 63n) } } });
  });
});
