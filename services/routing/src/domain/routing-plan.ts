import { type E164, PrefixIndex } from '@tollwire/telecom';
import type { Source } from './source.ts';

/** A prefix that a plan's customers may not call, and the ban plan that says so. */
export interface Ban {
  readonly prefix: string;
  readonly banPlanId: number;
}

/** Which sources of rates a customer's plan may route over, and which prefixes it never may. */
export class RoutingPlan {
  readonly #carrierPlanIds: ReadonlySet<number> | undefined;
  readonly #bans: readonly Ban[];
  readonly #banIndex: PrefixIndex;

  private constructor(carrierPlanIds: ReadonlySet<number> | undefined, bans: readonly Ban[]) {
    this.#carrierPlanIds = carrierPlanIds;
    this.#bans = bans.toSorted((left, right) => (left.prefix < right.prefix ? -1 : left.prefix > right.prefix ? 1 : left.banPlanId - right.banPlanId));
    this.#banIndex = PrefixIndex.build(this.#bans.map(({ prefix }) => prefix));
  }

  /** A voip_plan routes over the carrier plans that it is linked to, and heeds its ban plans. */
  static ofVoipPlan(carrierPlanIds: Iterable<number>, bans: readonly Ban[]): RoutingPlan {
    return new RoutingPlan(new Set(carrierPlanIds), bans);
  }

  /** Cards are sold by tariff; they go over every carrier, by direct rates and carrier plans alike. */
  static readonly ofTariff = new RoutingPlan(undefined, []);

  mayUse(source: Source): boolean {
    if (this.#carrierPlanIds === undefined) return true;
    return source.carrierPlanId !== undefined && this.#carrierPlanIds.has(source.carrierPlanId);
  }

  /** The longest ban prefix that the number starts with. */
  banOf(e164: E164): Ban | undefined {
    return this.#bans[this.#banIndex.longest(e164)];
  }
}
