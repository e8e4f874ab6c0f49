import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '@tollwire/testing';
import { z } from 'zod';
import { rerating, type Rerating } from '../client/rerating.ts';
import { nanosOfText } from '../demo/totals.ts';
import { Books } from './fixture/books.ts';
import { Rig } from './fixture/rig.ts';
import { activeCards, numbers, putInForce, smallWorld, type SmallWorld } from './fixture/small-world.ts';
import { Switch } from './fixture/switch.ts';

// Six processes start on a machine that may be busy.
jest.setTimeout(120_000);

let rig: Rig;
let world: SmallWorld;
let books: Books;
let sw: Switch;

beforeAll(async () => {
  rig = await Rig.start('rerate');
  world = await smallWorld(rig.api);
  books = new Books(rig);
  sw = new Switch(rig.api, 'sw1');
});
afterAll(() => rig.stop());

const from = new Date(Date.now() - 86_400_000).toISOString();
const start = (order: object) => rig.api.post('/v1/reratings', { from, ...order }, rerating);
const done = (id: string) =>
  until(async () => {
    const job = await rig.api.get(`/v1/reratings/${id}`, rerating);
    return job.status === 'done' ? job : undefined;
  }, { timeoutMs: 60_000, everyMs: 50 });
const run = async (order: object): Promise<Rerating> => done((await start(order)).reratingId);
const sumOf = (job: Rerating) => nanosOfText(job.totals.find(({ currency }) => currency === 'EUR')?.sellDifference ?? '0');
/** What all customers' transfers for calls came to so far: by the ledger, in nanos. */
const ledger = async () => BigInt((await rig.query<{ sum: string }>('card', 'SELECT coalesce(sum(posted), 0)::text AS sum FROM charge'))[0]?.sum ?? '0');
const charges = async () => (await rig.query<{ count: number }>('card', 'SELECT count(*)::int AS count FROM charge'))[0]?.count ?? 0;
const sold = async () => (await rig.query<{ sum: string }>('cdr', 'SELECT sum(sell_nanos)::text AS sum FROM call'))[0]?.sum;

describe('rates that were wrong', () => {
  const quoted = z.object({ sell: z.object({ amount: z.object({ amount: z.string() }) }) });
  const CALLS = 300;
  let cards: string[];

  beforeAll(async () => {
    cards = await activeCards(rig.api, world, 'large', 4);
    const events = Array.from({ length: CALLS }, (_, at) => {
      const payer = at % 5 === 0 ? { accountCode: world.accountCode } : { cardId: cards[at % 4] ?? '' };
      return sw.eventsOf({ callId: `call-${at}`, payer, calledNumber: numbers.vienna, talkSec: 60 + at }, [{ carrierCode: 'NORTH' }]);
    });
    await sw.tell(events.flat());
    await until(async () => (await charges()) === CALLS, { timeoutMs: 60_000, everyMs: 100 });
    // Records are closed beside the charges, by another service.
    await until(async () => (await sold()) === String(await ledger()), { timeoutMs: 60_000, everyMs: 100 });
    const hourAgo = new Date(Date.now() - 7_200_000).toISOString();
    await putInForce(rig.api, 'tariff', world.tariffId, 'prefix rate increments\n43 0.031 60/60', hourAgo);
    const ask = { tariffId: world.tariffId, calledNumber: numbers.vienna, durationSec: 60 };
    await until(async () => (await rig.api.post('/v1/quotes', ask, quoted)).sell.amount.amount === '0.031', { timeoutMs: 30_000 });
  });

  it('are told of by a dry run that changes nothing', async () => {
    const before = [await ledger(), await charges(), await sold()];
    const dry = await run({ reason: 'what if' });
    expect(dry).toMatchObject({ apply: false, callCount: CALLS, changedCount: (CALLS * 4) / 5, refusedCount: 0, partyCount: 4 });
    expect([await ledger(), await charges(), await sold()]).toEqual(before);
  });

  it('are put right by posting the difference that the dry run told, though rating is killed in the middle', async () => {
    const [dry, before, [balance]] = [await run({}), await ledger(), await Promise.all(cards.map((card) => books.balanceOf(`cards/${card}`)))];
    const { reratingId } = await start({ apply: true, reason: 'mistyped rate', reratingId: 'put-right' });
    await rig.service('rating').kill();
    rig.service('rating').start();
    await rig.service('rating').ready();
    expect(await start({ apply: true, reratingId: 'put-right' })).toMatchObject({ reratingId: 'put-right' });
    const applied = await done(reratingId);
    expect([applied.changedCount, sumOf(applied)]).toEqual([dry.changedCount, sumOf(dry)]);
    await until(async () => (await charges()) === CALLS + dry.changedCount, { timeoutMs: 60_000, everyMs: 100 });
    expect((await ledger()) - before).toBe(sumOf(dry));
    const [party] = applied.parties.filter(({ charged }) => charged.cardId === cards[0]);
    const left = await books.balanceOf(`cards/${cards[0] ?? ''}`);
    expect(nanosOfText(balance?.credit ?? '') - nanosOfText(left.credit)).toBe(nanosOfText(party?.sellDifference ?? ''));
  });

  it('leave a record that tells the new price, its explanation the new revision, and the first rating as it was', async () => {
    // 61 s are two minutes at 0.031, and were two minutes at 0.025.
    const record = await until(async () => {
      const { sell } = await books.settled(sw.id, 'call-1');
      return sell?.amount === '0.062' ? sell : undefined;
    }, { timeoutMs: 30_000 });
    expect(record).toEqual({ amount: '0.062', currency: 'EUR' });
    expect((await books.explain(sw.id, 'call-1')).rated).toMatchObject({ revision: 2, sell: { amount: { amount: '0.062' } } });
    expect((await books.chargesOf(sw.id, 'call-1')).map(({ revision, amount }) => [revision, nanosOfText(amount)]).sort()).toEqual([[1, 50_000_000n], [2, 62_000_000n]]);
    expect(await rig.query('rating', `SELECT revision, sell_nanos::text AS sell FROM rated_call WHERE call_key = 'sw1/call-1/0' ORDER BY 1`)).toEqual([
      { revision: 1, sell: '50000000' }, { revision: 2, sell: '62000000' },
    ]);
  });

  it('post nothing when they are put right once more', async () => {
    const before = [await ledger(), await charges()];
    expect(await run({ apply: true })).toMatchObject({ callCount: CALLS, changedCount: 0, totals: [] });
    // What comes after it is charged after it.
    await sw.call({ callId: 'after', payer: { cardId: cards[0] ?? '' }, calledNumber: numbers.vienna, talkSec: 60 });
    await books.settled(sw.id, 'after');
    expect([(await ledger()) - 31_000_000n, (await charges()) - 1]).toEqual(before);
  });
});
