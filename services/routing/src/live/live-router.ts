import { setImmediate } from 'node:timers/promises';
import { exchangeRateOf, type VoipPlanComposed } from '@tollwire/contracts';
import type { DeckInForce, ReplicaState } from '@tollwire/rate-decks';
import { ExchangeRates, NO_EXCHANGE_RATES } from '@tollwire/telecom';
import { buildIndex } from '../domain/build-index.ts';
import type { CarrierIndex } from '../domain/carrier-index.ts';
import type { Carrier } from '../domain/carriers.ts';
import { type AdmissionRefusal, admit, type Notice } from '../domain/admission.ts';
import type { FailoverTerms } from '../domain/failover.ts';
import { convertedPrice } from '../domain/comparable-price.ts';
import { type ExcludedCarrier, route, type RouteDecision, type RouteQuestion, type SellRate } from '../domain/route.ts';
import type { Course } from '../domain/what-if.ts';
import type { LiveLists } from '../lists/live-lists.ts';
import { RoutingPlan, type Validity } from '../domain/routing-plan.ts';
import { LEAST_COST, type RoutingPolicy } from '../domain/routing-policy.ts';
import type { SourceDeck } from '../domain/source.ts';
import { CarrierFactsNow, type LiveMeasures, NOTHING_MEASURED } from './carrier-facts-now.ts';
import type { CarrierBook, PolicySince } from './load-carriers.ts';
import { type DecksInForce, loadCarrierDecks } from './load-decks.ts';

/** What is asked, with the plan still a name. */
export type LiveQuestion = Omit<RouteQuestion, 'plan'> & {
  readonly plan: { readonly voipPlanId: number } | { readonly tariffId: number };
  /** No call is meant, though one may be named: lists count no hit. */
  readonly isQuestion?: boolean;
};

/** What is answered: the decision, or why no carrier was looked at; with what the lists say of the number without stopping the call. */
export type LiveDecision =
  | (RouteDecision & { readonly notice?: Notice | undefined; readonly failover?: FailoverTerms | undefined })
  | { readonly routed: false; readonly refusal: AdmissionRefusal | UnknownPlan; readonly excluded: readonly ExcludedCarrier[]; readonly notice?: undefined };

/** Nothing was heard of such a VoIP plan, or not yet. Tariffs are not told of here: one without a policy goes by least cost, whichever it is. */
export interface UnknownPlan {
  readonly code: 'unknown_plan';
  readonly voipPlanId: number;
}

/** Lists that say nothing of any number. */
const NO_LISTS: Pick<LiveLists, 'screen'> = { screen: () => ({ list: 'none' }) };

/**
 * The router over what is in force now. A new state is built aside and swapped in whole, so a decision sees either
 * the old decks or the new ones, and none waits for a build.
 */
export class LiveRouter {
  readonly #book: CarrierBook;
  readonly #lists: Pick<LiveLists, 'screen'>;
  #index: CarrierIndex | undefined;
  readonly #measures: LiveMeasures;
  readonly #byPolicy = new WeakMap<RoutingPolicy, Map<RoutingPlan, RoutingPlan>>();
  #facts: CarrierFactsNow;
  #exchangeRates: ExchangeRates = NO_EXCHANGE_RATES;
  #offersKey = '';
  /** What the index is built from, to build another one beside it. */
  #built: { readonly decks: DecksInForce; readonly direct: readonly SourceDeck[] } | undefined;
  #candidate: { readonly key: string; readonly index: Promise<CarrierIndex> } | undefined;
  #tariffs: ReadonlyMap<number, readonly PlanSince[]> = new Map();
  #plans: ReadonlyMap<number, readonly PlanSince[]> = new Map();

  constructor(book: CarrierBook, measures: LiveMeasures = NOTHING_MEASURED, lists: Pick<LiveLists, 'screen'> = NO_LISTS) {
    this.#book = book;
    this.#lists = lists;
    this.#measures = measures;
    this.#facts = new CarrierFactsNow(measures);
  }

  /** Takes in the decks and plans of the catalog, and the carriers as they stand. */
  async apply(state: ReplicaState): Promise<void> {
    const carriers = await this.#book.carriers();
    const direct = await this.#book.directRates();
    const policies = await this.#book.policies();
    const key = offersKey(carriers, state.decks, direct);
    const index = key === this.#offersKey && this.#index !== undefined
      ? this.#index.withCarriers(carriers)
      : await build(carriers, [...(await loadCarrierDecks(state)), ...direct]);
    this.#index = index;
    this.#built = { decks: state, direct };
    this.#facts = new CarrierFactsNow(this.#measures);
    this.#offersKey = key;
    this.#exchangeRates = new ExchangeRates(state.exchangeRates.flatMap((set) => exchangeRateOf(set) ?? []));
    this.#plans = plansOf(state, policies);
    this.#tariffs = tariffsOf(policies);
  }

