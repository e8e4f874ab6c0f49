import type { InstantUs } from '@tollwire/core';
import { pgArray, type Sql } from '@tollwire/event-store';
import type { BucketSec, Drawn } from './balances.ts';

interface Use extends BucketSec {
  readonly callKey: string;
  readonly revision: number;
  readonly grantedSec: number;
  readonly givenBack: boolean;
}

const insertUses = `
  insert into allowance_use (call_key, revision, grant_id, period, party_key, given_back, sec, used_at_us)
  select call_key, revision, grant_id, period, party_key, given_back, sec, $8
  from unnest($1::text[], $2::int[], $3::text[], $4::int[], $5::text[], $6::bool[], $7::int[])
    as u (call_key, revision, grant_id, period, party_key, given_back, sec)`;

/** What is given back was taken before, so its bucket is there. */
const openBuckets = `
  insert into allowance_bucket (party_key, grant_id, period, granted_sec, used_sec)
  select distinct party_key, grant_id, period, granted_sec, 0
  from unnest($1::text[], $2::text[], $3::int[], $4::int[]) as b (party_key, grant_id, period, granted_sec)
  on conflict do nothing`;

const addUses = `
  update allowance_bucket b set used_sec = b.used_sec + u.sec
  from (select party_key, grant_id, period, sum(sec)::int as sec
        from unnest($1::text[], $2::text[], $3::int[], $4::int[]) as u (party_key, grant_id, period, sec)
        group by party_key, grant_id, period) u
  where b.party_key = u.party_key and b.grant_id = u.grant_id and b.period = u.period`;

const insertHolds = `
  insert into allowance_hold (call_key, party_key, grant_id, period, sec, until_us)
  select * from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[], $6::bigint[])`;

/** Keeps what ratings took of allowances and gave back, in their transaction and under the lock of `AllowanceBalances`. */
export async function keepUses(tx: Sql, drawn: readonly Drawn[], now: InstantUs): Promise<void> {
  const uses = drawn.flatMap(usesOf);
  if (uses.length === 0) return;
  const taken = uses.filter(({ givenBack }) => !givenBack);
  const [parties, grants, periods, secs] = columnsOf(uses);
  await Promise.all([
    tx.query(insertUses, [
      pgArray('text', uses, (use) => use.callKey), pgArray('integer', uses, (use) => use.revision), grants, periods, parties,
      pgArray('boolean', uses, (use) => use.givenBack), secs, now,
    ]),
    tx.query(openBuckets, [...columnsOf(taken).slice(0, 3), pgArray('integer', taken, (use) => use.grantedSec)]),
    tx.query(addUses, [parties, grants, periods, secs]),
  ]);
}

/** Holds what was drawn for calls until the instant of each, in the place of whatever was held for them before. */
export async function keepHolds(tx: Sql, drawn: readonly Drawn[], untilOf: (drawn: Drawn) => InstantUs): Promise<void> {
  await dropHolds(tx, drawn.map(({ call }) => call.callKey));
  const holds = drawn.flatMap((one) => usesOf(one).map((use) => ({ ...use, until: untilOf(one) })));
  if (holds.length === 0) return;
  const [parties, grants, periods, secs] = columnsOf(holds);
  await tx.query(insertHolds, [pgArray('text', holds, ({ callKey }) => callKey), parties, grants, periods, secs, pgArray('bigint', holds, ({ until }) => until)]);
}

/** In an order of their own, because holds are given up without the lock of their party, too. */
const deleteHolds = `
  delete from allowance_hold where (call_key, grant_id, period) in (
    select call_key, grant_id, period from allowance_hold where call_key = any($1::text[]) order by call_key, grant_id, period for update)`;

const deleteExpired = `
  delete from allowance_hold where (call_key, grant_id, period) in (
    select call_key, grant_id, period from allowance_hold where until_us <= $1 limit 10000 for update skip locked)`;

/** Gives up whatever is held for calls. */
export async function dropHolds(sql: Sql, callKeys: readonly string[]): Promise<void> {
  if (callKeys.length > 0) await sql.query(deleteHolds, [pgArray('text', callKeys, (key) => key)]);
}

/** Strikes off what is held beyond its time. It counts for nothing already. */
export async function expireHolds(sql: Sql, now: InstantUs): Promise<void> {
  await sql.query(deleteExpired, [now]);
}

function usesOf({ call: { callKey, revision, partyKey }, draws, givenBack }: Drawn): Use[] {
  return [
    ...givenBack.map((back) => ({ ...back, callKey, revision, grantedSec: 0, givenBack: true, sec: -back.sec })),
    ...draws.map(({ bucket: { grant, period }, sec }) => ({
      callKey, revision, partyKey, grantId: grant.grantId, period, grantedSec: grant.secPerPeriod, givenBack: false, sec,
    })),
  ];
}

/** Party, grant, period and seconds, each as one parameter. */
function columnsOf(uses: readonly Use[]): [Buffer, Buffer, Buffer, Buffer] {
  return [
    pgArray('text', uses, ({ partyKey }) => partyKey), pgArray('text', uses, ({ grantId }) => grantId),
    pgArray('integer', uses, ({ period }) => period), pgArray('integer', uses, ({ sec }) => sec),
  ];
}
