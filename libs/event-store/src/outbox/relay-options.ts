import type { Database } from '../sql/database.ts';
import type { Publisher } from './publisher.ts';
import type { PaceMs } from './relay-pace.ts';

/** What the relay needs, and how it paces itself. Times in milliseconds. */
export interface OutboxRelayOptions {
  readonly database: Pick<Database, 'dedicated'>;
  readonly publisher: Publisher;
  /** First part of every message id. */
  readonly service: string;
  /** How often to look when nobody rings: rows of other instances, and rows that committed late. Default 100. */
  readonly pollMs?: number;
  /** Time between two rounds, see RelayPace; an idle relay does not wait. Default 5 to 50. */
  readonly paceMs?: PaceMs;
  /** How often the stream is compared with what was published, beside start and reconnect. Default 30,000. */
  readonly verifyMs?: number;
  /** How often a standby asks whether it may lead. Default 1,000. */
  readonly standbyMs?: number;
  /** Longest pause after failures, which begin at 50 ms and double. Default 2,000. */
  readonly backoffMsMax?: number;
  readonly onPublished?: (counts: { readonly messages: number; readonly events: number }) => void;
  /** Rows that the stream had lost and that are pending again. */
  readonly onRedrive?: (rows: number) => void;
  readonly onError?: (error: unknown) => void;
}

/** The first pause after a failure. */
export const BACKOFF_MS_MIN = 50;

/** The longest, unless the options say otherwise. */
export const BACKOFF_MS_MAX = 2000;
