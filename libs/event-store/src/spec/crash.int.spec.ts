import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { partitionOf } from '@tollwire/contracts';
import { testBus, until } from '@tollwire/testing';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { enqueue, runReaction } from '../index.ts';
import { publicEvent, receivedEvents } from './events.ts';
import { effectReaction, effectTable } from './effect.ts';
import { numbers, openRelayBed, type RelayBed } from './relay-bed.ts';

jest.setTimeout(30_000);

describe('A process killed with SIGKILL', () => {
  const bus = testBus('crash');
  let bed: RelayBed;

  beforeEach(async () => {
    bed = await openRelayBed('crash', bus.url, bus.root, [effectTable]);
  });

  afterEach(async () => {
    await bed.close();
    await bus.drop();
  });

  /** Lets a process come to a crash point, and kills it there. */
  const dieAt = async (crashPoint: string) => {
    const child = spawn(
      process.execPath,
      ['--conditions=tollwire-source', '--no-warnings', fileURLToPath(new URL('./crash-child.ts', import.meta.url)), crashPoint, bed.url, bus.url, bus.root],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '' } },
    );
    await ready(child);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  const allPublished = () => until(async () => (await bed.pendingCount()) === 0);
  const effects = () => bed.database.query<{ times: number }>('SELECT times FROM effect');
  const tenOnce = Array.from({ length: 10 }, () => ({ times: 1 }));

  it('between append and publish leaves events that the next relay publishes', async () => {
    await dieAt('between append and publish');
    expect(await bed.eventNumbers()).toEqual([]);
    bed.relay();
    await allPublished();
    expect(await bed.eventNumbers()).toEqual(numbers(0, 20));
  });

  it('inside of a transaction leaves nothing', async () => {
    await dieAt('inside the transaction');
    await bed.commit(1, 1);
    bed.relay();
    await allPublished();
    expect(await bed.eventNumbers()).toEqual([1]);
  });

  it('between the PubAck and the mark leads to a repeat that the stream drops, and the relay sees through', async () => {
    await bed.commit(5);
    await dieAt('between PubAck and mark');
    expect(await bed.pendingCount()).toBeGreaterThan(0);
    const inStream = await bed.eventNumbers();
    expect(inStream.length).toBeGreaterThan(0);
    bed.relay();
    await allPublished();
    expect(await bed.eventNumbers()).toEqual(numbers(0, 5));
  });

  it('between the PubAck and the mark leaves room for a transaction that commits late, between the published positions', async () => {
    const [first = 0, late = 0, ...rest] = ofOnePartition(6);
    const other = await bed.another();
    await bed.commit(1, first);
    await other.transaction(async (tx) => {
      await enqueue(tx, bed.root, [publicEvent(late)]);
      for (const n of rest) await bed.commit(1, n);
      await dieAt('between PubAck and mark');
      expect(await bed.eventNumbers()).toEqual([first, ...rest]);
    });
    bed.relay();
    await allPublished();
    expect([...new Set(await bed.eventNumbers())]).toEqual([first, late, ...rest]);
  });

  it('after the effect and before the ack has its effect once when the events come again', async () => {
    await dieAt('after the effect, before the ack');
    expect(await runReaction(bed.database, effectReaction, receivedEvents(10))).toEqual({ handled: 0, repeated: 10, parked: 0 });
    expect(await effects()).toEqual(tenOnce);
  });

  it('after the effect and before the commit has its effect when the events come again', async () => {
    await dieAt('after the effect, before the commit');
    expect(await runReaction(bed.database, effectReaction, receivedEvents(10))).toEqual({ handled: 10, repeated: 0, parked: 0 });
    expect(await effects()).toEqual(tenOnce);
  });
});

/** Numbers of events that go to one subject, so into one message. */
function ofOnePartition(count: number): number[] {
  return numbers(0, 100).filter((n) => partitionOf(publicEvent(n).key) === 0).slice(0, count);
}

async function ready(child: ChildProcess): Promise<void> {
  let [output, errors, hasExited] = ['', '', false];
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child.on('exit', () => (hasExited = true));
  await until(() => output.includes('ready') || hasExited, { timeoutMs: 20_000 });
  if (hasExited) throw new Error(`The process ended by itself: ${errors}`);
}
