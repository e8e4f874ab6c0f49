import type { MessageInitShape } from '@bufbuild/protobuf';
import type { PaymentSchema } from '@tollwire/contracts';
import type { InstantUs } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { PaidTerms, PaymentState, ReversalKind } from '../domain/payment.ts';
import { moneyOf } from '../wire/money.ts';
import { chargedOfKey } from '../wire/party.ts';

/** A payment as it is kept, with what was taken back of it. */
export interface StoredPayment {
  readonly provider: string;
  readonly payment_id: string;
  readonly account_id: string;
  readonly party: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly resellerid: number | null;
  readonly commission: bigint;
  readonly paid_at_us: bigint;
  readonly posted_by: string | null;
  readonly reversals: readonly StoredReversal[];
}

/** Amounts and instants as text: they come out of JSON. */
interface StoredReversal {
  readonly reversal_id: string;
  readonly kind: ReversalKind;
  readonly amount: string;
  readonly commission: string;
  readonly reversed_at_us: string;
  readonly posted_by: string | null;
}

const withReversals = `
  SELECT p.provider, p.payment_id, p.account_id, p.party, p.currency, p.amount, p.resellerid, p.commission, p.paid_at_us, p.posted_by,
    coalesce((SELECT json_agg(json_build_object('reversal_id', r.reversal_id, 'kind', r.kind, 'amount', r.amount::text, 'commission', r.commission::text,
      'reversed_at_us', r.reversed_at_us::text, 'posted_by', r.posted_by) ORDER BY r.reversed_at_us, r.reversal_id)
      FROM payment_reversal r WHERE r.provider = p.provider AND r.payment_id = p.payment_id), '[]') AS reversals
  FROM payment p`;
const selectOne = `${withReversals} WHERE p.provider = $1 AND p.payment_id = $2`;
const selectPage = `${withReversals} WHERE p.account_id = $1 AND (p.paid_at_us, p.provider, p.payment_id) < ($2::bigint, $3, $4)
  ORDER BY p.paid_at_us DESC, p.provider DESC, p.payment_id DESC LIMIT $5`;

/** A payment by the name that its provider has for it. */
export async function findPayment(sql: Sql, provider: string, paymentId: string): Promise<StoredPayment | undefined> {
  const [row] = await sql.query<StoredPayment>(selectOne, [provider, paymentId]);
  return row;
}

/** Where a page of payments begins: after this one. */
export interface PaymentPlace {
  readonly paidAtUs: bigint;
  readonly provider: string;
  readonly paymentId: string;
}

/** Payments of an account, the latest first. */
export function paymentsOf(sql: Sql, accountId: string, after: PaymentPlace, limit: number): Promise<StoredPayment[]> {
  return sql.query<StoredPayment>(selectPage, [accountId, after.paidAtUs, after.provider, after.paymentId, limit]);
}

const insertPayment = `
  INSERT INTO payment (provider, payment_id, account_id, party, currency, amount, resellerid, commission, paid_at_us, posted_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;

/** Keeps a payment; one that is there already fails the transaction. */
export async function keepPayment(
  tx: Sql,
  named: { readonly provider: string; readonly paymentId: string; readonly party: string; readonly by: string | null },
  { accountId, currency, amountNanos, resellerId, commissionNanos }: PaidTerms,
  at: InstantUs,
): Promise<void> {
  const { provider, paymentId, party, by } = named;
  await tx.query(insertPayment, [provider, paymentId, accountId, party, currency, amountNanos, resellerId, commissionNanos, at, by]);
}

/** What was decided of a payment so far. */
export function paymentStateOf(stored: StoredPayment | undefined): PaymentState {
  if (stored === undefined) return { phase: 'none' };
  const { account_id: accountId, currency, amount: amountNanos, resellerid: resellerId, commission: commissionNanos, reversals } = stored;
  return { phase: 'taken', accountId, currency, amountNanos, resellerId, commissionNanos, ...sumsOf(reversals) };
}

/** A payment as a message has it. */
export function paymentOf(stored: StoredPayment): MessageInitShape<typeof PaymentSchema> {
  const { currency, reversals } = stored;
  const { reversedNanos, commissionReversedNanos } = sumsOf(reversals);
  return {
    provider: stored.provider,
    paymentId: stored.payment_id,
    party: chargedOfKey(stored.party),
    amount: moneyOf(stored.amount, currency),
    resellerId: stored.resellerid ?? 0,
    commission: moneyOf(stored.commission, currency),
    paidAtUs: stored.paid_at_us,
    by: stored.posted_by ?? '',
    reversed: moneyOf(reversedNanos, currency),
    commissionReversed: moneyOf(commissionReversedNanos, currency),
    reversals: reversals.map((each) => ({
      reversalId: each.reversal_id,
      kind: each.kind,
      amount: moneyOf(BigInt(each.amount), currency),
      commission: moneyOf(BigInt(each.commission), currency),
      reversedAtUs: BigInt(each.reversed_at_us),
      by: each.posted_by ?? '',
    })),
  };
}

function sumsOf(reversals: readonly StoredReversal[]): { reversedNanos: bigint; commissionReversedNanos: bigint } {
  return {
    reversedNanos: reversals.reduce((sum, { amount }) => sum + BigInt(amount), 0n),
    commissionReversedNanos: reversals.reduce((sum, { commission }) => sum + BigInt(commission), 0n),
  };
}
