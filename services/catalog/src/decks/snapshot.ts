import type { MessageInitShape } from '@bufbuild/protobuf';
import type { SnapshotReplySchema } from '@tollwire/contracts';
import type { InstantUs } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { Currency, RoundingMode } from '@tollwire/telecom';
import { deckActivatedOf, deckWithdrawnOf, tariffTermsOf, voipPlanComposedOf, voipPlanTermsOf } from '../wire/messages.ts';
import { readActivations } from './deck-reads.ts';

/** How long the end of a call may take to arrive and still be rated without asking for history: 35 days. */
const HISTORY_US = 35 * 86_400 * 1_000_000;

interface VoipPlanRow {
  readonly voipPlanId: number;
  readonly name: string;
  readonly revision: number;
  readonly currency: Currency;
  readonly roundingDecimals: number;
  readonly roundingMode: RoundingMode;
  readonly retailPlanIds: number[];
  readonly effectiveCarrierPlanIds: number[];
  readonly banPrefixes: { prefix: string; banPlanId: number }[];
}

const voipPlans = `
  select p.id as "voipPlanId", p.name, p.revision, p.currency, p.rounding_decimals as "roundingDecimals", p.rounding_mode as "roundingMode",
    array(select voip_retail_plan_id from voip_plan_voip_retail_plan where voip_plan_id = p.id order by place) as "retailPlanIds",
    array(select carrier_plan from (
      select voip_carrier_plan_id as carrier_plan, 0 as level, place, 0 as within from voip_plan_voip_carrier_plan where voip_plan_id = p.id
      union all
      select c.voip_carrier_plan_id, 1, r.place, c.place from voip_plan_voip_retail_plan r
        join voip_retail_plan_voip_carrier_plan c using (voip_retail_plan_id) where r.voip_plan_id = p.id
    ) each group by carrier_plan order by min((level, place, within))) as "effectiveCarrierPlanIds",
    coalesce((select jsonb_agg(jsonb_build_object('prefix', b.prefix, 'banPlanId', b.ban_plan_id) order by b.ban_plan_id, b.place)
      from voip_plan_ban_plan l join ban_prefix b using (ban_plan_id) where l.voip_plan_id = p.id), '[]') as "banPrefixes"
  from voip_plan p order by p.id`;

const tariffs = `
  select tariffid as "tariffId", currency, rounding_decimals as "roundingDecimals", rounding_mode as "roundingMode" from tariff order by tariffid`;

/** Everything that a consumer without history needs to start. What changes meanwhile it hears as events. */
export async function snapshot(sql: Sql, now: InstantUs): Promise<MessageInitShape<typeof SnapshotReplySchema>> {
  const [activations, plans, tariffTerms] = await Promise.all([
    readActivations(sql, now - HISTORY_US),
    sql.query<VoipPlanRow>(voipPlans),
    sql.query<{ tariffId: number; currency: Currency; roundingDecimals: number; roundingMode: RoundingMode }>(tariffs),
  ]);
  return {
    activeDecks: activations.map(deckActivatedOf),
    withdrawnDecks: activations.flatMap(({ withdrawnAt, withdrawnBy, ...activation }) => {
      return withdrawnAt === null ? [] : [deckWithdrawnOf({ ...activation, withdrawnAt, by: withdrawnBy ?? '' })];
    }),
    voipPlans: plans.map(voipPlanComposedOf),
    sellTerms: [...tariffTerms.map(tariffTermsOf), ...plans.map(voipPlanTermsOf)],
  };
}
