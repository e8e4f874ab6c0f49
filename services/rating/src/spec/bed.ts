import { create } from '@bufbuild/protobuf';
import {
  type DeckActivated, type DeckWithdrawn, FetchDeckChunkReplySchema, ListDeckActivationsReplySchema, type RecordedActivation,
  type SellTermsSet, SnapshotReplySchema, type VoipPlanComposed,
} from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import { Database } from '@tollwire/event-store';
import { migrate } from '@tollwire/platform';
import { type TestClock, testClock, testDatabase } from '@tollwire/testing';
import pg from 'pg';
import { grants, migrations } from '../migrations/index.ts';
import { type RatingDeps, ratingOf, type RatingSources } from '../rating.deps.ts';
import type { SpecDeck } from './decks.ts';

/** What the catalog has in a test; while it is `away` it answers nothing. */
export interface SpecCatalog {
  away: boolean;
  decks: SpecDeck[];
  activeDecks: DeckActivated[];
  withdrawnDecks: DeckWithdrawn[];
  /** Every activation that was ever recorded; the snapshot tells only of some. */
  history: RecordedActivation[];
  voipPlans: VoipPlanComposed[];
  sellTerms: SellTermsSet[];
}

/** Rating on a database of its own, made by an owner and run by a role with few rights. */
export interface RatingBed {
  readonly catalog: SpecCatalog;
  readonly clock: TestClock;
  readonly database: Database;
  readonly errors: unknown[];
  /** The service as it is just after a start: nothing in memory. */
  instance(): RatingDeps;
  /** Does what only the owner of the tables may. */
  asOwner(statement: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens the bed; close it in the end. */
export async function openRating(name: string, root = 'spec'): Promise<RatingBed> {
  const made = await testDatabase(name, { leastPrivilege: true });
  await migrate(made.ownerUrl, made.appRole, { entities: [], migrations, grants });
  const database = await Database.connect({ url: made.url, applicationName: name });
  const owner = new pg.Client({ connectionString: made.ownerUrl });
  await owner.connect();
  const catalog: SpecCatalog = { away: false, decks: [], activeDecks: [], withdrawnDecks: [], history: [], voipPlans: [], sellTerms: [] };
  const clock = testClock('2026-06-02T00:00:00Z');
  const errors: unknown[] = [];
  const shared = { database, clock, root, wakeRelay: () => undefined, catalog: answering(catalog), onError: (error: unknown) => errors.push(error) };
  return {
    catalog,
    clock,
    database,
    errors,
    instance: () => ratingOf(shared),
    asOwner: async (statement) => {
      await owner.query(statement);
    },
    async close() {
      await database.close();
      await owner.end();
      await made.drop();
    },
  };
}

function answering(catalog: SpecCatalog): RatingSources['catalog'] {
  const unavailable = refuse({ code: 'service_unavailable' as const });
  return {
    snapshot: async () => {
      const { activeDecks, withdrawnDecks, voipPlans, sellTerms } = catalog;
      return catalog.away ? unavailable : ok(create(SnapshotReplySchema, { activeDecks, withdrawnDecks, voipPlans, sellTerms }));
    },
    listDeckActivations: async ({ kind = 0, ownerId = 0, afterActivation = 0 }) => {
      const ofOwner = catalog.history.filter(({ activated }) => activated?.deck?.kind === kind && activated.deck.ownerId === ownerId);
      const page = ofOwner.filter(({ activated }) => (activated?.activation ?? 0) > afterActivation).slice(0, 1);
      return catalog.away ? unavailable : ok(create(ListDeckActivationsReplySchema, { activations: page }));
    },
    fetchDeckChunk: async ({ digest = '', chunk = 0 }) => {
      const content = catalog.decks.find(({ version }) => version.digest === digest)?.contents[chunk];
      if (catalog.away) return unavailable;
      return content === undefined ? refuse({ code: 'unknown_deck' }) : ok(create(FetchDeckChunkReplySchema, { content }));
    },
  };
}
