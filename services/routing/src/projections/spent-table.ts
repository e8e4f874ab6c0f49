import type { Sql } from '@tollwire/event-store';

/** What a call has used up of the balance of a provider, by its rating of a revision. */
export interface CallSpending {
  readonly carrierCode: string;
  /** Which statement of the balance it counts for. */
  readonly sinceUs: number;
  readonly callKey: string;
  readonly revision: number;
  readonly nanos: bigint;
}

// The sums are locked first, in one order: who adds to one waits for who does, and sees what that has written.
const open = `
  insert into provider_spent (carrier_code, since_us, nanos) select distinct c, s, 0 from unnest($1::text[], $2::bigint[]) as l (c, s) order by 1, 2
  on conflict do nothing`;
const lock = `
  select carrier_code from provider_spent where (carrier_code, since_us) in (select c, s from unnest($1::text[], $2::bigint[]) as l (c, s))
  order by carrier_code, since_us for update`;
const add = `
  with told as (
    select distinct on (c, s, k) c, s, k, r, n from unnest($1::text[], $2::bigint[], $3::text[], $4::int[], $5::bigint[]) as l (c, s, k, r, n) order by c, s, k, r desc
  ), fresh as (
    select t.*, t.n - coalesce(before.nanos, 0) as more from told t
    left join provider_spent_call before on before.carrier_code = t.c and before.since_us = t.s and before.call_key = t.k
    where before.revision is null or before.revision < t.r
  ), kept as (
    insert into provider_spent_call (carrier_code, since_us, call_key, revision, nanos) select c, s, k, r, n from fresh
    on conflict (carrier_code, since_us, call_key) do update set revision = excluded.revision, nanos = excluded.nanos
  )
  update provider_spent p set nanos = p.nanos + f.more from (select c, s, sum(more) as more from fresh group by c, s) f where p.carrier_code = f.c and p.since_us = f.s`;

/** Takes what calls cost off the balances. Of a call the highest revision counts, once. */
export async function spend(tx: Sql, spendings: readonly CallSpending[]): Promise<void> {
  if (spendings.length === 0) return;
  const codes = spendings.map(({ carrierCode }) => carrierCode);
  const since = spendings.map(({ sinceUs }) => sinceUs);
  await tx.query(open, [codes, since]);
  await tx.query(lock, [codes, since]);
  await tx.query(add, [codes, since, spendings.map(({ callKey }) => callKey), spendings.map(({ revision }) => revision), spendings.map(({ nanos }) => nanos)]);
}

/** What was spent of each balance. */
export async function readSpent(sql: Sql): Promise<{ readonly carrierCode: string; readonly sinceUs: bigint; readonly nanos: bigint }[]> {
  return await sql.query('select carrier_code as "carrierCode", since_us as "sinceUs", nanos from provider_spent');
}

const stale = (table: string) => `
  delete from ${table} s where not exists (select 1 from provider p where p.carriercode = s.carrier_code and to_us(p.balance_since) = s.since_us)`;

/** Forgets what was spent of balances that have been stated anew since. */
export async function pruneSpent(sql: Sql): Promise<void> {
  await sql.query(stale('provider_spent_call'));
  await sql.query(stale('provider_spent'));
}
