import { describe, expect, it } from '@jest/globals';
import { batchContentType, decodeMessage, publicEventOf, publicEvents } from '@tollwire/contracts';
import { CallJournal } from './journal.ts';

const event = (callId: string) => publicEventOf(publicEvents.CallStarted, { source: 'switch/s', timeUs: 1, parts: [callId], data: { call: { switchId: 's', callId, leg: 0 } } });

/** A database that commits when it is told to, or fails as it is told. */
class HeldDatabase {
  /** Lets one commit happen, each. */
  readonly held: (() => void)[] = [];
  /** Events of each commit. */
  readonly eventCounts: number[] = [];
  failWith: Error | undefined;

  async query(_text: string, params: readonly unknown[] = []): Promise<never[]> {
    if (this.failWith !== undefined) throw this.failWith;
    // Payloads end to end are one batch.
    const written = decodeMessage(batchContentType, () => undefined, params[0] as Buffer);
    this.eventCounts.push(written.ok ? written.value.length : 0);
    await new Promise<void>((resolve) => this.held.push(resolve));
    return [];
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
    const journal = new CallJournal({ database, root: 't', wakeRelay: () => undefined, waitingMax: 50 });
    const same = event('a');
    const many = Array.from({ length: 30 }, () => same);
    const waiting = journal.append(many);
    expect(await journal.append(many)).toMatchObject({ ok: false, refusal: { code: 'overloaded' } });
    await new Promise(setImmediate);
    database.held.shift()?.();
    expect(await waiting).toEqual({ ok: true, value: undefined });
    expect(await journal.append([])).toEqual({ ok: true, value: undefined });
  });

  it('takes what may wait to the very last event, and again what has been committed', async () => {
    const database = new HeldDatabase();
    const journal = new CallJournal({ database, root: 't', wakeRelay: () => undefined, waitingMax: 50 });
    const same = event('a');
    const events = (count: number) => Array.from({ length: count }, () => same);
    const first = journal.append(events(49));
    await new Promise(setImmediate);
    const second = journal.append(events(1));
    expect(await journal.append(events(1))).toMatchObject({ refusal: { code: 'overloaded' } });
    database.held.shift()?.();
    await first;
    // The one that shares the next commit waits still; all others may come.
    const next = journal.append(events(49));
    expect(await journal.append(events(1))).toMatchObject({ refusal: { code: 'overloaded' } });
    for (let commit = 0; commit < 2; commit += 1) {
      await new Promise(setImmediate);
      database.held.shift()?.();
    }
    expect(await Promise.all([second, next])).toEqual(Array(2).fill({ ok: true, value: undefined }));
  });

  it.each([
    ['is away', Object.assign(new Error('away'), { code: 'ECONNREFUSED' })],
    ['is at fault', new Error('syntax error')],
  ])('has room again after the database %s', async (_, error) => {
    const database = new HeldDatabase();
    database.failWith = error;
    const journal = new CallJournal({ database, root: 't', wakeRelay: () => undefined, waitingMax: 50 });
    const many = Array.from({ length: 50 }, () => event('a'));
    await journal.append(many).catch(() => undefined);
    database.failWith = undefined;
    const again = journal.append(many);
    await new Promise(setImmediate);
    database.held.shift()?.();
    expect(await again).toEqual({ ok: true, value: undefined });
  });

  it('says of each request that shared a commit that failed that it is not kept', async () => {
    const database = new HeldDatabase();
    const journal = new CallJournal({ database, root: 't', wakeRelay: () => undefined });
    const first = journal.append([event('a')]);
    await new Promise(setImmediate);
    const shared = ['b', 'c', 'd'].map((name) => journal.append([event(name)]));
    database.failWith = Object.assign(new Error('terminating'), { code: '57P01' });
    database.held.shift()?.();
    expect(await first).toMatchObject({ ok: true });
    expect((await Promise.all(shared)).map((result) => !result.ok && result.refusal.code)).toEqual(Array(3).fill('service_unavailable'));
  });

  it('lets no commit grow with the crowd', async () => {
    const database = new HeldDatabase();
    const journal = new CallJournal({ database, root: 't', wakeRelay: () => undefined });
    const waiting = Array.from({ length: 501 }, (_, n) => journal.append([event(`c-${n}`)]));
    const done = Promise.all(waiting);
    let committed = 0;
    while (committed < 501) {
      await new Promise(setImmediate);
      database.held.shift()?.();
      committed = database.eventCounts.reduce((sum, count) => sum + count, 0);
    }
    await new Promise(setImmediate);
    database.held.shift()?.();
    expect((await done).every(({ ok }) => ok)).toBe(true);
    expect(Math.max(...database.eventCounts)).toBe(200);
  });
});