  /** Decides by the live index and by the plan as it was put together at the instant; nothing is routed for one that is not known. */
  route(question: LiveQuestion): LiveDecision | undefined {
    if (this.#index === undefined) return undefined;
    const plan = this.#planOf(question);
    if (!(plan instanceof RoutingPlan)) return { routed: false, refusal: plan, excluded: [] };
    const admission = this.#admit(question, plan);
    if (!admission.admitted) return { routed: false, refusal: admission.refusal, excluded: [] };
    return { ...route({ ...question, plan }, this.#index, this.#facts, this.#exchangeRates), notice: admission.notice, failover: plan.policy.failover };
  }

  #admit({ e164, atUs, callId = '', isQuestion = false }: LiveQuestion, plan: RoutingPlan) {
    const screening = { screen: (number: typeof e164) => this.#lists.screen(number, plan.policy.blacklisted ?? 'stop', { isCall: callId !== '' && !isQuestion, atUs }) };
    return admit({ called: e164, atUs, plan, screening });
  }

  /**
   * What a call of so many seconds would have cost over the first carrier of its list, routed by a policy in place of that of
   * its plan; undefined where none is left. Costs are in the currency of the sale where exchange rates lead there.
   */
  courseOf(
    question: LiveQuestion & { readonly sell: SellRate }, policy: RoutingPolicy | undefined, durationSec: number, index: CarrierIndex | undefined = this.#index,
  ): Course | undefined {
    const own = this.#planOf(question);
    if (index === undefined || !(own instanceof RoutingPlan)) return undefined;
    const plan = policy === undefined ? own : this.#replanned(own, policy);
    const decision = route({ ...question, plan }, index, this.#facts, this.#exchangeRates);
    if (!decision.routed) return undefined;
    const [first] = decision.carriers;
    if (first === undefined) return undefined;
    const { carrier: { carrierCode, number }, currency } = first;
    const offer = index.bestOffers(question.routedBy ?? question.e164, question.atUs, plan, this.#exchangeRates)[number] ?? -1;
    const priceNanos = index.priceOf(offer, durationSec);
    if (currency === question.sell.currency) return { carrierCode, costNanos: BigInt(priceNanos) };
    const converted = convertedPrice(priceNanos, currency, question.sell.currency, question.atUs, this.#exchangeRates);
    return { carrierCode, costNanos: converted === undefined ? undefined : BigInt(converted.priceNanos) };
  }

  /**
   * The offers as they would be with other versions in place of everything that their carrier plans had in force, beside the live ones. Kept until others are
   * asked for, or the live offers are other ones: the pages of a question are many.
   */
  async indexWith(candidates: readonly SourceDeck[]): Promise<CarrierIndex | undefined> {
    const { carriers } = this;
    const built = this.#built;
    if (built === undefined) return undefined;
    const key = [this.#offersKey, ...candidates.map(({ source: { carrierPlanId, digest } }) => `${carrierPlanId} ${digest}`)].join('\n');
    if (this.#candidate?.key !== key) this.#candidate = { key, index: candidateIndex(carriers, built, candidates) };
    const { index } = this.#candidate;
    index.catch(() => (this.#candidate = undefined));
    return (await index).withCarriers(this.carriers);
  }

  /** Gives up the memory of such offers; a question that goes on makes them anew. */
  forgetCandidates(): void {
    this.#candidate = undefined;
  }

  /** An amount of a carrier in another currency by the exchange rates of an instant; undefined where none lead there. */
  converted(nanos: bigint, from: string, to: string, atUs: number): bigint | undefined {
    if (from === to) return nanos;
    const converted = convertedPrice(Number(nanos), from, to, atUs, this.#exchangeRates);
    return converted === undefined ? undefined : BigInt(converted.priceNanos);
  }

  /** A plan by another policy, made once for as long as both are asked about. */
  #replanned(own: RoutingPlan, policy: RoutingPolicy): RoutingPlan {
    const plans = this.#byPolicy.get(policy) ?? new Map<RoutingPlan, RoutingPlan>();
    this.#byPolicy.set(policy, plans);
    const plan = plans.get(own) ?? own.routedBy(policy);
    plans.set(own, plan);
    return plan;
  }

  #planOf({ plan, atUs }: Pick<LiveQuestion, 'plan' | 'atUs'>): RoutingPlan | UnknownPlan {
    if ('tariffId' in plan) return planAt(this.#tariffs.get(plan.tariffId), atUs) ?? RoutingPlan.ofTariff;
    return planAt(this.#plans.get(plan.voipPlanId), atUs) ?? { code: 'unknown_plan', voipPlanId: plan.voipPlanId };
  }

  /** Why nothing is routed for a plan, whatever is called; undefined for one that is known. */
  unknownPlan(plan: LiveQuestion['plan']): UnknownPlan | undefined {
    return 'tariffId' in plan || this.#plans.has(plan.voipPlanId) ? undefined : { code: 'unknown_plan', voipPlanId: plan.voipPlanId };
  }

  /** Every carrier as it stands, in the order of its code; none before a state was taken in. */
  get carriers(): readonly Carrier[] {
    return this.#index?.carriers ?? [];
  }

  get ready(): boolean {
    return this.#index !== undefined;
  }

  /** Which version of each carrier plan routes calls that begin at an instant, as carrier:7. */
  versionsAt(us: number): Record<string, number> {
    const held = new Set(this.#index?.sources.map(({ carrierPlanId, digest }) => `${carrierPlanId} ${digest}`));
    const counting = this.#built?.decks.decks.filter(({ ownerId, digest, validFromUs, validUntilUs }) => held.has(`${ownerId} ${digest}`) && validFromUs <= us && us < validUntilUs);
    return Object.fromEntries((counting ?? []).map(({ ownerId, version }) => [`carrier:${ownerId}`, version]));
  }

  /** What is in force, for readiness. */
  describe(): { carriers: number; deckVersions: number; rates: number; indexBytes: number } {
    const index = this.#index;
    return { carriers: index?.carriers.length ?? 0, deckVersions: index?.sources.length ?? 0, rates: index?.rateCount ?? 0, indexBytes: index?.bytes ?? 0 };
  }
}

/** A plan as it was put together from an instant on. */
interface PlanSince {
  readonly fromUs: number;
  readonly plan: RoutingPlan;
}

type Policies = ReadonlyMap<string, readonly PolicySince[]>;

/** Nobody has said anything yet. */
const UNSAID: PolicySince = { fromUs: -Infinity, policy: LEAST_COST };

/** Of tariffs only those that have, or had, a policy of their own. */
function tariffsOf(policies: Policies): Map<number, PlanSince[]> {
  const own = [...policies].filter(([key]) => key.startsWith('tariff:'));
  return new Map(own.map(([key, history]) =>
    [Number(key.slice('tariff:'.length)), [UNSAID, ...history].map(({ fromUs, policy }) => ({ fromUs, plan: RoutingPlan.ofTariffBy(policy) }))]));
}

/** What every plan that there is was, oldest first, and is. */
function plansOf({ voipPlans, planHistory }: ReplicaState, policies: Policies): Map<number, PlanSince[]> {
  const ids = new Set(voipPlans.map(({ voipPlanId }) => voipPlanId));
  const past = planHistory.voipPlans.filter(({ voipPlanId }) => ids.has(voipPlanId));
  const latest = voipPlans.filter(({ voipPlanId, revision }) => !past.some((known) => known.voipPlanId === voipPlanId && known.revision === revision));
  const compositions = Map.groupBy([...past, ...latest], ({ voipPlanId }) => voipPlanId);
  return new Map([...compositions].map(([id, composed]) => [id, plansSince(composed, [UNSAID, ...(policies.get(`voip_plan:${id}`) ?? [])])]));
}

/** What a plan was from each instant on at which its composition or its policy became another. Before the first composition that is known, it was that one. */
function plansSince(compositions: readonly VoipPlanComposed[], policies: readonly PolicySince[]): PlanSince[] {
  const instants = new Set([...policies.map(({ fromUs }) => fromUs), ...compositions.slice(1).map(({ composedAtUs }) => Number(composedAtUs))]);
  return [...instants].toSorted((one, other) => one - other).flatMap((fromUs) => {
    const composed = compositions.findLast(({ composedAtUs }) => Number(composedAtUs) <= fromUs) ?? compositions[0];
    const policy = policies.findLast((since) => since.fromUs <= fromUs)?.policy;
    return composed === undefined ? [] : [{ fromUs, plan: planOf(composed, policy) }];
  });
}

function planAt(history: readonly PlanSince[] | undefined, atUs: number): RoutingPlan | undefined {
  return history?.findLast(({ fromUs }) => fromUs <= atUs)?.plan;
}

function planOf({ carrierPlanIds, banPrefixes, validFromUs, validUntilUs, retailLinks }: VoipPlanComposed, policy = LEAST_COST): RoutingPlan {
  const links = retailLinks.map((link) => validityOf(link.validFromUs, link.validUntilUs));
  return RoutingPlan.ofVoipPlan(carrierPlanIds, banPrefixes, policy, { ...validityOf(validFromUs, validUntilUs), retailLinks: links });
}

/** Bounds of 0 are open. */
function validityOf(fromUs: bigint, untilUs: bigint): Validity {
  return { fromUs: Number(fromUs), untilUs: Number(untilUs) || Infinity };
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

async function candidateIndex(
  carriers: readonly Carrier[], { decks, direct }: { readonly decks: DecksInForce; readonly direct: readonly SourceDeck[] }, candidates: readonly SourceDeck[],
): Promise<CarrierIndex> {
  const replaced = new Set(candidates.map(({ source }) => source.carrierPlanId));
  const others = { ...decks, decks: decks.decks.filter(({ ownerId }) => !replaced.has(ownerId)) };
  return await build(carriers, [...(await loadCarrierDecks(others)), ...direct, ...candidates]);
}

async function build(carriers: readonly Carrier[], decks: readonly SourceDeck[]): Promise<CarrierIndex> {
  const slices = buildIndex(carriers, decks);
  for (;;) {
    const slice = slices.next();
    if (slice.done === true) return slice.value;
    await setImmediate();
  }
}
