import { packRows, type PackedMessage, type PendingRow } from './pack.ts';
import type { PublishedMessage } from './pending.ts';
import type { PubAck, Publisher } from './publisher.ts';

/** What became of a page of pending rows. */
export interface PageOutcome {
  readonly published: readonly PublishedMessage[];
  /** Why messages were not published; their rows stay pending. */
  readonly errors: readonly unknown[];
  /** Position of the last row that was not published. */
  readonly failedUpTo: bigint | undefined;
  /** Whether a sequence came back that the stream had given before: it has lost messages since it was looked at. */
  readonly fellBack: boolean;
}

/** A stream that takes a message for a repeat of one that it does not have is asked this often, under other ids. */
const PUBLISH_ATTEMPTS_MAX = 3;

/** Publishes rows, packed, all messages in flight together. `seqMax` is the newest sequence known to be in the stream. */
export async function publishPage(
  publisher: Publisher,
  service: string,
  rows: readonly PendingRow[],
  seqMax: number,
): Promise<PageOutcome> {
  const messages = packRows(service, rows);
  const results = await Promise.allSettled(messages.map((message) => publishOne(publisher, message)));
  const published: PublishedMessage[] = [];
  const errors: unknown[] = [];
  let failedUpTo: bigint | undefined;
  let fellBack = false;
  results.forEach((result, index) => {
    const message = messages[index];
    if (message === undefined) return;
    if (result.status === 'rejected') {
      errors.push(result.reason);
      const last = message.positions.at(-1) ?? 0n;
      if (failedUpTo === undefined || last > failedUpTo) failedUpTo = last;
      return;
    }
    const { ack, messageId } = result.value;
    published.push({ message, messageId, seq: ack.seq });
    if (ack.duplicate !== true && ack.seq <= seqMax) fellBack = true;
  });
  return { published, errors, failedUpTo, fellBack };
}

/**
 * Publishes one message. An acknowledgement as a duplicate is believed only when the message stands there: a purge
 * takes messages out of a stream and leaves their ids in its duplicate window.
 */
async function publishOne(publisher: Publisher, message: PackedMessage): Promise<{ ack: PubAck; messageId: string }> {
  for (let attempt = 1; attempt <= PUBLISH_ATTEMPTS_MAX; attempt += 1) {
    const messageId = attempt === 1 ? message.messageId : `${message.messageId}.${attempt}`;
    const ack = await publisher.publish(message.subject, message.payload, messageId, message.eventCount);
    if (ack.duplicate !== true || (await publisher.messageIdAt(ack.seq)) === messageId) return { ack, messageId };
  }
  throw new Error(`The stream calls ${message.messageId} a repeat ${PUBLISH_ATTEMPTS_MAX} times and has it not once`);
}
