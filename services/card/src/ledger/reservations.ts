import { type InstantUs, instantUs } from '@tollwire/core';
import { pgArray, type RetryableError, type Sql, type StatementPart } from '@tollwire/event-store';

/** Credit taken for a call until it is settled or the reservation expires. */
export interface Reservation {
  readonly id: string;
  readonly callKey: string;
  readonly accountId: string;
  /** Who was named to pay, as a party key. */
  readonly party: string;
  readonly amountNanos: bigint;
  readonly maxDurationSec: number;
  /** When the call began, by which it is priced. */
  readonly startedAt: InstantUs;
  readonly reservedAt: InstantUs;
  readonly validUntil: InstantUs;
  /** The answer that was given, byte for byte: asked again, it is given again. */
  readonly answer: Uint8Array;
}

/** An open reservation, as much of it as closing needs. */
export interface OpenReservation {
  readonly callKey: string;
  readonly id: string;
  readonly accountId: string;
  readonly party: string;
  readonly amountNanos: bigint;
  readonly validUntil: InstantUs;
}

/** Somebody else has reserved for the same call since it was looked at: look again, in a new transaction. */
export class CallReservedMeanwhile extends Error implements RetryableError {
  readonly retryable = true;
  override readonly name = 'CallReservedMeanwhile';
}

const insertRows = `
  INSERT INTO reservation (call_key, id, account_id, amount, max_duration_sec, reserved_at_us, valid_until_us, state, answer, party, started_at_us)
  SELECT call_key, id, account_id, amount, max_sec, reserved_at, valid_until, 'open', answer, party, started_at
  FROM unnest($1::text[], $2::uuid[], $3::text[], $4::bigint[], $5::int[], $6::bigint[], $7::bigint[], $8::bytea[], $9::text[], $10::bigint[])
    AS r (call_key, id, account_id, amount, max_sec, reserved_at, valid_until, answer, party, started_at)
  ORDER BY call_key`;
const insertReservations = `${insertRows} ON CONFLICT (call_key) DO NOTHING RETURNING call_key`;

/** What `openReservations` does, as the part of a statement that fails by itself (23505) where a call has one. */
export const openPart: StatementPart = { name: 'opened', text: insertRows, paramCount: 10 };

const selectAnswers = 'SELECT call_key, account_id, party, answer, state FROM reservation WHERE call_key = ANY($1::text[])';

const openColumns = 'SELECT call_key, id::text AS id, account_id, party, amount, valid_until_us FROM reservation';
const selectOpen = `${openColumns} WHERE call_key = ANY($1::text[]) AND state = 'open'`;
const selectDue = `${openColumns} WHERE state = 'open' AND valid_until_us <= $1 ORDER BY valid_until_us LIMIT $2`;
const closeRows = `UPDATE reservation SET state = $2 WHERE call_key = ANY($1::text[]) AND state = 'open'`;

/** How a reservation stands. */
export type ReservationState = 'open' | 'settled' | 'expired' | 'released';

/** The answer given for a call, the account that it was charged to, who was named to pay (as a party key), and what became of its reservation. */
export interface AnswerGiven {
  readonly accountId: string;
  readonly party: string;
  readonly answer: Uint8Array;
  readonly state: ReservationState;
}

/** The answers given for calls that were ever reserved for. */
export async function answersGiven(sql: Sql, callKeys: readonly string[]): Promise<Map<string, AnswerGiven>> {
  const rows = await sql.query<{ call_key: string; account_id: string; party: string; answer: Buffer; state: ReservationState }>(selectAnswers, [pgArray('text', callKeys, (key) => key)]);
  return new Map(rows.map((row) => [row.call_key, { accountId: row.account_id, party: row.party, answer: row.answer, state: row.state }]));
}

/** Opens reservations. Throws CallReservedMeanwhile, and the transaction must be given up, when a call has one. */
export async function openReservations(tx: Sql, rows: readonly Reservation[]): Promise<void> {
  if (rows.length === 0) return;
  const opened = await tx.query(insertReservations, openParams(rows));
  if (opened.length !== rows.length) throw new CallReservedMeanwhile();
}

/** The parameters of `openPart`. */
export function openParams(rows: readonly Reservation[]): unknown[] {
  return [
    pgArray('text', rows, (r) => r.callKey),
    pgArray('uuid', rows, (r) => r.id),
    pgArray('text', rows, (r) => r.accountId),
    pgArray('bigint', rows, (r) => r.amountNanos),
    pgArray('integer', rows, (r) => r.maxDurationSec),
    pgArray('bigint', rows, (r) => r.reservedAt),
    pgArray('bigint', rows, (r) => r.validUntil),
    pgArray('bytea', rows, (r) => r.answer),
    pgArray('text', rows, (r) => r.party),
    pgArray('bigint', rows, (r) => r.startedAt),
  ];
}

/** The open reservations of calls. Read them under the lock of their accounts, which every change of them holds. */
export async function openReservationsOf(tx: Sql, callKeys: readonly string[]): Promise<Map<string, OpenReservation>> {
  const rows = await tx.query<OpenRow>(selectOpen, [pgArray('text', callKeys, (key) => key)]);
  return new Map(rows.map((row) => [row.call_key, reservationOf(row)]));
}

/** Up to `limit` reservations whose time is over, the longest overdue first. */
export async function dueReservations(sql: Sql, at: InstantUs, limit: number): Promise<OpenReservation[]> {
  return (await sql.query<OpenRow>(selectDue, [at, limit])).map(reservationOf);
}

/** Closes open reservations, for good. */
export async function closeReservations(tx: Sql, callKeys: readonly string[], as: Exclude<ReservationState, 'open'>): Promise<void> {
  if (callKeys.length > 0) await tx.query(closeRows, [pgArray('text', callKeys, (key) => key), as]);
}

interface OpenRow {
  readonly call_key: string;
  readonly id: string;
  readonly account_id: string;
  readonly party: string;
  readonly amount: bigint;
  readonly valid_until_us: bigint;
}

function reservationOf(row: OpenRow): OpenReservation {
  return { callKey: row.call_key, id: row.id, accountId: row.account_id, party: row.party, amountNanos: row.amount, validUntil: instantUs(Number(row.valid_until_us)) };
}
