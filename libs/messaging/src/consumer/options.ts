import type { ReceivedEvent, RefusalCode } from '@tollwire/contracts';
import type { Bus } from '../bus.ts';
import type { StreamSpec } from '../topology.ts';

/** What could not be handled and why, to be kept until it is driven again. */
export type Parked = {
  /** The durable consumer that parks it. */
  readonly consumer: string;
  readonly subject: string;
  /** A refusal code, or `failed` where handling threw something else. */
  readonly reason: RefusalCode | 'failed';
  readonly detail: string;
} & (
  | { readonly kind: 'event'; readonly event: ReceivedEvent }
  /** A message from which no event could be read, as it came. */
  | {
      readonly kind: 'message';
      readonly contentType: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly bytes: Uint8Array;
      readonly streamSeq: number;
    }
);

export interface BatchConsumerOptions {
  readonly bus: Bus;
  readonly stream: StreamSpec;
  /** `<service>-<reaction>`; instances with the same name share the work. */
  readonly durable: string;
  readonly filters: readonly string[];
  /** Where a durable that is new begins: at what was published from then on. The same instant each time: a durable is not moved. */
  readonly since?: Date;
  /** Events handed over at a time, at most. Default 1,000. */
  readonly eventsMax?: number;
  /** Messages pulled ahead, at most. Default 500. */
  readonly bufferedMessagesMax?: number;
  /** Bytes pulled ahead, at most. Default 8 MiB. */
  readonly bufferedBytesMax?: number;
  /** A message not acknowledged for this long goes to another instance; long work asks for more by itself. Default 30,000. */
  readonly ackWaitMs?: number;
  /** Messages that all instances together may have under way. Default 5,000. */
  readonly ackPendingMax?: number;
  /** Takes the events' effect. When it resolves the effect is durable; when it throws, none of it happened. */
  readonly handle: (events: readonly ReceivedEvent[]) => Promise<void>;
  /** Keeps what cannot be handled. When it resolves, that is durable. */
  readonly park: (parked: Parked) => Promise<void>;
  /** Whether messages are to be acknowledged unread, because nothing in them could matter at present. Asked before each batch. */
  readonly standsBy?: () => boolean;
  /** Whether an error passes by itself (the database is away). Such events are tried again, and never parked. */
  readonly isTransient: (error: unknown) => boolean;
  /** Told what an operator should know: breaks, recoveries, failures. */
  readonly onNotice?: (notice: ConsumerNotice) => void;
  /** Told after each batch. */
  readonly onBatch?: (batch: { readonly events: number; readonly durationMs: number }) => void;
}

export type ConsumerNotice =
  | { readonly kind: 'lost'; readonly consumer: string; readonly reason: string }
  | { readonly kind: 'recovered'; readonly consumer: string }
  | { readonly kind: 'transient_failure'; readonly consumer: string; readonly error: unknown; readonly failuresInRow: number }
  | { readonly kind: 'parked'; readonly consumer: string; readonly reason: string; readonly detail: string };
