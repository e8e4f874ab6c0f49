import { describe, expect, it } from '@jest/globals';
import { publicEventOf, publicEvents } from '@tollwire/contracts';
import type { Sql } from '@tollwire/event-store';
import { CallJournal } from './journal.ts';

const event = (callId: string) => publicEventOf(publicEvents.CallStarted, { source: 'switch/s', timeUs: 1, parts: [callId], data: { call: { switchId: 's', callId, leg: 0 } } });

/** A database that commits when it is told to, or fails as it is told. */
class HeldDatabase {
  /** Lets one commit happen, each. */
  readonly held: (() => void)[] = [];
  /** Events of each transaction. */
  readonly eventCounts: number[] = [];
  failWith: Error | undefined;

  async transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T> {
    if (this.failWith !== undefined) throw this.failWith;
    const value = await work({ query: (_text, params) => this.count(params) });
    await new Promise<void>((resolve) => this.held.push(resolve));
    return value;
  }

  private count(params: readonly unknown[] = []): Promise<never[]> {
    const perRow = params[2] as number[];
    this.eventCounts.push(perRow.reduce((sum, count) => sum + count, 0));
    return Promise.resolve([]);
  }
}

describe('journal of call events', () => {
  it('answers after the commit, and shares the next commit among those that came meanwhile', async () => {
    const database = new HeldDatabase();
    let wakes = 0;
    const journal = new CallJournal({ database, root: 't', wakeRelay: () => (wakes += 1) });
    const answered: string[] = [];
    const tell = (name: string) => journal.append([event(name)]).then(() => answered.push(name));
    const first = tell('a');
    await Promise.resolve();
    const others = ['b', 'c', 'd'].map(tell);
    await new Promise(setImmediate);
    expect([answered, wakes]).toEqual([[], 0]);
    database.held.shift()?.();
    await first;
    expect([answered, wakes]).toEqual([['a'], 1]);
    await new Promise(setImmediate);
    database.held.shift()?.();
    await Promise.all(others);
    expect(answered).toEqual(['a', 'b', 'c', 'd']);
    expect(database.eventCounts).toEqual([1, 3]);
    expect(wakes).toBe(2);
  });

  it('keeps nothing and says so while the database is away, and wakes nobody', async () => {
    const database = new HeldDatabase();
    database.failWith = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const journal = new CallJournal({ database, root: 't', wakeRelay: () => expect(true).toBe(false) });
    expect(await journal.append([event('a')])).toMatchObject({ ok: false, refusal: { code: 'service_unavailable' } });
  });

  it('does not hide a fault of its own', async () => {
    const database = new HeldDatabase();
    database.failWith = new Error('syntax error');
    const journal = new CallJournal({ database, root: 't', wakeRelay: () => undefined });
    await expect(journal.append([event('a')])).rejects.toThrow('syntax error');
  });

  it('takes no more than may wait', async () => {
    const database = new HeldDatabase();
    const journal = new CallJournal({ database, root: 't', wakeRelay: () => undefined });
    const same = event('a');
    const many = Array.from({ length: 30_000 }, () => same);
    const waiting = journal.append(many);
    expect(await journal.append(many)).toMatchObject({ ok: false, refusal: { code: 'overloaded' } });
    await new Promise(setImmediate);
    database.held.shift()?.();
    expect(await waiting).toEqual({ ok: true, value: undefined });
    expect(await journal.append([])).toEqual({ ok: true, value: undefined });
  });
});
