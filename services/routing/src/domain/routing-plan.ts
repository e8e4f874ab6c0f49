import type { E164 } from '@tollwire/telecom';
import { ByPrefix } from './by-prefix.ts';
import { LEAST_COST, type RoutingPolicy, type StaticRoute } from './routing-policy.ts';
import type { Source } from './source.ts';

/** A prefix that a plan's customers may not call, and the ban plan that says so. */
export interface Ban {
  readonly prefix: string;
  readonly banPlanId: number;
}

/** From (inclusive) until (exclusive, or Infinity), in µs. */
export interface Validity {
  readonly fromUs: number;
  readonly untilUs: number;
}

/** When a plan is in force: within its own validity, while a link of a retail plan is, where it has any. */
export interface PlanValidity extends Validity {
  readonly retailLinks: readonly Validity[];
}

const ALWAYS: PlanValidity = { fromUs: -Infinity, untilUs: Infinity, retailLinks: [] };

/** Which sources of rates a customer's plan may route over, which prefixes it never may, and by which policy. */
export class RoutingPlan {
  readonly policy: RoutingPolicy;
  readonly #carrierPlanIds: ReadonlySet<number> | undefined;
  readonly #banList: readonly Ban[];
  readonly #bans: ByPrefix<Ban>;
  readonly #validity: PlanValidity;
  readonly #staticRoutes: ByPrefix<StaticRoute>;

  private constructor(carrierPlanIds: ReadonlySet<number> | undefined, bans: readonly Ban[], policy: RoutingPolicy, validity: PlanValidity) {
    this.policy = policy;
    this.#validity = validity;
    this.#carrierPlanIds = carrierPlanIds;
    this.#banList = bans;
    this.#bans = new ByPrefix(bans.toSorted((left, right) => left.banPlanId - right.banPlanId));
    this.#staticRoutes = new ByPrefix(policy.staticRoutes);
  }

  /** A voip_plan routes over the carrier plans that it is linked to, and heeds its ban plans. */
  static ofVoipPlan(carrierPlanIds: Iterable<number>, bans: readonly Ban[], policy: RoutingPolicy = LEAST_COST, validity: PlanValidity = ALWAYS): RoutingPlan {
    return new RoutingPlan(new Set(carrierPlanIds), bans, policy, validity);
  }

  /** Cards are sold by tariff; they go over every carrier, by direct rates and carrier plans alike. */
  static readonly ofTariff = new RoutingPlan(undefined, [], LEAST_COST, ALWAYS);

  /** A tariff whose calls are routed by a policy of its own. */
  static ofTariffBy(policy: RoutingPolicy, bans: readonly Ban[] = [], validity: PlanValidity = ALWAYS): RoutingPlan {
    return new RoutingPlan(undefined, bans, policy, validity);
  }

  /** The same plan, as if its calls were routed by another policy. */
  routedBy(policy: RoutingPolicy): RoutingPlan {
    return new RoutingPlan(this.#carrierPlanIds, this.#banList, policy, this.#validity);
  }

  mayUse(source: Source): boolean {
    if (this.#carrierPlanIds === undefined) return true;
    return source.carrierPlanId !== undefined && this.#carrierPlanIds.has(source.carrierPlanId);
  }

  /** Whether calls that start at the instant are sold by the plan at all. */
  isInForceAt(atUs: number): boolean {
    const { retailLinks } = this.#validity;
    return covers(this.#validity, atUs) && (retailLinks.length === 0 || retailLinks.some((link) => covers(link, atUs)));
  }

  /** The longest ban prefix that the number starts with. */
  banOf(e164: E164): Ban | undefined {
    return this.#bans.longest(e164);
  }

  /** The static route with the longest prefix that the number starts with. */
  staticRouteOf(e164: E164): StaticRoute | undefined {
    return this.#staticRoutes.longest(e164);
  }

  /** Of the carrier plan that a source belongs to. */
  metricOf({ carrierPlanId }: Source): number {
    return carrierPlanId === undefined ? 0 : (this.policy.metrics.get(carrierPlanId) ?? 0);
  }
}

function covers({ fromUs, untilUs }: Validity, atUs: number): boolean {
  return fromUs <= atUs && atUs < untilUs;
}
