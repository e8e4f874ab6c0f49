import { Migration } from '@mikro-orm/migrations';
import { CallEndedSchema, CdrService, dataOf, publicEventOf, publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import { enqueue, eventStoreGrants, eventStoreMigrations, type Reaction, type Sql } from '@tollwire/event-store';
import type { ServiceImplementation } from '@tollwire/messaging';
import { commonConfig } from '../config.ts';
import { answers, flow, on } from '../flow.ts';
import type { Resources } from '../resources.ts';

/** What a test decides while the service works, and sees of it. */
export interface TinyState {
  /** Calls whose ids begin with this cannot be closed, and are parked. */
  unknownPrefix: string;
  ready: boolean;
  closed: boolean;
  sweeps: number;
  /** The handler waits for this before each batch. */
  gate: Promise<void>;
  prepare: () => Promise<void>;
}

type TinyDeps = Resources & { readonly state: TinyState };

/** A state in which everything goes well. */
export function tinyState(): TinyState {
  return { unknownPrefix: 'unknown', ready: true, closed: false, sweeps: 0, gate: Promise.resolve(), prepare: () => Promise.resolve() };
}

export class TinyMigration extends Migration {
  override up(): void {
    for (const sql of eventStoreMigrations) this.addSql(sql);
    this.addSql('create table closed_call (call_id text primary key)');
  }
}

export const tinySchema = {
  entities: [],
  migrations: [TinyMigration],
  grants: [...eventStoreGrants, 'grant select, insert on closed_call to :app'],
};

/** The smallest service that does all that a flow can: it writes down calls that ended, and tells of it. */
export function tinyFlow(state: TinyState) {
  return flow('cdr', {
    config: commonConfig,
    schema: tinySchema,
    deps: (resources): TinyDeps => ({ ...resources, state }),
    aggregates: () => ({}),
    answers: [answers(CdrService, tinyAnswers)],
    reactions: [on([publicEvents.CallEnded], 'write-down', writeDown)],
    sweeps: [{ name: 'count', everyMs: 5, run: async () => void (state.sweeps += 1) }],
    prepare: () => state.prepare(),
    readiness: () => ({ isReady: () => state.ready, describe: () => ({ sweeps: state.sweeps }) }),
    close: async () => void (state.closed = true),
    publishes: [
      publicEvents.CdrClosed, publicEvents.CallAbandoned, publicEvents.NumberListed, publicEvents.NumberDelisted, publicEvents.FraudSuspected,
      publicEvents.FraudCleared,
    ],
  });
}

function tinyAnswers({ database, state }: TinyDeps): ServiceImplementation<typeof CdrService> {
  return {
    totals: async () => {
      await state.gate;
      const [row] = await database.query<{ count: bigint }>('select count(*) from closed_call');
      return ok({ callCount: row?.count ?? 0n });
    },
    getCall: () => Promise.reject(new Error('a bug')),
    replayCdrs: () => Promise.resolve(refuse({ code: 'cursor_malformed' })),
    searchCalls: () => Promise.resolve(refuse({ code: 'cursor_malformed' })),
    listSwitches: () => Promise.resolve(ok({})),
    setSwitch: () => Promise.resolve(ok({})),
    setRemovedPrefixes: () => Promise.resolve(ok({})),
  };
}

function writeDown({ root, state }: TinyDeps): Reaction {
  return {
    name: 'write-down',
    events: [publicEvents.CallEnded],
    handle: async (tx: Sql, events) => {
      await state.gate;
      const known = events.filter((event) => !callIdOf(event).startsWith(state.unknownPrefix));
      await tx.query('insert into closed_call select unnest($1::text[])', [known.map(callIdOf)]);
      await enqueue(tx, root, known.map(closedOf));
      const parked = events.filter((event) => !known.includes(event));
      return { park: parked.map((event) => ({ eventId: event.id, code: 'unknown_call', detail: `Nobody knows ${callIdOf(event)}` })) };
    },
  };
}

function callIdOf(event: ReceivedEvent): string {
  return dataOf(CallEndedSchema, event).call?.callId ?? '';
}

function closedOf(event: ReceivedEvent) {
  const { call, charged } = dataOf(CallEndedSchema, event);
  const data = { ...(call === undefined ? {} : { call }), ...(charged === undefined ? {} : { charged }) };
  return publicEventOf(publicEvents.CdrClosed, { source: 'tollwire/cdr', timeUs: event.timeUs, parts: [callIdOf(event)], data });
}
