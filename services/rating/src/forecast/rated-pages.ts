import type { Sql } from '@tollwire/event-store';
import type { RatedRecord } from '../domain/rated-record.ts';
import type { RatedDeck, RatingTables } from '../domain/tables.ts';
import { recordOf, type RatedRow } from '../rated-calls/read.ts';

/** Where a walk through all ratings has come to, in the order of their key. */
interface Place {
  readonly callKey: string;
  readonly revision: number;
}

export interface RatedPage {
  readonly lookedAt: number;
  /** The newest rating of each call that the deck has a part in. */
  readonly records: readonly RatedRecord[];
}

const selectEnd = `
  select call_key as "callKey", revision, count(*) over () as "lookedAt" from (
    select call_key, revision from rated_call where (call_key, revision) > ($1, $2) order by call_key, revision limit $3
  ) page order by call_key desc, revision desc limit 1`;

const selectPage = `
  select * from rated_call r
  where (call_key, revision) > ($1, $2) and (call_key, revision) <= ($3, $4) and started_at_us >= $5 and started_at_us < $6
    and position('*' in called_e164) = 0
    and case $7::text when 'carrier' then carrier_code = $8 else plan_kind = $9 and plan_id = any($10::int[]) end
    and not exists (select from rated_call newer where newer.call_key = r.call_key and newer.revision > r.revision)
  order by call_key`;

/**
 * The calls of a period that a deck prices, page by page in the order of their keys: no index on their time slows down the
 * writing of ratings, so a forecast walks through all of them, some thousands in each statement.
 */
export async function* ratedPages(
  sql: Sql,
  tables: RatingTables,
  deck: RatedDeck,
  { sinceUs, untilUs, rowsPerPage }: { readonly sinceUs: bigint; readonly untilUs: bigint; readonly rowsPerPage: number },
): AsyncGenerator<RatedPage> {
  const plans = plansOf(tables, deck);
  for (let from: Place = { callKey: '', revision: 0 }; ; ) {
    const [end] = await sql.query<Place & { lookedAt: bigint }>(selectEnd, [from.callKey, from.revision, rowsPerPage]);
    if (end === undefined) return;
    const rows = await sql.query<RatedRow>(selectPage, [
      from.callKey, from.revision, end.callKey, end.revision, sinceUs, untilUs, deck.kind, deck.carrierCode, deck.kind === 'tariff' ? 'tariff' : 'voip_plan', plans,
    ]);
    yield { lookedAt: Number(end.lookedAt), records: rows.map(recordOf) };
    from = end;
  }
}

/** The plans that sell by a deck: its tariff, or every voip_plan that links or linked its retail plan. */
function plansOf({ voipPlans }: RatingTables, { kind, ownerId }: RatedDeck): number[] {
  if (kind !== 'retail') return [ownerId];
  const links = [...voipPlans].filter(([, history]) => history.some(({ value }) => value.retailLinks.some(({ retailPlanId }) => retailPlanId === ownerId)));
  return links.map(([id]) => id);
}
