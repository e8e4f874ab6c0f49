import { setTimeout as delay } from 'node:timers/promises';
import { batchContentType, callKey, CdrClosedSchema, CdrService, dataOf, decodeMessage, publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { type Database, isTransient, type Sql } from '@tollwire/event-store';
import { type Asker, askerOf, BatchConsumer, type Bus, streamSpecOf, subscriptionsOf } from '@tollwire/messaging';

/** The tables of a service that keeps closed CDRs, such as one that writes invoices; it makes them in its own database. */
export const tables: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS closed_cdr (call_key text PRIMARY KEY, revision integer NOT NULL, party text NOT NULL, sell_nanos bigint, currency text, ended_at_us bigint NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS not_taken (reason text NOT NULL, detail text NOT NULL, bytes bytea NOT NULL, parked_at timestamptz NOT NULL DEFAULT now())`,
  `CREATE TABLE IF NOT EXISTS replay (durable text PRIMARY KEY, since_us bigint NOT NULL, cursor text NOT NULL DEFAULT '', is_done boolean NOT NULL DEFAULT false,
    heard_at timestamptz NOT NULL DEFAULT now())`,
];

export interface ClosedCdrsOptions {
  readonly bus: Bus;
  /** First token of every subject: `tollwire`, unless it was configured. */
  readonly root: string;
  /** Names what was taken so far: the same name goes on where it was, by any number of instances; a new name begins anew. */
  readonly durable: string;
  /** From when on a new name takes what was recorded, however long ago; all calls that are kept, where none is given. */
  readonly since?: Date;
  readonly database: Database;
  /** Who takes numbers, and what for: it is recorded. */
  readonly by: string;
  readonly reason: string;
}

/** The stream keeps seven days; who did not hear of it for so long asks for the record again. */
const awayMax = '6 days';
/** Of clocks that differ, and of what waited in an outbox. */
const marginUs = 3_600_000_000;

/**
 * A consumer of closed CDRs from any time on, which loses nothing and counts nothing twice. The stream holds seven days, the record of cdr all calls that are
 * kept: so it listens to the stream first, and then asks for the record, page by page; what closes meanwhile comes by the stream. CDRs may come
 * several times, by both ways and in any order, so each call is kept with its highest revision. A page and how far the record is read are one transaction, as
 * are the events of a batch. Resolves when the record is read; the stream goes on.
 */
export class ClosedCdrs {
  readonly #options: ClosedCdrsOptions;
  readonly #consumer: BatchConsumer;
  readonly #cdr: Asker<typeof CdrService>;
  #isStopping = false;

  constructor(options: ClosedCdrsOptions) {
    const { bus, root, durable, since, database } = options;
    const [subscription] = subscriptionsOf(root, [publicEvents.CdrClosed]);
    this.#options = options;
    this.#cdr = askerOf(CdrService, bus, { root, service: 'cdr' });
    this.#consumer = new BatchConsumer({
      bus,
      stream: streamSpecOf(root, publicEvents.CdrClosed.service),
      filters: present(subscription, 'the subjects of closed CDRs').filters,
      durable,
      ...(since === undefined ? {} : { since }),
      handle: (events) => database.transaction(async (tx) => {
        await keep(tx, events);
        await tx.query('UPDATE replay SET heard_at = now() WHERE durable = $1', [durable]);
      }),
      park: async (parked) => {
        const bytes = parked.kind === 'event' ? parked.event.dataBytes : parked.bytes;
        await database.query('INSERT INTO not_taken (reason, detail, bytes) VALUES ($1, $2, $3)', [parked.reason, parked.detail, bytes]);
      },
      isTransient,
    });
  }

  async start(): Promise<void> {
    await this.#begin();
    await this.#consumer.start();
    while (!this.#isStopping && (await this.#nextPage()));
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#consumer.stop();
  }

  /** Notes where the record is to be read from; again from when the stream was heard of last, where that is longer ago than the stream keeps. */
  async #begin(): Promise<void> {
    const { database, durable, since } = this.#options;
    await database.query(`
      INSERT INTO replay AS known (durable, since_us) VALUES ($1, $2)
      ON CONFLICT (durable) DO UPDATE SET cursor = '', is_done = false, heard_at = now(), since_us = (extract(epoch FROM known.heard_at) * 1000000)::bigint - $3
      WHERE known.is_done AND known.heard_at < now() - $4::interval`, [durable, (since?.getTime() ?? 0) * 1000, marginUs, awayMax]);
  }

  /** Takes the next page of the record; whether there are more. Instances take turns. */
  async #nextPage(): Promise<boolean> {
    const { database, durable, by, reason } = this.#options;
    const outcome = await database.transaction(async (tx) => {
      const [at] = await tx.query<{ since: bigint; cursor: string }>('SELECT since_us AS since, cursor FROM replay WHERE durable = $1 AND NOT is_done FOR UPDATE', [durable]);
      if (at === undefined) return 'done';
      const page = await this.#cdr.replayCdrs({ sinceUs: at.since, cursor: at.cursor, reveal: { by, reason } }, { timeoutMs: 30_000 });
      if (!page.ok) {
        if (page.refusal.code === 'service_unavailable') return 'wait';
        throw new Error(`The record of closed CDRs is refused: ${page.refusal.code} ${page.refusal.field ?? ''}`);
      }
      const { batch, nextCursor } = page.value;
      const events = decodeMessage(batchContentType, () => undefined, batch);
      if (!events.ok) throw new Error(`A page of closed CDRs cannot be read: ${events.refusal.detail ?? ''}`);
      await keep(tx, events.value);
      await tx.query('UPDATE replay SET cursor = $2, is_done = $3, heard_at = now() WHERE durable = $1', [durable, nextCursor, nextCursor === '']);
      return nextCursor === '' ? 'done' : 'more';
    });
    if (outcome === 'wait') await delay(1000);
    return outcome !== 'done';
  }
}

const keepSql = `
  INSERT INTO closed_cdr AS kept (call_key, revision, party, sell_nanos, currency, ended_at_us)
  SELECT DISTINCT ON (call_key) * FROM unnest($1::text[], $2::integer[], $3::text[], $4::bigint[], $5::text[], $6::bigint[])
    AS told (call_key, revision, party, sell_nanos, currency, ended_at_us)
  ORDER BY call_key, revision DESC
  ON CONFLICT (call_key) DO UPDATE SET revision = excluded.revision, party = excluded.party, sell_nanos = excluded.sell_nanos, currency = excluded.currency,
    ended_at_us = excluded.ended_at_us
  WHERE kept.revision <= excluded.revision`;

async function keep(tx: Sql, events: readonly ReceivedEvent[]): Promise<void> {
  const cdrs = events.map((event) => ({ key: event.key, cdr: dataOf(CdrClosedSchema, event) }));
  await tx.query(keepSql, [
    cdrs.map(({ cdr }) => callKey(cdr.call)),
    cdrs.map(({ cdr }) => cdr.revision),
    cdrs.map(({ key }) => key),
    cdrs.map(({ cdr }) => cdr.sell?.nanos ?? null),
    cdrs.map(({ cdr }) => cdr.sell?.currency ?? null),
    cdrs.map(({ cdr }) => cdr.endedAtUs),
  ]);
}
