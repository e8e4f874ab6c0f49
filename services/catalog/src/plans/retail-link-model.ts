import type { ReadModel } from '@tollwire/event-store';
import { isLifeEvent } from '../domain/plan-life.ts';
import { linksOf, type RetailLink, type VoipPlanEvent } from '../domain/voip-plan.ts';

const table = 'voip_plan_voip_retail_plan';

const insert = `
  insert into ${table} (voip_plan_id, voip_retail_plan_id, place, metric, valid_from, valid_until, carrier_codes)
  select plan, retail, place, metric, from_us(valid_from), from_us(valid_until), carriers::jsonb
  from unnest($1::int[], $2::int[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[])
    as l (plan, retail, place, metric, valid_from, valid_until, carriers)`;

/** Of the voip_plan `p`, as a column of a statement: its links in their order. */
export const retailLinksColumn = `
  coalesce((select jsonb_agg(jsonb_build_object('retailPlanId', l.voip_retail_plan_id, 'metric', l.metric, 'validFrom', to_us(l.valid_from), 'validUntil', to_us(l.valid_until),
    'carrierCodes', coalesce(l.carrier_codes, '[]')) order by l.place) from ${table} l where l.voip_plan_id = p.id), '[]') as "retailLinks"`;

/** The retail plans of a voip_plan with metric and dates, in the order in which they count; the last event of a plan is what counts. */
export const retailLinkModel: ReadModel<VoipPlanEvent> = {
  name: 'voip-plan-voip-retail-plan',
  table,
  streamPrefix: 'voipplan-',
  async apply(tx, recorded) {
    const last = new Map<number, readonly RetailLink[]>();
    for (const { stream, event } of recorded) {
      if (!stream.startsWith('voipplan-')) continue;
      if (isLifeEvent(event)) last.set(event.planId, []);
      else last.set(event.voipPlanId, linksOf(event).retailLinks);
    }
    if (last.size === 0) return;
    await tx.query(`delete from ${table} where voip_plan_id = any($1::int[])`, [[...last.keys()]]);
    const rows = [...last].flatMap(([id, links]) => links.map((link, place) => ({ ...link, id, place })));
    await tx.query(insert, [
      rows.map(({ id }) => id), rows.map(({ retailPlanId }) => retailPlanId), rows.map(({ place }) => place), rows.map(({ metric }) => metric),
      rows.map(({ validFrom }) => validFrom), rows.map(({ validUntil }) => validUntil),
      rows.map(({ carrierCodes }) => (carrierCodes === undefined ? null : JSON.stringify(carrierCodes))),
    ]);
  },
  async clear(tx) {
    await tx.query(`lock table ${table} in exclusive mode`);
    await tx.query(`delete from ${table}`);
  },
};
