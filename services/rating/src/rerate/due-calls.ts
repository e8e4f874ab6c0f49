import type { InstantUs } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { RatedRecord } from '../domain/rated-record.ts';
import { type RatedRow, recordOf } from '../rated-calls/read.ts';
import type { ReratingFilter } from './rerating.ts';
import { BATCH_CALLS_MAX, type Place } from './walk.ts';

/** The first rating of a call decides whether it is looked at, the newest one is what is looked at. */
const selectDue = `
  with due as materialized (
    select call_key from rated_call
    where revision = 1 and started_at_us >= $1 and started_at_us < $2 and (started_at_us > $1 or call_key > $3)
      and ($4::text is null or plan_kind = $4) and ($5::int is null or plan_id = $5)
      and ($6::text is null or party_key = $6)
      and ($7::text is null or carrier_code = $7)
      and ($8::text is null or starts_with(called_e164, $8))
      and ($9::boolean or not pre_rated)
      and position('*' in called_e164) = 0
    order by started_at_us, call_key limit $10)
  select n.* from due cross join lateral (
    select * from rated_call r where r.call_key = due.call_key order by r.revision desc limit 1) n
  order by n.started_at_us, n.call_key`;

/** The newest ratings of the calls that a filter chooses, from a place up to an instant: at most one batch, in order. */
export async function dueCalls(sql: Sql, filter: ReratingFilter, { atUs, callKey }: Place, end: InstantUs): Promise<RatedRecord[]> {
  const { plan, partyKey, carrierCode, destinationPrefix, includePreRated } = filter;
  const chosen = [plan?.kind, plan?.id, partyKey, carrierCode, destinationPrefix].map((value) => value ?? null);
  const rows = await sql.query<RatedRow>(selectDue, [atUs, end, callKey, ...chosen, includePreRated, BATCH_CALLS_MAX]);
  return rows.map(recordOf);
}
