import { callKey, type QuoteItem } from '@tollwire/contracts';
import type { InstantUs } from '@tollwire/core';
import { pgArray, type Sql } from '@tollwire/event-store';

/** By call, the number that its carriers were found by. */
export type PortedCalls = ReadonlyMap<string, string>;

/** In the order of their keys, so that two batches with the same calls do not wait for each other. */
const upsert = `
  insert into ported_call (call_key, routing_number, kept_at_us)
  select call_key, routing_number, $3 from unnest($1::text[], $2::text[]) as p (call_key, routing_number) order by call_key
  on conflict (call_key) do update set routing_number = excluded.routing_number, kept_at_us = excluded.kept_at_us`;

/**
 * Keeps by which number the carriers of calls that are being authorized are found, where number portability leads elsewhere, until they are
 * rated: an end that states no number is bought by this one. Durable when it resolves, so before the switch has its answer. Calls without one cost nothing.
 */
export async function keepPorted(sql: Sql, items: readonly QuoteItem[], now: InstantUs): Promise<void> {
  const ported = new Map(items.flatMap(({ hold, routingNumber }) => (hold === undefined || routingNumber === '' ? [] : [[callKey(hold.call), routingNumber] as const])));
  if (ported.size === 0) return;
  const all = [...ported];
  await sql.query(upsert, [pgArray('text', all, ([key]) => key), pgArray('text', all, ([, number]) => number), now]);
}

/** The numbers that were kept of calls. */
export async function portedOf(sql: Sql, callKeys: readonly string[]): Promise<PortedCalls> {
  if (callKeys.length === 0) return new Map();
  const rows = await sql.query<{ call_key: string; routing_number: string }>(
    'select call_key, routing_number from ported_call where call_key = any($1::text[])', [pgArray('text', callKeys, (key) => key)]);
  return new Map(rows.map(({ call_key, routing_number }) => [call_key, routing_number]));
}

/** Strikes calls off that are rated, whose ratings keep their number, or were refused. */
export async function dropPorted(sql: Sql, callKeys: readonly string[]): Promise<void> {
  if (callKeys.length === 0) return;
  await sql.query(
    'delete from ported_call where call_key in (select call_key from ported_call where call_key = any($1::text[]) order by call_key for update)',
    [pgArray('text', callKeys, (key) => key)]);
}

/** As long as an end may be late that does not state the number itself: 35 days. */
const KEPT_US = 35 * 86_400_000_000;

/** Strikes off calls whose end never came. */
export async function expirePorted(sql: Sql, now: InstantUs): Promise<void> {
  await sql.query(
    'delete from ported_call where call_key in (select call_key from ported_call where kept_at_us < $1 limit 10000 for update skip locked)', [now - KEPT_US]);
}
