import { callKey, type CodedRefusal, encodeData, type PublicEvent, publicEventOf, publicEvents } from '@tollwire/contracts';
import { ok, refuse, type Result, unreachable } from '@tollwire/core';
import { type Database, enqueueEncoded, isTransient, outboxEntries, type OutboxEntry } from '@tollwire/event-store';
import { microBatch } from '@tollwire/messaging';
import type { CallMessage } from './call-event.schema.ts';
import { happenedAtUs } from './call-event.sense.ts';

/** Events that may wait for a commit at once: what is beyond is refused, so that memory stays bounded. */
const waitingMaxOfService = 50_000;

/** Requests that share one commit at most. */
const requestsPerCommit = 200;

/** What the journal writes to, and whom it wakes. */
export interface JournalDeps {
  readonly database: Pick<Database, 'query'>;
  readonly root: string;
  /** Called after each commit, so that the relay does not wait for its next look. */
  readonly wakeRelay: () => void;
  /** Events that may wait at once. Default 50,000. */
  readonly waitingMax?: number;
}

/**
 * The edge's own record of call events. What it takes is durable in PostgreSQL before it answers, together with the
 * outbox rows from which the relay publishes. Requests that arrive while a commit is under way share the next one.
 */
export class CallJournal {
  private readonly root: string;
  private readonly commit: (entries: readonly OutboxEntry[]) => Promise<Result<undefined, CodedRefusal>>;
  private readonly waitingMax: number;
  private waiting = 0;

  constructor(deps: JournalDeps) {
    this.root = deps.root;
    this.waitingMax = deps.waitingMax ?? waitingMaxOfService;
    this.commit = microBatch((requests: readonly (readonly OutboxEntry[])[]) => committed(deps, requests), { itemsMax: requestsPerCommit });
  }

  /** Resolves after COMMIT; refuses, with nothing kept, where too many wait or the database is away. */
  async append(events: readonly PublicEvent[]): Promise<Result<undefined, CodedRefusal>> {
    if (events.length === 0) return ok(undefined);
    if (this.waiting + events.length > this.waitingMax) {
      return refuse({ code: 'overloaded', detail: 'More call events wait for their commit than may. Send them again.' });
    }
    this.waiting += events.length;
    try {
      // Encoded here, where an earlier commit may be under way, so that no transaction stays open meanwhile.
      return await this.commit(outboxEntries(this.root, events));
    } finally {
      this.waiting -= events.length;
    }
  }
}

/**
 * The public event of a call message, written anew in whatever bytes it came, so that nothing travels along that the
 * schema does not know. Its id comes from its whole content, so that a repeat by the same or another adapter is the same
 * event, and a correction of it is another.
 */
export function publicCallEvent(message: CallMessage, traceparent: string | undefined): PublicEvent {
  const source = `switch/${encodeURIComponent(message.call?.switchId ?? '')}`;
  const about = { source, timeUs: happenedAtUs(message), traceparent };
  const told = (dataBytes: Uint8Array) => ({ ...about, parts: [callKey(message.call), base64(dataBytes)], dataBytes });
  const { CallStarted, CallRinging, CallAnswered, CallEnded } = publicEvents;
  switch (message.$typeName) {
    case 'tollwire.call.v1.CallStarted':
      return publicEventOf(CallStarted, { ...told(encodeData(CallStarted.schema, message)), data: message });
    case 'tollwire.call.v1.CallRinging':
      return publicEventOf(CallRinging, { ...told(encodeData(CallRinging.schema, message)), data: message });
    case 'tollwire.call.v1.CallAnswered':
      return publicEventOf(CallAnswered, { ...told(encodeData(CallAnswered.schema, message)), data: message });
    case 'tollwire.call.v1.CallEnded':
      return publicEventOf(CallEnded, { ...told(encodeData(CallEnded.schema, message)), data: message });
    default:
      return unreachable(message);
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** One statement is a transaction by itself: one trip, where BEGIN and COMMIT around it would make two. */
async function committed({ database, wakeRelay }: JournalDeps, requests: readonly (readonly OutboxEntry[])[]) {
  const result = await attempt(() => enqueueEncoded(database, requests.flat()));
  if (result.ok) wakeRelay();
  return requests.map(() => result);
}

/** Writes, or refuses as unavailable what may be tried again. */
export async function attempt(write: () => Promise<unknown>): Promise<Result<undefined, CodedRefusal>> {
  try {
    await write();
    return ok(undefined);
  } catch (error) {
    if (!isTransient(error)) throw error;
    return refuse({ code: 'service_unavailable', detail: 'The journal of call events cannot be written now. Send them again.' });
  }
}
