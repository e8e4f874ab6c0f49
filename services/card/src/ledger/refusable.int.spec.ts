import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ok, refuse } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { cardRig } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { LockedAccounts } from './locked-accounts.ts';
import { openAccounts } from './open-accounts.ts';
import { refusable } from './refusable.ts';

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-refusable');
});
afterAll(() => rig.close());

const openNew = (tx: Sql, id: string) => openAccounts(tx, [{ id, currency: 'EUR', creditNanos: 0n, creditLimitNanos: 0n }]);
const exists = async (id: string) => (await rig.database.query('SELECT 1 FROM ledger_account WHERE id = $1', [id])).length === 1;

describe('work that may be refused', () => {
  it('stands when it succeeds', async () => {
    const done = await refusable(rig.database, async (tx) => {
      await openNew(tx, 'customer:done');
      return ok(7);
    });
    expect([done, await exists('customer:done')]).toEqual([{ ok: true, value: 7 }, true]);
  });

  it('leaves nothing when it is refused, and hands the refusal on', async () => {
    const refused = await refusable(rig.database, async (tx) => {
      await openNew(tx, 'customer:refused');
      return refuse({ code: 'account_exists' as const, facts: { a: 'b' } });
    });
    expect([refused, await exists('customer:refused')]).toEqual([{ ok: false, refusal: { code: 'account_exists', facts: { a: 'b' } } }, false]);
  });

  it('leaves nothing when it throws, and throws that', async () => {
    const broken = refusable(rig.database, async (tx) => {
      await openNew(tx, 'customer:broken');
      throw new TypeError('a bug');
    });
    await expect(broken).rejects.toThrow(new TypeError('a bug'));
    expect(await exists('customer:broken')).toBe(false);
  });

  it('is not taken for done when its commit failed', async () => {
    const cut = refusable(rig.database, async (tx) => {
      await openNew(tx, 'customer:cut');
      await rig.second.database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND application_name = 'card-1' AND datname = current_database()`);
      return ok(null);
    });
    await expect(cut).rejects.toThrow();
    expect(await exists('customer:cut')).toBe(false);
  });
});

describe('accounts under lock', () => {
  it('are opened once', async () => {
    await rig.database.transaction((tx) => openNew(tx, 'customer:once'));
    await expect(rig.database.transaction((tx) => openNew(tx, 'customer:once'))).rejects.toThrow('ledger_account_pkey');
  });

  it('are decided upon in memory, one after the other, and written once', async () => {
    await rig.database.transaction((tx) => openNew(tx, 'customer:locked'));
    await rig.database.transaction(async (tx) => {
      const accounts = await LockedAccounts.lock(tx, ['customer:locked', 'customer:nobody', 'customer:locked']);
      expect([accounts.currencyOf('customer:locked'), accounts.currencyOf('customer:nobody')]).toEqual(['EUR', undefined]);
      for (const amountNanos of [3n, 4n, 0n]) accounts.decide('customer:locked', { type: 'Post', amountNanos });
      expect(() => accounts.decide('customer:nobody', { type: 'Post', amountNanos: 1n })).toThrow('was not locked');
      await accounts.save(tx);
    });
    const rows = await rig.database.query('SELECT credit, version FROM ledger_account WHERE id = $1', ['customer:locked']);
    expect(rows).toEqual([{ credit: 7n, version: 1n }]);
  });

  it('are left alone where nothing was decided', async () => {
    await rig.database.transaction((tx) => openNew(tx, 'customer:idle'));
    await rig.database.transaction(async (tx) => (await LockedAccounts.lock(tx, ['customer:idle'])).save(tx));
    expect(await rig.database.query('SELECT version FROM ledger_account WHERE id = $1', ['customer:idle'])).toEqual([{ version: 0n }]);
  });

  it('are locked in one order, so that batches that share them wait and never deadlock', async () => {
    const ids = Array.from({ length: 60 }, (_, at) => `customer:ring-${at}`);
    await rig.database.transaction((tx) => openAccounts(tx, ids.map((id) => ({ id, currency: 'EUR', creditNanos: 0n, creditLimitNanos: 0n }))));
    const add = (at: number) =>
      (at % 2 === 0 ? rig : rig.second).database.transaction(async (tx) => {
        const turned = [...ids.slice(at), ...ids.slice(0, at)];
        const accounts = await LockedAccounts.lock(tx, at % 3 === 0 ? turned.toReversed() : turned);
        for (const id of turned) accounts.decide(id, { type: 'Post', amountNanos: 1n });
        await accounts.save(tx);
      });
    await Promise.all(Array.from({ length: 24 }, (_, at) => add(at)));
    const rows = await rig.database.query<{ credit: bigint }>(`SELECT DISTINCT credit FROM ledger_account WHERE id LIKE 'customer:ring-%'`);
    expect(rows).toEqual([{ credit: 24n }]);
  }, 30_000);
});
