import { instantUs } from '@tollwire/core';
import type { InstantUs } from '@tollwire/core';
import { pgArray, type Sql } from '@tollwire/event-store';
import type { FinalReason } from '../domain/credit.ts';
import type { ReservationState } from './reservations.ts';

/** A reservation as extension and release need it. */
export interface KeptReservation {
  readonly callKey: string;
  readonly id: string;
  readonly accountId: string;
  /** Who was named to pay, as a party key. */
  readonly party: string;
  readonly amountNanos: bigint;
  readonly maxDurationSec: number;
  readonly validUntil: InstantUs;
  /** When the call began, by which it is priced. */
  readonly startedAt: InstantUs;
  readonly state: ReservationState;
  /** The answer to its authorization. */
  readonly answer: Uint8Array;
}

/** The receipt of an extension: what was answered to it. */
export interface ExtensionRow {
  readonly callKey: string;
  readonly sequence: number;
  readonly usedSec: number;
  readonly reservationId: string;
  readonly addedNanos: bigint;
  readonly amountNanos: bigint;
  readonly maxDurationSec: number;
  readonly validUntil: InstantUs;
  readonly final: FinalReason | null;
}

interface KeptRow {
  readonly call_key: string;
  readonly id: string;
  readonly account_id: string;
  readonly party: string;
  readonly amount: bigint;
  readonly max_duration_sec: number;
  readonly valid_until_us: bigint;
  readonly started_at_us: bigint;
  readonly state: ReservationState;
  readonly answer: Buffer;
}

interface ReceiptRow {
  readonly call_key: string;
  readonly sequence: number;
  readonly used_sec: number;
  readonly reservation_id: string;
  readonly added: bigint;
  readonly amount: bigint;
  readonly max_duration_sec: number;
  readonly valid_until_us: bigint;
  readonly final_reason: FinalReason | null;
}

// A call that was charged after its reservation had expired is over like one that was settled.
const selectKept = `
  SELECT call_key, id::text AS id, account_id, party, amount, max_duration_sec, valid_until_us,
    coalesce(started_at_us, reserved_at_us) AS started_at_us, answer,
    CASE WHEN state = 'expired' AND EXISTS (SELECT FROM charge c WHERE c.call_key = r.call_key) THEN 'settled' ELSE state END AS state
  FROM reservation r WHERE call_key = ANY($1::text[])`;

const selectReceipts = `
  SELECT e.call_key, e.sequence, e.used_sec, e.reservation_id::text AS reservation_id, e.added, e.amount, e.max_duration_sec, e.valid_until_us, e.final_reason
  FROM unnest($1::text[], $2::int[]) AS asked (call_key, sequence) JOIN reservation_extension e USING (call_key, sequence)`;

const updateKept = `
  UPDATE reservation r SET id = n.id, amount = n.amount, max_duration_sec = n.max_sec, valid_until_us = n.valid_until, state = 'open'
  FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::int[], $5::bigint[]) AS n (call_key, id, amount, max_sec, valid_until)
  WHERE r.call_key = n.call_key AND r.state IN ('open', 'expired')`;

const insertReceipts = `
  INSERT INTO reservation_extension (call_key, sequence, used_sec, reservation_id, added, amount, max_duration_sec, valid_until_us, final_reason, extended_at_us)
  SELECT call_key, sequence, used_sec, reservation_id, added, amount, max_sec, valid_until, final_reason, $10::bigint
  FROM unnest($1::text[], $2::int[], $3::int[], $4::uuid[], $5::bigint[], $6::bigint[], $7::int[], $8::bigint[], $9::text[])
    AS e (call_key, sequence, used_sec, reservation_id, added, amount, max_sec, valid_until, final_reason)`;

/** The reservations of calls. What is decided upon must be read under the lock of their accounts, which every change holds. */
export async function keptReservations(sql: Sql, callKeys: readonly string[]): Promise<Map<string, KeptReservation>> {
  const rows = await sql.query<KeptRow>(selectKept, [pgArray('text', callKeys, (key) => key)]);
  return new Map(rows.map((row) => [row.call_key, keptOf(row)]));
}

/** The name of an extension among those of all calls. */
export function receiptKey({ callKey, sequence }: { readonly callKey: string; readonly sequence: number }): string {
  return `${callKey} ${sequence}`;
}

/** What was answered before to extensions of these numbers, by `receiptKey`. */
export async function extensionsGiven(sql: Sql, asked: readonly { readonly callKey: string; readonly sequence: number }[]): Promise<Map<string, ExtensionRow>> {
  const rows = await sql.query<ReceiptRow>(selectReceipts, [pgArray('text', asked, (a) => a.callKey), pgArray('integer', asked, (a) => a.sequence)]);
  return new Map(rows.map(receiptOf).map((receipt) => [receiptKey(receipt), receipt]));
}

/**
 * Keeps what was granted: each call's reservation as its last extension left it, open again where it had expired, and the
 * receipts of all. In the transaction that changes their accounts.
 */
export async function keepExtensions(tx: Sql, kept: readonly KeptReservation[], receipts: readonly ExtensionRow[], at: InstantUs): Promise<void> {
  if (receipts.length === 0) return;
  const updated = tx.query(updateKept, [
    pgArray('text', kept, (r) => r.callKey),
    pgArray('uuid', kept, (r) => r.id),
    pgArray('bigint', kept, (r) => r.amountNanos),
    pgArray('integer', kept, (r) => r.maxDurationSec),
    pgArray('bigint', kept, (r) => r.validUntil),
  ]);
  const inserted = tx.query(insertReceipts, [
    pgArray('text', receipts, (e) => e.callKey),
    pgArray('integer', receipts, (e) => e.sequence),
    pgArray('integer', receipts, (e) => e.usedSec),
    pgArray('uuid', receipts, (e) => e.reservationId),
    pgArray('bigint', receipts, (e) => e.addedNanos),
    pgArray('bigint', receipts, (e) => e.amountNanos),
    pgArray('integer', receipts, (e) => e.maxDurationSec),
    pgArray('bigint', receipts, (e) => e.validUntil),
    pgArray('text', receipts, (e) => e.final),
    at,
  ]);
  await Promise.all([updated, inserted]);
}

function keptOf(row: KeptRow): KeptReservation {
  return {
    callKey: row.call_key,
    id: row.id,
    accountId: row.account_id,
    party: row.party,
    amountNanos: row.amount,
    maxDurationSec: row.max_duration_sec,
    validUntil: instantUs(Number(row.valid_until_us)),
    startedAt: instantUs(Number(row.started_at_us)),
    state: row.state,
    answer: row.answer,
  };
}

function receiptOf(row: ReceiptRow): ExtensionRow {
  return {
    callKey: row.call_key,
    sequence: row.sequence,
    usedSec: row.used_sec,
    reservationId: row.reservation_id,
    addedNanos: row.added,
    amountNanos: row.amount,
    maxDurationSec: row.max_duration_sec,
    validUntil: instantUs(Number(row.valid_until_us)),
    final: row.final_reason,
  };
}
