import type { InstantUs } from '@tollwire/core';
import { isUniqueViolation, pgArray, type RetryableError, type Sql } from '@tollwire/event-store';
import type { CallBooks, CarrierCost } from '../domain/call-books.ts';

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
  readonly books: CallBooks;
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
  readonly books: CallBooks;
}

const selectLatest = `
  SELECT DISTINCT ON (call_key) call_key, nth, revision, account_id, amount, tax, costs FROM charge
  WHERE call_key = ANY($1::text[]) ORDER BY call_key, nth DESC`;

const insertCharges = `
  INSERT INTO charge (call_key, revision, account_id, currency, amount, posted, above_reservation, nth, tax, costs, charged_at_us)
  SELECT call_key, revision, account_id, currency, amount, posted, above, nth, tax, costs::jsonb, $11::bigint
  FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::int[], $9::bigint[], $10::text[])
    AS c (call_key, revision, account_id, currency, amount, posted, above, nth, tax, costs)`;

interface LatestRow {
  readonly call_key: string;
  readonly nth: number;
  readonly revision: number;
  readonly account_id: string;
  readonly amount: bigint;
  readonly tax: bigint;
  readonly costs: readonly StoredCost[] | null;
}

/** A cost as it is kept: an amount as text, because a number of JSON does not hold it. */
type StoredCost = readonly [carrierCode: string, currency: string, nanos: string];

/** The latest charge of each call that was ever charged. */
export async function latestCharges(tx: Sql, callKeys: readonly string[]): Promise<Map<string, LatestCharge>> {
  const rows = await tx.query<LatestRow>(selectLatest, [pgArray('text', callKeys, (key) => key)]);
  return new Map(rows.map((row) => [row.call_key, latestOf(row)]));
}

function latestOf({ nth, revision, account_id: accountId, amount: amountNanos, tax: taxNanos, costs }: LatestRow): LatestCharge {
  const kept = (costs ?? []).map(([carrierCode, currency, nanos]): CarrierCost => ({ carrierCode, currency, amountNanos: BigInt(nanos) }));
  return { nth, revision, accountId, amountNanos, books: { taxNanos, costs: kept } };
}

function costsText({ costs }: CallBooks): string | null {
  if (costs.length === 0) return null;
  return JSON.stringify(costs.map(({ carrierCode, currency, amountNanos }): StoredCost => [carrierCode, currency, String(amountNanos)]));
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
    pgArray('bigint', charges, (c) => c.books.taxNanos),
    pgArray('text', charges, (c) => costsText(c.books)),
    at,
  ];
  try {
    await tx.query(insertCharges, columns);
  } catch (error) {
    // A conflict is too rare to pay for ON CONFLICT with every row: half as long again for the whole statement.
    throw isUniqueViolation(error) ? new ChargedMeanwhile('A call was charged meanwhile', { cause: error }) : error;
  }
}
