import type { CodedRefusal } from '@tollwire/contracts';
import { ok, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { inForce, readActivations, readPlans, readRevision } from '@tollwire/rate-decks';
import type { PlanRef, RatingTables } from '../domain/tables.ts';
import { compile } from '../spread/compile.ts';
import { directDecks } from '../spread/direct-rates.ts';
import { contentOf, ContentRefused, type HistoryCatalog, historyOf } from './catalog-history.ts';
import { asKnownAt, exchangeKnownAt, plansKnownAt, pricing, type RecordedActivation } from './known.ts';
import { ownerOf, ownersOf } from './owners.ts';

/** Which rates are wanted: those that were known at an instant, of those that price calls in a period. */
export interface AsOfQuestion {
  readonly knownAtUs: number;
  /** The instants that pick the rates of the calls: from (inclusive) until (exclusive). */
  readonly fromUs: number;
  readonly untilUs: number;
  /** Undefined: of every plan. */
  readonly plan: PlanRef | undefined;
  /** Whether carriers' rates are wanted, too. */
  readonly buys: boolean;
}

export interface AsOfSources {
  readonly database: Sql;
  readonly catalog: HistoryCatalog;
  /** The tables in use: what they hold already is not compiled again. */
  readonly current: () => RatingTables;
  /** Told of a deck that is left out. */
  readonly onError: (error: unknown) => void;
}

type Answer = Result<RatingTables, CodedRefusal>;

/** Questions whose tables are kept; the longest unused falls out. */
const KEPT_MAX = 4;

/**
 * Tables of the past, made when somebody asks, beside the tables in use and off the way of calls. The catalog says what
 * was recorded when; one question is worked on at a time.
 */
export class AsOfTables {
  readonly #sources: AsOfSources;
  readonly #kept = new Map<string, RatingTables>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(sources: AsOfSources) {
    this.#sources = sources;
  }

  /** The tables that answer a question; refused where the catalog is away, or does not have what it should. */
  async of(question: AsOfQuestion): Promise<Answer> {
    const answer = this.#last.then(() => this.#answer(question));
    this.#last = answer.catch(() => undefined);
    return await answer;
  }

  async #answer(question: AsOfQuestion): Promise<Answer> {
    // What was known then may reach this service later: news makes every answer anew.
    const key = `${await readRevision(this.#sources.database)} ${JSON.stringify(question)}`;
    const kept = this.#kept.get(key);
    const made = kept === undefined ? await this.#made(question) : ok(kept);
    if (!made.ok) return made;
    this.#kept.delete(key);
    this.#kept.set(key, made.value);
    for (const oldest of [...this.#kept.keys()].slice(0, -KEPT_MAX)) this.#kept.delete(oldest);
    return made;
  }

  async #made(question: AsOfQuestion): Promise<Answer> {
    const { database, catalog, onError } = this.#sources;
    const known = await readPlans(database);
    const planHistory = plansKnownAt(known.planHistory, question.knownAtUs);
    const exchangeRates = exchangeKnownAt(known.exchangeRates, question.knownAtUs);
    const history = await this.#history(ownersOf(question, { ...planHistory, owners: (await readActivations(database)).flatMap(ownerOf) }));
    if (!history.ok) return history;
    const decks = pricing(inForce(asKnownAt(history.value, question.knownAtUs)), question.fromUs, question.untilUs);
    const state = { planHistory, exchangeRates, decks, chunks: (deck: { digest: string; chunkCount: number }) => contentOf(database, catalog, deck) };
    try {
      return ok(await compile(state, this.#known(), onError, question.buys ? await directDecks(database, question.knownAtUs) : []));
    } catch (error) {
      if (error instanceof ContentRefused) return { ok: false, refusal: error.refusal };
      throw error;
    }
  }

  async #history(owners: ReturnType<typeof ownersOf>): Promise<Result<RecordedActivation[], CodedRefusal>> {
    const all: RecordedActivation[] = [];
    for (const owner of owners) {
      const history = await historyOf(this.#sources.catalog, owner);
      if (!history.ok) return history;
      all.push(...history.value);
    }
    return ok(all);
  }

  /** All decks that are compiled here, whatever for. */
  #known(): RatingTables {
    const all = [this.#sources.current(), ...this.#kept.values()];
    const decks = all.flatMap(({ sellDecks, buyDecks }) => [...sellDecks.values(), ...buyDecks.values()].flat());
    return { ...this.#sources.current(), sellDecks: new Map([['all', decks]]), buyDecks: new Map() };
  }
}
