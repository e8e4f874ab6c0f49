import { retailLinksColumn } from './retail-link-model.ts';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { PlanListingSchema } from '@tollwire/contracts';
import type { Sql } from '@tollwire/event-store';
import type { RoundingMode } from '@tollwire/telecom';
import type { InForce, RetailLink } from '../domain/voip-plan.ts';
import { wireRoundingModeOf } from '../wire/deck-kind.ts';
import { wireLinkOf } from '../wire/messages.ts';
import { type PlanKind, wirePlanKindOf } from './plan-kind.ts';

export const PLANS_MAX = 200;
const BAN_PREFIXES_MAX = 1_000;

interface PlanRow extends Partial<InForce> {
  readonly id: number;
  readonly name: string;
  readonly currency?: string;
  readonly roundingDecimals?: number;
  readonly roundingMode?: RoundingMode;
  readonly carrierCode?: string;
  readonly retailLinks?: readonly RetailLink[];
  readonly carrierPlanIds?: readonly number[];
  readonly banPlanIds?: readonly number[];
  readonly banPrefixes?: readonly string[];
  readonly banPrefixCount?: number;
}

const terms = 'currency, rounding_decimals as "roundingDecimals", rounding_mode as "roundingMode"';
const alive = (id: string) => `deleted_at is null and ${id} > $1 and ($2::bigint = 0 or ${id} = $2::bigint) order by ${id} limit $3`;

const queries: Readonly<Record<PlanKind, string>> = {
  tariff: `select tariffid as id, tariffname as name, ${terms} from tariff where ${alive('tariffid')}`,
  retail: `
    select id, name, currency,
      array(select voip_carrier_plan_id from voip_retail_plan_voip_carrier_plan where voip_retail_plan_id = p.id order by place) as "carrierPlanIds"
    from voip_retail_plan p where ${alive('id')}`,
  carrier: `select id, name, currency, carrier_code as "carrierCode" from voip_carrier_plan where ${alive('id')}`,
  ban: `
    select id, name, (select count(*)::int from ban_prefix where ban_plan_id = p.id) as "banPrefixCount",
      array(select prefix from ban_prefix where $2::bigint = p.id and ban_plan_id = p.id order by place limit ${BAN_PREFIXES_MAX}) as "banPrefixes"
    from ban_plan p where ${alive('id')}`,
  voip: `
    select id, name, ${terms}, to_us(valid_from)::float8 as "validFrom", to_us(valid_until)::float8 as "validUntil",
      ${retailLinksColumn},
      array(select voip_carrier_plan_id from voip_plan_voip_carrier_plan where voip_plan_id = p.id order by place) as "carrierPlanIds",
      array(select ban_plan_id from voip_plan_ban_plan where voip_plan_id = p.id order by place) as "banPlanIds"
    from voip_plan p where ${alive('id')}`,
};

/** The plans of a kind after an id, at most 200, or only one; deleted ones are not among them. */
export async function listPlans(sql: Sql, kind: PlanKind, afterId: number, id: number): Promise<MessageInitShape<typeof PlanListingSchema>[]> {
  const rows = await sql.query<PlanRow>(queries[kind], [afterId, id, PLANS_MAX]);
  return rows.map((row) => ({
    kind: wirePlanKindOf(kind),
    id: row.id,
    name: row.name,
    currency: row.currency ?? '',
    roundingDecimals: row.roundingDecimals ?? 0,
    ...(row.roundingMode === undefined ? {} : { roundingMode: wireRoundingModeOf(row.roundingMode) }),
    carrierCode: row.carrierCode ?? '',
    retailLinks: (row.retailLinks ?? []).map(wireLinkOf),
    carrierPlanIds: [...(row.carrierPlanIds ?? [])],
    banPlanIds: [...(row.banPlanIds ?? [])],
    banPrefixes: [...(row.banPrefixes ?? [])],
    banPrefixCount: row.banPrefixCount ?? 0,
    validFromUs: BigInt(row.validFrom ?? 0),
    validUntilUs: BigInt(row.validUntil ?? 0),
  }));
}
