import { create } from '@bufbuild/protobuf';
import { CardsIssuedSchema, DeckKind, publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runReaction } from '@tollwire/event-store';
import { table } from '@tollwire/testing';
import { ratingAnswers } from '../answers/rating-answers.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { rate } from '../reactions/rate.ts';
import { openRating, type RatingBed } from '../spec/bed.ts';
import { endedEvent, type SpecCall } from '../spec/calls.ts';
import { activated, deckOf, termsOf } from '../spec/decks.ts';
import { ratedEvents, received } from '../spec/events.ts';
import { granted } from '../spec/grants.ts';
import { enrolSubscribers } from '../subscribers/enrol.ts';

/** By the second, so that seconds and millis are the same number; and by the minute with a fee. */
const tariff = deckOf({ kind: DeckKind.TARIFF, ownerId: 1 }, `
  prefix  rate   connect  increments
  34      0.06   0        1/1
  44      0.60   0.05     60/60
  49      0      0.05     1/1
`);

describe('allowances', () => {
  let bed: RatingBed;
  let deps: RatingDeps;
  let other: RatingDeps;

  beforeAll(async () => {
    bed = await openRating('rating_allowances');
    bed.catalog.decks = [tariff];
    bed.catalog.activeDecks = [activated(tariff)];
    bed.catalog.sellTerms = [termsOf({ tariffId: 1 }), termsOf({ tariffId: 2 })];
    deps = bed.instance();
    other = bed.instance();
    await Promise.all([deps.replica.start(), other.replica.start()]);
    await issue(['plain', 'once', 'daily', 'fees', 'raced', 'zero', 'parked', 'crash', 'told'], 1);
  });

  afterAll(() => bed.close());

  const issue = (cardIds: string[], tariffId: number) =>
    runReaction(bed.database, enrolSubscribers, [
      received(publicEvents.CardsIssued, create(CardsIssuedSchema, { batchId: cardIds.join(), cardIds, plan: { plan: { case: 'tariffId', value: tariffId } } })),
    ]);
  const run = (events: readonly ReceivedEvent[], by = deps) => runReaction(bed.database, rate(by), events);
  const call = (card: string, callId: string, durationSec: number, more: SpecCall = {}) => endedEvent({ card, callId, durationSec, ...more });
  const sides = async (prefix: string) => {
    const told = (await ratedEvents(bed.database)).filter(({ rated }) => rated.call?.callId.startsWith(prefix));
    return told.map(({ rated }) => `${rated.call?.callId ?? ''} ${rated.sell?.freeSec ?? 0}/${rated.sell?.billedSec ?? 0} s ${(rated.sell?.amount?.nanos ?? 0n) / 1_000_000n}`);
  };
  const usesOf = (card: string) => bed.database.query<{ call_key: string; grant_id: string; period: number; sec: number }>(
    'select call_key, grant_id, period, sec from allowance_use where party_key = $1 order by call_key, grant_id', [`card:${card}`]);
  /** The balance that is kept beside the uses is their sum, for everybody. */
  const audit = async () => {
    const wrong = await bed.database.query(`
      select * from (select party_key, grant_id, period, sum(sec) as sec from allowance_use group by 1, 2, 3) u
      full join allowance_bucket b using (party_key, grant_id, period) where u.sec is distinct from b.used_sec`);
    expect(wrong).toEqual([]);
  };

  it('cost nobody anything who has none', async () => {
    await run([call('plain', 'plain-1', 10)]);
    expect(await sides('plain')).toEqual(['plain-1 0/10 s 10']);
    expect(await bed.database.query('select 1 from allowance_party')).toEqual([]);
  });

  it('pay for the first seconds until they are used up, whichever instance rates, and the derivation says which', async () => {
    await granted(deps, 'once-100', { card: 'once' }, { sec: 100 });
    await run([call('once', 'once-a', 60), call('once', 'once-b', 30)], other);
    await run([call('once', 'once-c', 30), call('once', 'once-d', 5)]);
    expect(await sides('once')).toEqual(['once-a 60/60 s 0', 'once-b 30/30 s 0', 'once-c 10/30 s 20', 'once-d 0/5 s 5']);
    const [, , cut] = (await ratedEvents(bed.database)).filter(({ rated }) => rated.call?.callId.startsWith('once'));
    expect(cut?.rated.sell).toMatchObject({ allowances: [{ grantId: 'once-100', name: 'once-100', period: 0, sec: 10 }], schedule: {} });
    await audit();
  });

  it('are used once, however often a call is told', async () => {
    const again = [call('once', 'once-a', 60), call('once', 'once-e', 20), call('once', 'once-c', 99)];
    for (const event of again) await run([event, event]);
    expect((await usesOf('once')).map(({ call_key: key, sec }) => `${key} ${sec}`)).toEqual(['fs1/once-a/0 60', 'fs1/once-b/0 30', 'fs1/once-c/0 10']);
  });

  it('of a period are there anew in the next one, by the clock of their zone, over a change of clocks too', async () => {
    await granted(deps, 'daily-10', { card: 'daily' }, { sec: 10, period: 'day', timeZone: 'Europe/Madrid' });
    const starts = table(`
      call  startedAt            answeredAfter
      a     2026-03-28T22:59:30  5
      b     2026-03-28T22:59:59  0
      c     2026-03-28T22:59:59  1
      d     2026-03-29T21:59:54  5
      e     2026-03-29T21:59:54  6
    `);
    await run(starts.map(({ call: name = '', startedAt = '', answeredAfter }) => call('daily', `daily-${name}`, 8, { startedAt, answeredAfterSec: Number(answeredAfter) })));
    expect(await sides('daily')).toEqual(['daily-a 8/8 s 0', 'daily-b 2/8 s 6', 'daily-c 8/8 s 0', 'daily-d 2/8 s 6', 'daily-e 8/8 s 0']);
    expect(new Set((await usesOf('daily')).map(({ period }) => period)).size).toBe(3);
  });

  it('cover fees where they pay for the whole call, and are kept where they would lower no price', async () => {
    await granted(deps, 'fees-120', { card: 'fees' }, { sec: 120, covers: 'connect', prefixes: ['44'] });
    await granted(deps, 'zero-60', { card: 'zero' }, { sec: 60 });
    await run([call('fees', 'fees-a', 1, { number: '44123456789' }), call('fees', 'fees-b', 1), call('fees', 'fees-c', 61, { number: '44123456789' })]);
    expect(await sides('fees')).toEqual(['fees-a 60/60 s 0', 'fees-b 0/1 s 1', 'fees-c 60/120 s 650']);
    await run([
      call('zero', 'zero-a', 30, { number: '49123456789' }), call('zero', 'zero-b', 30, { answeredAfterSec: undefined }),
      call('zero', 'zero-c', 5, { preRated: { nanos: 5_000_000n, currency: 'EUR' } }),
    ]);
    expect(await usesOf('zero')).toEqual([]);
  });

  it('of a plan are there for each who pays by it, beside their own, the heaviest first', async () => {
    bed.catalog.decks = [tariff];
    await issue(['p1', 'p2'], 1);
    await granted(deps, 'p1-own', { card: 'p1' }, { sec: 5, weight: 9 });
    await granted(deps, 'all-of-1', { tariffId: 1 }, { sec: 20, period: 'month', prefixes: ['346'], validUntilUs: BigInt(Date.parse('2026-06-02T00:00:00Z')) * 1000n });
    await run([call('p1', 'plan-a', 15), call('p2', 'plan-b', 15), call('p1', 'plan-c', 15), call('p2', 'plan-d', 15, { startedAt: '2026-06-02T00:00:00' })]);
    expect(await sides('plan')).toEqual(['plan-a 15/15 s 0', 'plan-b 15/15 s 0', 'plan-c 10/15 s 5', 'plan-d 0/15 s 15']);
    expect((await usesOf('p1')).map(({ grant_id: id, sec }) => `${id} ${sec}`)).toEqual(['all-of-1 10', 'p1-own 5', 'all-of-1 10']);
    await audit();
  });

  it('are never used twice where instances race for the same seconds', async () => {
    await granted(other, 'raced-1000', { card: 'raced' }, { sec: 1_000 });
    const calls = Array.from({ length: 60 }, (_, at) => call('raced', `raced-${at}`, 31, { number: '34912345678' }));
    await Promise.all(Array.from({ length: 8 }, (_, at) => run([...calls.slice(at * 8), ...calls.slice(0, at * 8)].toSorted(() => (at % 3) - 1), at % 2 === 0 ? deps : other)));
    const told = (await ratedEvents(bed.database)).filter(({ rated }) => rated.call?.callId.startsWith('raced'));
    expect(told).toHaveLength(60);
    expect(told.reduce((sum, { rated }) => sum + (rated.sell?.freeSec ?? 0), 0)).toBe(1_000);
    expect(told.reduce((sum, { rated }) => sum + (rated.sell?.amount?.nanos ?? 0n), 0n)).toBe(BigInt(60 * 31 - 1_000) * 1_000_000n);
    await audit();
  });

  it('are not used where the transaction of the rating does not commit', async () => {
    await granted(deps, 'crash-10', { card: 'crash' }, { sec: 10 });
    await expect(bed.database.transaction(async (tx) => {
      await rate(deps).handle(tx, [call('crash', 'crash-a', 8)]);
      throw new Error('power cut');
    })).rejects.toThrow('power cut');
    expect(await usesOf('crash')).toEqual([]);
    await run([call('crash', 'crash-a', 8)]);
    expect(await sides('crash')).toEqual(['crash-a 8/8 s 0']);
  });

  it('are told in the explanation', async () => {
    await granted(deps, 'told-10', { card: 'told' }, { sec: 10, weight: 1 });
    await run([call('told', 'told-a', 13, { number: '34912345678' })]);
    const answer = await ratingAnswers(deps).explainCall(
      { $typeName: 'tollwire.rating.v1.ExplainCallRequest', call: { $typeName: 'tollwire.call.v1.CallRef', switchId: 'fs1', callId: 'told-a', leg: 0 } }, { method: '', correlationId: '' });
    expect(answer).toMatchObject({ ok: true, value: { sellSteps: expect.arrayContaining([
      'allowance told-10 (grant told-10, period 0) pays for 10 s',
      'from second 0: 13 s − 10 s of the allowance × 0.06/min, in increments of 1 s, = 0.003; together 0.003 EUR',
    ]) } });
  });

  it('stay as they were granted and used', async () => {
    for (const statement of ["update allowance_use set sec = 1", "delete from allowance_use", "update allowance_grant set sec_per_period = 1", 'delete from allowance_bundle']) {
      await expect(bed.database.query(statement)).rejects.toThrow('permission denied');
    }
  });
});
