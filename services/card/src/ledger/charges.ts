import type { InstantUs } from '@tollwire/core';
import { pgArray, type RetryableError, type Sql } from '@tollwire/event-store';

/** What a call costs by one of its ratings, as it was charged. */
export interface ChargeRow {
  readonly callKey: string;
  /** Which charge of its call it is, from 1. */
  readonly nth: number;
  readonly revision: number;
  readonly accountId: string;
  readonly currency: string;
  readonly amountNanos: bigint;
  readonly postedNanos: bigint;
  readonly aboveReservationNanos: bigint;
}

/** Somebody else has charged the same call since it was looked at: look again, in a new transaction. */
export class ChargedMeanwhile extends Error implements RetryableError {
  readonly retryable = true;
  override readonly name = 'ChargedMeanwhile';
}

/** What a call was charged by its latest rating so far. */
export interface LatestCharge {
  readonly nth: number;
  readonly revision: number;
  readonly accountId: string;
  readonly amountNanos: bigint;
}

const selectLatest = `
  SELECT DISTINCT ON (call_key) call_key, nth, revision, account_id, amount FROM charge
  WHERE call_key = ANY($1::text[]) ORDER BY call_key, nth DESC`;

const insertCharges = `
  INSERT INTO charge (call_key, revision, account_id, currency, amount, posted, above_reservation, nth, charged_at_us)
  SELECT call_key, revision, account_id, currency, amount, posted, above, nth, $9::bigint
  FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::int[])
    AS c (call_key, revision, account_id, currency, amount, posted, above, nth)`;

/** The latest charge of each call that was ever charged. */
export async function latestCharges(tx: Sql, callKeys: readonly string[]): Promise<Map<string, LatestCharge>> {
  const rows = await tx.query<{ call_key: string; nth: number; revision: number; account_id: string; amount: bigint }>(selectLatest, [pgArray('text', callKeys, (key) => key)]);
  return new Map(rows.map((row) => [row.call_key, { nth: row.nth, revision: row.revision, accountId: row.account_id, amountNanos: row.amount }]));
}

/**
 * Records charges, the receipt that no rating is charged twice by. Throws ChargedMeanwhile, and the transaction must be
 * given up, when another transaction has charged one of the calls since: of ratings that name different accounts no
 * account's lock keeps the one waiting for the other.
 */
export async function recordCharges(tx: Sql, charges: readonly ChargeRow[], at: InstantUs): Promise<void> {
  if (charges.length === 0) return;
  const columns = [
    pgArray('text', charges, (c) => c.callKey),
    pgArray('integer', charges, (c) => c.revision),
    pgArray('text', charges, (c) => c.accountId),
    pgArray('text', charges, (c) => c.currency),
    pgArray('bigint', charges, (c) => c.amountNanos),
    pgArray('bigint', charges, (c) => c.postedNanos),
    pgArray('bigint', charges, (c) => c.aboveReservationNanos),
    pgArray('integer', charges, (c) => c.nth),
    at,
  ];
  try {
    await tx.query(insertCharges, columns);
  } catch (error) {
    // A conflict is too rare to pay for ON CONFLICT with every row: half as long again for the whole statement.
    throw isUniqueViolation(error) ? new ChargedMeanwhile('A call was charged meanwhile', { cause: error }) : error;
  }
}

/** SQLSTATE 23505. */
function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}
