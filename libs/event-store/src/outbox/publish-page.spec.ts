import { beforeEach, describe, expect, it } from '@jest/globals';
import { StreamInMemory } from '../spec/stream-in-memory.ts';
import type { PendingRow } from './pack.ts';
import { publishPage } from './publish-page.ts';

describe('publishPage', () => {
  let stream: StreamInMemory;
  const row = (position: number, subject: string, text: string): PendingRow => ({
    position: BigInt(position), subject, event_count: 1, payload: Buffer.from(text),
  });
  const rows = [row(1, 'a', 'one'), row(2, 'b', 'two'), row(3, 'a', 'three')];
  const publish = (given: readonly PendingRow[], seqMax = 0) => publishPage(stream, 'card', given, seqMax);
  const contents = () => stream.payloads().map(String);

  beforeEach(() => {
    stream = new StreamInMemory();
  });

  it('publishes each subject as one message and says where it stands', async () => {
    const page = await publish(rows);
    expect(page.published.map(({ seq, message }) => [seq, message.subject, message.positions])).toEqual([[1, 'a', [1n, 3n]], [2, 'b', [2n]]]);
    expect(page).toMatchObject({ errors: [], failedUpTo: undefined, fellBack: false });
    expect(contents()).toEqual(['onethree', 'two']);
  });

  it('takes a duplicate for published when the message is there', async () => {
    await publish(rows);
    const again = await publish(rows, 2);
    expect(again.published.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(again.fellBack).toBe(false);
    expect(contents()).toEqual(['onethree', 'two']);
  });

  it('publishes under another id what a purge took away and the duplicate window still knows', async () => {
    await publish(rows);
    stream.purge();
    const again = await publish(rows, 2);
    expect(again.published.map(({ messageId }) => messageId)).toEqual([expect.stringMatching(/^card:1-3\..*\.2$/), expect.stringMatching(/^card:2-2\..*\.2$/)]);
    expect(contents()).toEqual(['onethree', 'two']);
  });

  it('notices a sequence that the stream had given before', async () => {
    expect((await publish(rows, 7)).fellBack).toBe(true);
  });

  it('publishes the others when one subject is refused, and says up to where rows failed', async () => {
    stream.refused.add('a');
    const page = await publish(rows);
    expect(page.published.map(({ message }) => message.subject)).toEqual(['b']);
    expect(page.failedUpTo).toBe(3n);
    expect(page.errors).toEqual([new Error('No stream takes a')]);
  });
});
