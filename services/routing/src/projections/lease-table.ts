import { pgArray, type Sql } from '@tollwire/event-store';
import { LEASE_STATES, type LeaseNews } from '../domain/call-lease.ts';

/** A call that was let through over a carrier, as the instance that did so writes it down. */
export interface Offer {
  readonly callKey: string;
  readonly carrierCode: string;
  readonly offeredUs: number;
  readonly untilUs: number;
}

/** What is in use of the capacity of a carrier. */
export interface InUse {
  readonly carrierCode: string;
  readonly concurrentCalls: number;
  /** Of calls that other instances let through within the last second. */
  readonly othersPerSec: number;
}

const offerSql = `
  INSERT INTO call_lease (call_key, carrier_code, state, until_us, offered_us, offered_by)
  SELECT u.call_key, u.carrier_code, 0, u.until_us, u.offered_us, $5
  FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) AS u (call_key, carrier_code, until_us, offered_us)
  ORDER BY u.call_key ON CONFLICT (call_key) DO NOTHING`;

/** Writes calls down that were let through; of a call whose events were faster nothing changes. */
export async function writeOffers(sql: Sql, offers: readonly Offer[], instance: string): Promise<void> {
  if (offers.length === 0) return;
  await sql.query(offerSql, [
    pgArray('text', offers, ({ callKey }) => callKey), pgArray('text', offers, ({ carrierCode }) => carrierCode),
    offers.map(({ untilUs }) => untilUs), offers.map(({ offeredUs }) => offeredUs), instance,
  ]);
}

/** A call of which nothing is known yet takes capacity only where its carrier has limits; what is known goes on. */
const newsSql = `
  INSERT INTO call_lease AS l (call_key, carrier_code, state, until_us)
  SELECT u.call_key, u.carrier_code, u.state, u.until_us
  FROM unnest($1::text[], $2::text[], $3::smallint[], $4::bigint[]) AS u (call_key, carrier_code, state, until_us)
  WHERE u.carrier_code = ANY($5::text[]) OR EXISTS (SELECT FROM call_lease k WHERE k.call_key = u.call_key)
  ORDER BY u.call_key
  ON CONFLICT (call_key) DO UPDATE SET
    carrier_code = CASE WHEN excluded.carrier_code = '' THEN l.carrier_code ELSE excluded.carrier_code END, state = excluded.state, until_us = excluded.until_us
  WHERE l.state < excluded.state`;

/** Carries on the leases of calls, each of which is named once. */
export async function writeNews(tx: Sql, news: readonly LeaseNews[], limited: readonly string[]): Promise<void> {
  if (news.length === 0) return;
  await tx.query(newsSql, [
    pgArray('text', news, ({ callKey }) => callKey), pgArray('text', news, ({ carrierCode }) => carrierCode),
    news.map(({ state }) => LEASE_STATES.indexOf(state)), news.map(({ untilUs }) => untilUs), limited,
  ]);
}

/** Each half by an index of its own; the leases of calls that are over are many times as many as those that hold. */
const countSql = `
  SELECT carrier_code AS "carrierCode", sum(held)::int AS "concurrentCalls", sum(others)::int AS "othersPerSec" FROM (
    SELECT carrier_code, count(*) AS held, 0 AS others FROM call_lease WHERE state < 3 AND until_us > $1 GROUP BY carrier_code
    UNION ALL
    SELECT carrier_code, 0, count(*) FROM call_lease WHERE offered_us > greatest($1 - 1000000, 0) AND offered_us > 0 AND offered_by <> $2 GROUP BY carrier_code
  ) AS used GROUP BY carrier_code`;

/** What is in use now, by carrier; those of which nothing is are left out. */
export async function countLeases(sql: Sql, nowUs: number, instance: string): Promise<InUse[]> {
  return await sql.query<InUse>(countSql, [nowUs, instance]);
}

/** Forgets leases that ended long enough ago that nothing late is told of them. */
export async function pruneLeases(sql: Sql, beforeUs: number): Promise<void> {
  await sql.query('DELETE FROM call_lease WHERE until_us < $1', [beforeUs]);
}
