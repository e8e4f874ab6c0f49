import type { InstantUs } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';

/** What a call costs by one of its ratings, as it was charged. */
export interface ChargeRow {
  readonly callKey: string;
  readonly revision: number;
  readonly accountId: string;
  readonly currency: string;
  readonly amountNanos: bigint;
  readonly postedNanos: bigint;
  readonly aboveReservationNanos: bigint;
}

/** What a call was charged by its latest rating so far. */
export interface LatestCharge {
  readonly revision: number;
  readonly accountId: string;
  readonly amountNanos: bigint;
}

const selectLatest = `
  SELECT DISTINCT ON (call_key) call_key, revision, account_id, amount FROM charge
  WHERE call_key = ANY($1::text[]) ORDER BY call_key, revision DESC`;

const insertCharges = `
  INSERT INTO charge (call_key, revision, account_id, currency, amount, posted, above_reservation, charged_at_us)
  SELECT call_key, revision, account_id, currency, amount, posted, above, $8::bigint
  FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[])
    AS c (call_key, revision, account_id, currency, amount, posted, above)`;

/** The latest charge of each call that was ever charged. */
export async function latestCharges(tx: Sql, callKeys: readonly string[]): Promise<Map<string, LatestCharge>> {
  const rows = await tx.query<{ call_key: string; revision: number; account_id: string; amount: bigint }>(selectLatest, [callKeys]);
  return new Map(rows.map((row) => [row.call_key, { revision: row.revision, accountId: row.account_id, amountNanos: row.amount }]));
}

/** Records charges, the receipt that no rating is charged twice by; one that is there already fails the transaction. */
export async function recordCharges(tx: Sql, charges: readonly ChargeRow[], at: InstantUs): Promise<void> {
  if (charges.length === 0) return;
  await tx.query(insertCharges, [
    charges.map((c) => c.callKey),
    charges.map((c) => c.revision),
    charges.map((c) => c.accountId),
    charges.map((c) => c.currency),
    charges.map((c) => c.amountNanos),
    charges.map((c) => c.postedNanos),
    charges.map((c) => c.aboveReservationNanos),
    at,
  ]);
}
