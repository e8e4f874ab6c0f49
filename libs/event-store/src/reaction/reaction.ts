import type { EventDefinition, ReceivedEvent, RefusalCode } from '@tollwire/contracts';
import type { Sql } from '../sql/sql.ts';

/** An event that cannot be handled, and why: a published code, and one sentence for the person who looks at it. */
export interface ParkedEvent {
  readonly eventId: string;
  readonly code: RefusalCode;
  readonly detail: string;
}

/** What a reaction says beside having done its work. */
export interface ReactionOutcome {
  /** Events of the batch that had no effect and wait as dead letters; the rest commits. */
  readonly park?: readonly ParkedEvent[];
  /** Called after COMMIT, for what is counted: a batch that is undone was none. Must not throw. */
  readonly committed?: () => void;
}

/** What a service does about public events, under a name that is kept for good: its receipts stand under it. */
export interface Reaction {
  readonly name: string;
  readonly events: readonly EventDefinition[];
  /**
   * `own`: the reaction keeps the receipts itself, in rows that it writes anyway, so `handle` gets every event, repeats
   * and all. By default the inbox keeps them.
   */
  readonly receipts?: 'inbox' | 'own';
  /**
   * Whether nothing that could be heard matters at present: messages are then acknowledged unread, what cannot be read
   * among them. Asked before each batch, of memory alone. By default a reaction always listens.
   */
  readonly standsBy?: () => boolean;
  /**
   * Batches that one instance has under way at a time. With two, one waits for its commit while the other is worked on; they
   * meet like those of two instances, so it changes nothing but the pace. Default 1.
   */
  readonly batchesAtOnce?: 1 | 2;
  /**
   * The effect of events that this reaction has not had before, each once, in no order to rely on. All of it in `tx`,
   * set-based, and nothing else waited for. A throw undoes the whole batch; what one event alone is to blame for is
   * parked instead.
   */
  handle(tx: Sql, events: readonly ReceivedEvent[]): Promise<void | ReactionOutcome>;
}
