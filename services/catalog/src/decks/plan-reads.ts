import { decodeJson, type Sql } from '@tollwire/event-store';
import type { ChargeTerms } from '@tollwire/telecom';
import type { SellTerms } from '../domain/sell-terms.ts';
import type { InstantUs } from '@tollwire/core';
import type { BannedPrefix, InForce, RetailLink, VoipPlanComposed } from '../domain/voip-plan.ts';
import { retailLinksColumn } from '../plans/retail-link-model.ts';
import { chargesOfText } from '../wire/charges.ts';

/** A voip_plan with all that it is put together from. */
export interface ListedVoipPlan extends SellTerms, InForce {
  readonly voipPlanId: number;
  readonly name: string;
  readonly revision: number;
  readonly retailPlanIds: readonly number[];
  /** By metric. */
  readonly retailLinks: readonly RetailLink[];
  /** Null for a plan from before this was kept. */
  readonly composedAt: InstantUs | null;
  /** The plan's own carrier plans, then those of its retail plans. */
  readonly effectiveCarrierPlanIds: readonly number[];
  readonly banPrefixes: readonly BannedPrefix[];
}

/** Terms as a row holds them. */
interface StoredTerms extends Omit<SellTerms, 'charges'> {
  readonly charges: string | null;
}

function withCharges<Plan extends StoredTerms>({ charges, ...plan }: Plan): Omit<Plan, 'charges'> & { readonly charges: Partial<ChargeTerms> } {
  return { ...plan, charges: chargesOfText(charges) };
}

export type ListedTariff = SellTerms & { readonly tariffId: number };

// The first plan is always on the page, and each further one while the ban prefixes up to it are few enough.
const voipPlans = `
  with candidate as (select id from voip_plan where id > $1 order by id limit $2),
  weighed as (
    select c.id, row_number() over (order by c.id) as place, sum(
      (select count(*) from voip_plan_ban_plan l join ban_prefix b using (ban_plan_id) where l.voip_plan_id = c.id)
    ) over (order by c.id) as bans from candidate c
  )
  select p.id as "voipPlanId", p.name, p.revision, p.currency, p.rounding_decimals as "roundingDecimals", p.rounding_mode as "roundingMode",
    p.charges, p.windows_by_start as "windowsByStart",
    to_us(p.valid_from)::float8 as "validFrom", to_us(p.valid_until)::float8 as "validUntil", to_us(p.composed_at)::float8 as "composedAt",
    array(select voip_retail_plan_id from voip_plan_voip_retail_plan where voip_plan_id = p.id order by place) as "retailPlanIds",
    ${retailLinksColumn},
    array(select carrier_plan from (
      select voip_carrier_plan_id as carrier_plan, 0 as level, place, 0 as within from voip_plan_voip_carrier_plan where voip_plan_id = p.id
      union all
      select c.voip_carrier_plan_id, 1, r.place, c.place from voip_plan_voip_retail_plan r
        join voip_retail_plan_voip_carrier_plan c using (voip_retail_plan_id) where r.voip_plan_id = p.id
    ) each group by carrier_plan order by min((level, place, within))) as "effectiveCarrierPlanIds",
    coalesce((select jsonb_agg(jsonb_build_object('prefix', b.prefix, 'banPlanId', b.ban_plan_id) order by b.ban_plan_id, b.place)
      from voip_plan_ban_plan l join ban_prefix b using (ban_plan_id) where l.voip_plan_id = p.id), '[]') as "banPrefixes"
  from voip_plan p join weighed w using (id) where w.place = 1 or w.bans <= $3 order by p.id`;

/** The voip_plans after one, by id: at most `plansMax` with about `banPrefixesMax` prefixes in all, none only behind the last plan. */
export async function readVoipPlanPage(sql: Sql, after: number, plansMax: number, banPrefixesMax: number): Promise<ListedVoipPlan[]> {
  return (await sql.query<Omit<ListedVoipPlan, 'charges'> & StoredTerms>(voipPlans, [after, plansMax, banPrefixesMax])).map(withCharges);
}

const tariffs = `
  select tariffid as "tariffId", currency, rounding_decimals as "roundingDecimals", rounding_mode as "roundingMode",
    charges, windows_by_start as "windowsByStart" from tariff
  where tariffid > $1 order by tariffid limit $2`;

/** At most `max` tariffs after one, by id. */
export async function readTariffPage(sql: Sql, after: number, max: number): Promise<ListedTariff[]> {
  return (await sql.query<Omit<ListedTariff, 'charges'> & StoredTerms>(tariffs, [after, max])).map(withCharges);
}

const pastVoipPlans = `
  select (data - 'banPrefixes')::text as data from (
    select data, (data ->> 'voipPlanId')::int as plan, (data ->> 'revision')::int as revision,
      lead((data ->> 'at')::bigint) over (partition by stream order by version) as next_at
    from event where stream >= 'voipplan-' and stream < 'voipplan.' and type = 'VoipPlanComposed'
  ) past where next_at > $1 and (plan, revision) > ($2, $3) order by plan, revision limit $4`;

/** Compositions that counted at `since` or later and do no longer, by plan and revision; without their ban prefixes, which are of calls to come. */
export async function readPastVoipPlans(sql: Sql, since: number, after: { plan: number; revision: number }, max: number): Promise<VoipPlanComposed[]> {
  const rows = await sql.query<{ data: string }>(pastVoipPlans, [since, after.plan, after.revision, max]);
  return rows.map(({ data }) => ({ ...decodeJson<Omit<VoipPlanComposed, 'type' | 'banPrefixes'>>(data), type: 'VoipPlanComposed', banPrefixes: [] }));
}
