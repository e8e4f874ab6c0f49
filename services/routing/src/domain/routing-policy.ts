import type { FailoverTerms } from './failover.ts';

/**
 * Which of a carrier's prefixes count. `longest_per_carrier`: each carrier offers by its own longest prefix, and they compete.
 * `longest_overall`: only carriers that have the longest prefix which any carrier of the plan has. `tiered`: those first, then
 * carriers with shorter prefixes, as failover.
 */
export type PrefixMode = 'longest_overall' | 'longest_per_carrier' | 'tiered';

/** What the carriers of a call are ordered by. What leaves two equal is told apart as `least_cost` does, at last by carrier code. */
export type RouteOrder =
  /**
   * The price of the expected call. Prices within a delta of the cheapest of their group, the larger of the two, count as
   * equal: there the priority decides, then the price. Groups are made among carriers of one tier, apart from those of a static route.
   */
  | { readonly by: 'least_cost'; readonly deltaNanos: number; readonly deltaPpm: number }
  /** The metric of the carrier plan in the customer's plan, then the carrier's priority, then the price. */
  | { readonly by: 'priority' }
  /** What the customer pays where carriers go with different sell prices (least cost of the destination, LCD), then the price. */
  | { readonly by: 'sell_price' }
  /** ASR, then ACD, then PDD as they were measured, then the price. Carriers that were not measured come last. */
  | { readonly by: 'quality' }
  /** Shares of the calls by weight, drawn from the call id: the same call always gets the same order. Weight 0 is failover only. */
  | { readonly by: 'weights'; readonly seed: number };

/** Terms that one order alone looks at, and what is said of a policy that has them. */
const OF_ONE_ORDER: readonly OrderTerm[] = [
  { term: 'delta', order: 'least_cost', when: 'there is a delta' },
  { term: 'metrics', order: 'priority', when: 'carrier plans have metrics' },
  { term: 'weights', order: 'weights', when: 'carriers have weights' },
  { term: 'seed', order: 'weights', when: 'there is a seed' },
];

interface OrderTerm {
  readonly term: 'delta' | 'metrics' | 'weights' | 'seed';
  readonly order: RouteOrder['by'];
  readonly when: string;
}

/** A term that was said and would do nothing, since another order looks at it: who says it means that order. Undefined where each one counts. */
export function idleTerm(by: RouteOrder['by'], said: Readonly<Record<OrderTerm['term'], boolean>>): OrderTerm | undefined {
  return OF_ONE_ORDER.find(({ term, order }) => said[term] && order !== by);
}

/** Carriers that go first for numbers with a prefix, in the order named; the others are failover, or out where it is exclusive. */
export interface StaticRoute {
  readonly prefix: string;
  readonly carrierCodes: readonly string[];
  readonly exclusive: boolean;
}

/** How the calls of a plan are routed. */
export interface RoutingPolicy {
  readonly prefixMode: PrefixMode;
  readonly order: RouteOrder;
  /** How long the call is expected to be, whose exact price is compared; at least 1. */
  readonly expectedSec: number;
  /** Whether a carrier that is dearer than the sale stays in; a minimum of the margin, which no loss leaves, counts beside it. */
  readonly lossAllowed: boolean;
  /** Sell less buy of the expected call, in millionths of the sell price; 0: no minimum. */
  readonly marginPpmMin: number;
  /** Sell less buy of the expected call, in nanos; 0: no minimum. */
  readonly marginNanosMin: number;
  /** Of those that fit a number the longest prefix counts. */
  readonly staticRoutes: readonly StaticRoute[];
  /** By carrier plan; one that is not named has 0. Lower goes first where the order is by priority. */
  readonly metrics: ReadonlyMap<number, number>;
  /** By carrier code, where shares are by weight; one that is not named has 1. What is known of the carrier itself goes before. */
  readonly weights: ReadonlyMap<string, number>;
  /** What becomes of a call to a number on the blacklist; stopped where nothing is said. */
  readonly blacklisted?: 'stop' | 'mark';
  /** The destination rate limit: a call that sells for more a minute is refused before any carrier is looked at; absent: none. */
  readonly sellRateMaxNanos?: number;
  /** Which answers of a carrier go on to the next one; absent: the usual ones. */
  readonly failover?: FailoverTerms;
}

/** Least cost of a minute, each carrier by its own longest prefix, no losses. */
export const LEAST_COST: RoutingPolicy = {
  prefixMode: 'longest_per_carrier', order: { by: 'least_cost', deltaNanos: 0, deltaPpm: 0 }, expectedSec: 60, lossAllowed: false,
  marginPpmMin: 0, marginNanosMin: 0, staticRoutes: [], metrics: new Map(), weights: new Map(),
};
