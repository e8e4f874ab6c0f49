import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { commandHandler, type CommandItem, load, rebuild, StreamConflict } from '../index.ts';
import { type Bed, openBed } from '../spec/bed.ts';
import { card, type CardCommand, type CardEvent, cardList, cardTable, cardWire } from '../spec/calling-card.ts';

describe('commandHandler', () => {
  let bed: Bed;
  let woken = 0;

  beforeAll(async () => {
    bed = await openBed('command', [cardTable]);
  });

  afterAll(() => bed.close());

  const cards = () =>
    commandHandler({
      database: bed.database,
      decider: card,
      streamOf: (id) => `card-${id}`,
      projections: [cardList],
      root: 'root',
      publish: cardWire,
      afterPublish: () => (woken += 1),
    });
  const issue = (creditNanos: bigint): CardCommand => ({ type: 'Issue', creditNanos });
  const spend = (nanos: bigint, atUs = 1_760_000_000_000_000): CardCommand => ({ type: 'Spend', nanos, atUs });
  const rows = () => bed.database.query<Record<string, unknown>>('SELECT *, to_us(last_spent_at) AS us FROM card_list ORDER BY card_id');
  const row = async (id: string) => (await rows()).find((found) => found['card_id'] === id);
  const outboxRows = async () => (await bed.database.query('SELECT position FROM outbox')).length;

  it('decides, appends, and keeps the read model in one go', async () => {
    expect(await cards().handle('0001', issue(10n), { by: 'ops' })).toMatchObject({ ok: true, value: { version: 1, state: { creditNanos: 10n } } });
    await cards().handle('0001', spend(4n));
    expect((await load<CardEvent>(bed.database, 'card-0001')).events.map(({ type }) => type)).toEqual(['CardIssued', 'CardSpent']);
    expect(await row('0001')).toMatchObject({ credit_nanos: 6n, spends: 1, us: 1_760_000_000_000_000n, history: { spent: ['4n'] } });
  });

  it('refuses with the facts and changes nothing', async () => {
    await cards().handle('0002', issue(10n));
    const refused = await cards().handle('0002', spend(11n));
    expect(refused).toEqual({ ok: false, refusal: { code: 'insufficient_credit', creditNanos: 10n } });
    expect((await load(bed.database, 'card-0002')).version).toBe(1);
  });

  it('carries a command out once when it is given twice', async () => {
    await cards().handle('0003', issue(10n));
    expect(await cards().handle('0003', issue(10n))).toMatchObject({ ok: true, value: { version: 1, events: [] } });
  });

  it('decides each command of a batch upon those before it, and a refusal leaves the others be', async () => {
    const items: CommandItem<CardCommand>[] = [
      { id: '0004', command: issue(10n) },
      { id: '0005', command: spend(1n) },
      { id: '0004', command: spend(7n) },
      { id: '0004', command: spend(7n) },
      { id: '0004', command: spend(3n) },
    ];
    const answers = await cards().handleMany(items);
    expect(answers.map((answer) => (answer.ok ? answer.value.version : answer.refusal.code))).toEqual([1, 'unknown_card', 2, 'insufficient_credit', 3]);
    expect(await row('0004')).toMatchObject({ credit_nanos: 0n, spends: 2 });
  });

  it('never lets writers at the same time spend more than there is', async () => {
    const other = commandHandler({ database: await bed.another(), decider: card, streamOf: (id) => `card-${id}`, projections: [cardList], root: 'root' });
    await cards().handle('0006', issue(5n));
    const attempts = await Promise.allSettled(Array.from({ length: 8 }, (_unused, n) => (n % 2 === 0 ? cards() : other).handle('0006', spend(1n))));
    const done = attempts.filter((attempt) => attempt.status === 'fulfilled' && attempt.value.ok).length;
    expect(done).toBe(5);
    expect(await row('0006')).toMatchObject({ credit_nanos: 0n, spends: 5 });
  });

  it('publishes what others are told, and wakes the relay only then', async () => {
    const [rowsBefore, wokenBefore] = [await outboxRows(), woken];
    await cards().handle('0007', issue(1n));
    expect([await outboxRows(), woken]).toEqual([rowsBefore, wokenBefore]);
    await cards().handle('0007', { type: 'Destroy' });
    expect([await outboxRows(), woken]).toEqual([rowsBefore + 1, wokenBefore + 1]);
    expect(await row('0007')).toBeUndefined();
  });

  it('rebuilds the read model to what it was live', async () => {
    const live = await rows();
    expect(live.length).toBeGreaterThan(3);
    await bed.database.query("UPDATE card_list SET credit_nanos = -1 WHERE card_id = '0001'");
    await bed.database.query("DELETE FROM card_list WHERE card_id = '0004'");
    await rebuild(bed.database, cardList);
    expect(await rows()).toEqual(live);
  });

  it('rebuilds to what is live while commands go on', async () => {
    const working = Promise.all(
      Array.from({ length: 30 }, async (_unused, n) => {
        await cards().handle(`1${n}`, issue(100n));
        await cards().handle(`1${n}`, spend(BigInt(n)));
      }),
    );
    await rebuild(bed.database, cardList);
    await rebuild(bed.database, cardList);
    await working;
    const live = await rows();
    expect(live.filter((found) => String(found['card_id']).startsWith('1')).map((found) => found['spends'])).toEqual(Array.from({ length: 30 }, () => 1));
    await rebuild(bed.database, cardList);
    expect(await rows()).toEqual(live);
  });

  it('is part of a transaction of the caller, and goes with it', async () => {
    const undone = bed.database.transaction(async (tx) => {
      const [answer] = await cards().handleIn(tx, [{ id: '0008', command: issue(1n) }]);
      expect(answer).toMatchObject({ ok: true });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await row('0008')).toBeUndefined();
    expect((await load(bed.database, 'card-0008')).version).toBe(0);
  });

  it('tells the caller of a conflict inside of his transaction, who tries again as a whole', async () => {
    await cards().handle('0009', issue(9n));
    const attempt = () =>
      bed.database.transaction(async (tx) => {
        await tx.query('SELECT 1');
        return await cards().handleIn(tx, [{ id: '0009', command: spend(1n) }]);
      });
    const ended = await Promise.allSettled(Array.from({ length: 6 }, attempt));
    const failures = ended.filter((one) => one.status === 'rejected');
    expect(failures.every(({ reason }) => reason instanceof StreamConflict)).toBe(true);
    expect(await row('0009')).toMatchObject({ spends: 6 - failures.length, credit_nanos: 9n - BigInt(6 - failures.length) });
  });
});
