import { setImmediate } from 'node:timers/promises';
import type { DeckInForce, ReplicaState } from '@tollwire/rate-decks';
import { buildIndex } from '../domain/build-index.ts';
import type { CarrierIndex } from '../domain/carrier-index.ts';
import type { Carrier } from '../domain/carriers.ts';
import { route, type RouteDecision, type RouteQuestion } from '../domain/route.ts';
import { RoutingPlan } from '../domain/routing-plan.ts';
import type { SourceDeck } from '../domain/source.ts';
import type { CarrierBook } from './load-carriers.ts';
import { loadCarrierDecks } from './load-decks.ts';

/** What is asked, with the plan still a name. */
export type LiveQuestion = Omit<RouteQuestion, 'plan'> & { readonly plan: { readonly voipPlanId: number } | 'tariff' };

/**
 * The router over what is in force now. A new state is built aside and swapped in whole, so a decision sees either
 * the old decks or the new ones, and none waits for a build.
 */
export class LiveRouter {
  readonly #book: CarrierBook;
  #index: CarrierIndex | undefined;
  #offersKey = '';
  #plans: ReadonlyMap<number, RoutingPlan> = new Map();

  constructor(book: CarrierBook) {
    this.#book = book;
  }

  /** Takes in the decks and plans of the catalog, and the carriers as they stand. */
  async apply(state: ReplicaState): Promise<void> {
    const carriers = await this.#book.carriers();
    const direct = await this.#book.directRates();
    const key = offersKey(carriers, state.decks, direct);
    const index = key === this.#offersKey && this.#index !== undefined
      ? this.#index.withCarriers(carriers)
      : await build(carriers, [...(await loadCarrierDecks(state)), ...direct]);
    this.#index = index;
    this.#offersKey = key;
    this.#plans = new Map(state.voipPlans.map((plan) => [plan.voipPlanId, RoutingPlan.ofVoipPlan(plan.carrierPlanIds, plan.banPrefixes)]));
  }

  /** Decides by the live index; a plan that is not known has no carrier plans, so nothing is routed for it. */
  route(question: LiveQuestion): RouteDecision | undefined {
    if (this.#index === undefined) return undefined;
    const plan = question.plan === 'tariff' ? RoutingPlan.ofTariff : this.#plans.get(question.plan.voipPlanId);
    return plan === undefined ? { routed: false, refusal: { code: 'no_route' }, excluded: [] } : route({ ...question, plan }, this.#index);
  }

  get ready(): boolean {
    return this.#index !== undefined;
  }

  /** What is in force, for readiness and metrics. */
  describe(): { carriers: number; deckVersions: number; rates: number; indexBytes: number } {
    const index = this.#index;
    return { carriers: index?.carriers.length ?? 0, deckVersions: index?.sources.length ?? 0, rates: index?.rateCount ?? 0, indexBytes: index?.bytes ?? 0 };
  }
}

/** The same key, the same offers: then only what is known of the carriers is other. */
function offersKey(carriers: readonly Carrier[], decks: readonly DeckInForce[], direct: readonly SourceDeck[]): string {
  const versions = decks.map(({ ownerId, digest, validFromUs, validUntilUs, carrierCode }) => `${ownerId} ${carrierCode} ${digest} ${validFromUs} ${validUntilUs}`);
  const rates = direct.map(({ source, columns: { prefix, ratePerMinNanos, validFromUs, validUntilUs } }) => {
    const values = [ratePerMinNanos, validFromUs, validUntilUs].flatMap((column) => Array.from(column));
    return `${source.digest} ${source.currency} ${prefix.join(' ')} ${values.join(' ')}`;
  });
  return [carriers.map(({ carrierCode }) => carrierCode).join(' '), ...versions, ...rates].join('\n');
}

async function build(carriers: readonly Carrier[], decks: readonly SourceDeck[]): Promise<CarrierIndex> {
  const slices = buildIndex(carriers, decks);
  for (;;) {
    const slice = slices.next();
    if (slice.done === true) return slice.value;
    await setImmediate();
  }
}
