import { type CatalogService, type DeckChunk, dataOf, type ExchangeRateSet, publicEvents, type ReceivedEvent, type SellTermsSet, type VoipPlanComposed } from '@tollwire/contracts';
import type { Database, Reaction, Sql } from '@tollwire/event-store';
import type { Asker } from '@tollwire/messaging';
import { type DeckInForce, inForce } from './activation.ts';
import { fetchContent, FetchedContents } from './fetch-content.ts';
import { snapshotPages } from './snapshot-pages.ts';
import * as store from './store.ts';

/** What the catalog has in force, as this service keeps it. */
export interface ReplicaState {
  readonly decks: readonly DeckInForce[];
  readonly voipPlans: readonly VoipPlanComposed[];
  readonly sellTerms: readonly SellTermsSet[];
  /** Every revision of those that is known, oldest first of each plan: what plans were when late calls were made. */
  readonly planHistory: store.PlanFacts['planHistory'];
  /** Every exchange rate that is known, by pair and revision. */
  readonly exchangeRates: readonly ExchangeRateSet[];
  /** A deck's content, sorted by prefix over all chunks. */
  chunks(deck: DeckInForce): AsyncIterable<DeckChunk>;
}

export interface ReplicaOptions {
  readonly database: Database;
  readonly catalog: Pick<Asker<typeof CatalogService>, 'snapshot' | 'fetchDeckChunk'>;
  /** The kinds of deck whose content this service needs. */
  readonly kinds: readonly number[];
  /** Takes a new state in, building aside what it needs; the one before it stays in use until this resolves. */
  readonly apply: (state: ReplicaState) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

const { DeckActivated, DeckWithdrawn, VoipPlanComposed, SellTermsSet, ExchangeRateSet } = publicEvents;

/** The catalog's news that a replica takes in. */
export const deckReplicaEvents = [DeckActivated, DeckWithdrawn, VoipPlanComposed, SellTermsSet, ExchangeRateSet];

/**
 * A durable copy of the rate decks and plans that the catalog has in force. It starts from its own tables, so it needs
 * no catalog to come up again; it fetches content by digest, and checks it against the digest. Instances that share a
 * database learn of each other's news through a revision.
 */
export class DeckReplica {
  readonly #options: ReplicaOptions;
  #snapshotTaken = false;
  #toldRefusal = '';
  #appliedRevision: bigint | undefined;
  #running: Promise<void> | undefined;

  constructor(options: ReplicaOptions) {
    this.#options = options;
  }

  /**
   * Resolves when a state has been applied: at once from the own tables where the catalog is away, else with its
   * snapshot taken in first, for what may have happened before this service first listened. A catalog that is away is
   * asked for its snapshot again at each refresh.
   */
  async start(): Promise<void> {
    await this.refresh();
  }

  /** Takes the catalog's news into the own tables; call `refresh` after the commit. */
  reaction(): Reaction {
    return {
      name: 'replicate-decks',
      events: deckReplicaEvents,
      handle: async (tx, events) => {
        for (const event of events) await record(tx, event);
        await store.bumpRevision(tx);
      },
    };
  }

  /** Applies what is new in the tables, if anything is. Runs one at a time; a call during a run waits for it and looks again. */
  async refresh(): Promise<void> {
    const before = this.#running ?? Promise.resolve();
    const run = before.catch(() => undefined).then(() => this.#refreshOnce());
    this.#running = run;
    await run;
  }

  async #refreshOnce(): Promise<void> {
    const { database, kinds, apply } = this.#options;
    if (!this.#snapshotTaken) await this.#takeSnapshot();
    const revision = await store.readRevision(database);
    if (revision === this.#appliedRevision) return;
    const activations = (await store.readActivations(database)).filter(({ kind }) => kinds.includes(kind));
    const missing = new Set<string>();
    const fetched = new FetchedContents();
    for (const deck of inForce(activations)) {
      if (await this.#isHere(deck)) continue;
      const content = await this.#fetch(deck);
      if (content === undefined) missing.add(deck.digest);
      else fetched.hold(deck.digest, content);
    }
    await apply({
      // A version whose content is not here yet ends nothing: the one before it goes on until then.
      decks: inForce(activations.filter(({ digest }) => !missing.has(digest))),
      ...(await store.readPlans(database)),
      chunks: (deck) => fetched.chunksOf(deck.digest) ?? store.readChunks(database, deck.digest, deck.chunkCount),
    });
    fetched.release();
    // A deck that could not be fetched is looked for again at the next refresh.
    if (missing.size === 0) this.#appliedRevision = revision;
  }

  async #takeSnapshot(): Promise<void> {
    const pages = await snapshotPages(this.#options.catalog);
    if (!pages.ok) {
      this.#tellRefusal(pages.refusal.code);
      return;
    }
    await this.#options.database.transaction(async (tx) => {
      for (const { activeDecks, withdrawnDecks, voipPlans, sellTerms, exchangeRates } of pages.value) {
        for (const activated of activeDecks) await store.recordActivated(tx, activated);
        for (const withdrawn of withdrawnDecks) await store.recordWithdrawn(tx, withdrawn);
        for (const composed of voipPlans) await store.recordComposed(tx, composed);
        for (const terms of sellTerms) await store.recordTerms(tx, terms);
        for (const rate of exchangeRates) await store.recordExchangeRate(tx, rate);
      }
      await store.bumpRevision(tx);
    });
    this.#snapshotTaken = true;
  }

  /** A catalog that is away is asked again; any other refusal stays, so it is told, once for as long as it is the same. */
  #tellRefusal(code: string): void {
    if (code !== 'service_unavailable' && code !== this.#toldRefusal) {
      this.#options.onError(new Error(`The catalog's snapshot cannot be taken: ${code}`));
    }
    this.#toldRefusal = code;
  }

  async #isHere(deck: DeckInForce): Promise<boolean> {
    return (await store.countChunks(this.#options.database, deck.digest)) === deck.chunkCount;
  }

  /** Fetches a deck's content and keeps it; undefined where that is not to be had now. */
  async #fetch(deck: DeckInForce): Promise<readonly Uint8Array[] | undefined> {
    const { database, catalog, onError } = this.#options;
    const content = await fetchContent(catalog, deck);
    if (!content.ok) {
      onError(new Error(`Deck ${deck.digest} cannot be fetched: ${content.refusal.code}${content.refusal.detail === undefined ? '' : ` (${content.refusal.detail})`}`));
      return undefined;
    }
    await database.transaction((tx) => store.writeChunks(tx, deck.digest, content.value));
    return content.value;
  }
}

async function record(tx: Sql, event: ReceivedEvent): Promise<void> {
  switch (event.type) {
    case DeckActivated.type:
      await store.recordActivated(tx, dataOf(DeckActivated.schema, event));
      return;
    case DeckWithdrawn.type:
      await store.recordWithdrawn(tx, dataOf(DeckWithdrawn.schema, event));
      return;
    case VoipPlanComposed.type:
      await store.recordComposed(tx, dataOf(VoipPlanComposed.schema, event));
      return;
    case SellTermsSet.type:
      await store.recordTerms(tx, dataOf(SellTermsSet.schema, event));
      return;
    case ExchangeRateSet.type:
      await store.recordExchangeRate(tx, dataOf(ExchangeRateSet.schema, event));
      return;
    default:
      throw new Error(`The deck replica does not know the event ${event.type}`);
  }
}
