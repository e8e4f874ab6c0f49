import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  batchContentType, DeckActivatedSchema, DeckChunkSchema, DeckKind, decodeMessage, encodeEvent, FetchDeckChunkReplySchema,
  type PublicEvent, type ReceivedEvent, type SnapshotListsReply_KeptEntrySchema, SnapshotListsReplySchema, SnapshotReplySchema,
} from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import { Database } from '@tollwire/event-store';
import { createLogger, migrate, type Schema, storedIn } from '@tollwire/platform';
import type { ReplicaOptions } from '@tollwire/rate-decks';
import { type TestClock, testClock, testDatabase } from '@tollwire/testing';
import { createHash } from 'node:crypto';
import type { TellsLists } from '../lists/live-lists.ts';
import { type RoutingDeps, routingOn } from '../routing.deps.ts';
import { routingFlow } from '../routing.flow.ts';

/** A carrier deck as the catalog has it: its content, and the news that it is in force. */
export function carrierDeck(carrierCode: string, carrierPlanId: number, rates: Readonly<Record<string, string>>, version = 1) {
  const prefix = Object.keys(rates).sort();
  const each = <T>(value: T) => prefix.map(() => value);
  const chunk = create(DeckChunkSchema, {
    prefix,
    ratePerMinNanos: prefix.map((digits) => BigInt(Math.round(Number(rates[digits]) * 1e9))),
    connectFeeNanos: each(0n), initialIncrementSec: each(1), incrementSec: each(1),
    validFromUs: each(0n), validUntilUs: each(0n), blocked: each(false),
  });
  const content = toBinary(DeckChunkSchema, chunk);
  const digest = createHash('sha256').update(content).digest('hex');
  const deck = { kind: DeckKind.CARRIER, ownerId: carrierPlanId, version, digest, rateCount: BigInt(prefix.length), chunkCount: 1, currency: 'EUR', carrierCode };
  return { content, digest, activated: create(DeckActivatedSchema, { deck, activation: version, validFromUs: 1n, by: 'spec' }) };
}

export type SpecDeck = ReturnType<typeof carrierDeck>;

/** The catalog of a test; while it is away it answers nothing. */
export interface SpecCatalog {
  away: boolean;
  decks: SpecDeck[];
  /** What cdr says of the lists. */
  readonly lists: {
    snapshotLists: TellsLists['snapshotLists'];
    entries: readonly MessageInitShape<typeof SnapshotListsReply_KeptEntrySchema>[];
  };
}

export interface RoutingBed {
  readonly catalog: SpecCatalog;
  readonly database: Database;
  readonly clock: TestClock;
  readonly url: string;
  readonly schema: Schema;
  /** The service as it comes up: nothing in memory. */
  instance(): RoutingDeps;
  close(): Promise<void>;
}

/** Routing on a database of its own, run by the role that it has in production. */
export async function openRouting(): Promise<RoutingBed> {
  const { schema } = routingFlow;
  const made = await testDatabase('routing', { leastPrivilege: true });
  await migrate(made.ownerUrl, made.appRole, schema);
  const database = await Database.connect({ url: made.url, applicationName: 'routing-spec' });
  const catalog: SpecCatalog = { away: false, decks: [], lists: listsOf() };
  const clock = testClock('2026-03-14T09:26:53Z');
  const logger = createLogger('routing', 'silent');
  const store = { database, root: 'spec', wakeRelay: () => undefined };
  return {
    catalog,
    database,
    clock,
    url: made.url,
    schema,
    instance: () => routingOn({ database, clock, logger, root: store.root, wakeRelay: store.wakeRelay, ...routingFlow.aggregates(storedIn(store)), catalog: answersOf(catalog), cdr: catalog.lists }),
    close: async () => {
      await database.close();
      await made.drop();
    },
  };
}

function listsOf(): SpecCatalog['lists'] {
  const lists: SpecCatalog['lists'] = { entries: [], snapshotLists: async () => ok(create(SnapshotListsReplySchema, { entries: [...lists.entries] })) };
  return lists;
}

function answersOf(catalog: SpecCatalog): ReplicaOptions['catalog'] {
  const away = () => refuse({ code: 'service_unavailable' as const });
  return {
    snapshot: async () => (catalog.away ? away() : ok(create(SnapshotReplySchema, { activeDecks: catalog.decks.map(({ activated }) => activated) }))),
    fetchDeckChunk: async ({ digest }) => {
      const deck = catalog.decks.find((each) => each.digest === digest);
      return catalog.away || deck === undefined ? away() : ok(create(FetchDeckChunkReplySchema, { content: deck.content }));
    },
  };
}

/** An event as it comes out of the bus. */
export function received(event: PublicEvent): readonly ReceivedEvent[] {
  const decoded = decodeMessage(batchContentType, () => undefined, encodeEvent(event));
  return decoded.ok ? decoded.value : [];
}
