import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, PaymentSchema, ReversePaymentRequest } from '@tollwire/contracts';
import { ok, present, refuse } from '@tollwire/core';
import type { InstantUs, Result } from '@tollwire/core';
import { enqueue } from '@tollwire/event-store';
import type { Sql } from '@tollwire/event-store';
import type { CardDeps } from '../card.deps.ts';
import { commissionReversal, paymentReversal } from '../domain/ledger.ts';
import type { Transfer } from '../domain/ledger.ts';
import { payment, reversalKinds } from '../domain/payment.ts';
import type { PaymentEvent, ReversalKind } from '../domain/payment.ts';
import { LockedAccounts } from '../ledger/locked-accounts.ts';
import { lockName } from '../ledger/payee.ts';
import { refusable } from '../ledger/refusable.ts';
import { postTransfers } from '../ledger/transfers.ts';
import { namedBy } from '../wire/meta.ts';
import { amountOf } from '../wire/money.ts';
import type { Amount } from '../wire/money.ts';
import { paymentReversedOf } from '../wire/money-events.ts';
import { textOf } from '../wire/text.ts';
import { findPayment, paymentOf, paymentStateOf } from './payments-store.ts';
import type { StoredPayment } from './payments-store.ts';
import { providerOf } from './take-payment.ts';

/** A reversal as it is told of; an amount of null for all that is left. */
interface Reversal {
  readonly provider: string;
  readonly reversalId: string;
  readonly paymentId: string;
  readonly kind: ReversalKind;
  readonly amount: Amount | null;
  readonly by: string | null;
  readonly traceparent: string | undefined;
}

type Reversed = Extract<PaymentEvent, { type: 'PaymentReversed' }>;
type ReverseDeps = Pick<CardDeps, 'database' | 'clock' | 'root' | 'wakeRelay'>;
type Answer = Result<MessageInitShape<typeof PaymentSchema>, CodedRefusal>;

/**
 * Takes a payment or a part of it back, and the same part of its commission, in one transaction, once for each reversal id of
 * a provider. The credit may go below zero by it: what was spent before is a debt. Refuses more than is left of the payment.
 */
export async function reversePayment(
  deps: ReverseDeps,
  request: ReversePaymentRequest,
  { traceparent }: { readonly traceparent?: string },
): Promise<Answer> {
  const reversal = reversalOf(request, traceparent);
  if (!reversal.ok) return reversal;
  const reversed = await refusable(deps.database, (tx) => reverse(tx, deps, reversal.value));
  if (reversed.ok) deps.wakeRelay();
  return reversed;
}

async function reverse(tx: Sql, deps: ReverseDeps, reversal: Reversal): Promise<Answer> {
  const { provider, reversalId, paymentId, amount } = reversal;
  await lockName(tx, `reversal:${provider}:${reversalId}`);
  await lockName(tx, `payment:${provider}:${paymentId}`);
  const stored = await findPayment(tx, provider, paymentId);
  const before = await findReversal(tx, provider, reversalId);
  if (before !== undefined) return before.payment_id === paymentId && isSame(before, reversal) ? ok(paymentOf(present(stored, 'the payment of a reversal'))) : mismatch;
  const decision = payment.decide({ type: 'Reverse', currency: amount?.currency ?? null, amountNanos: amount?.nanos ?? null }, paymentStateOf(stored));
  if (!decision.accepted) return refuse(decision.refusal);
  for (const event of decision.events) {
    if (event.type !== 'PaymentReversed' || stored === undefined) continue;
    const posted = await postReversal(tx, deps, { reversal, stored, event });
    if (!posted.ok) return posted;
  }
  return ok(paymentOf(present(await findPayment(tx, provider, paymentId), 'a payment that was taken back')));
}

interface Decided {
  readonly reversal: Reversal;
  readonly stored: StoredPayment;
  readonly event: Reversed;
}

async function postReversal(tx: Sql, { root, clock }: ReverseDeps, { reversal, stored, event }: Decided): Promise<Result<null, CodedRefusal>> {
  const { account_id: accountId, party, currency } = stored;
  const accounts = await LockedAccounts.lock(tx, [accountId]);
  const at = clock.nowUs();
  const taken = accounts.decide(accountId, { type: 'Take', amountNanos: event.amountNanos });
  if (!taken.accepted) return refuse(taken.refusal);
  await Promise.all([
    keepReversal(tx, reversal, event, at),
    accounts.save(tx),
    postTransfers(tx, transfersOf(reversal, stored, event), at),
    enqueue(tx, root, [paymentReversedOf({ ...reversal, ...event, party, currency, at }), ...accounts.lowBalances(at)]),
  ]);
  return ok(null);
}

function transfersOf({ provider, reversalId, by: postedBy }: Reversal, { account_id: accountId, currency, resellerid }: StoredPayment, event: Reversed): Transfer[] {
  const name = `${provider}:${reversalId}`;
  const back = paymentReversal({ id: `payment_reversal:${name}`, accountId, currency, amountNanos: event.amountNanos, postedBy });
  if (resellerid === null || event.commissionNanos === 0n) return [back];
  return [back, commissionReversal({ id: `commission_reversal:${name}`, resellerId: resellerid, currency, amountNanos: event.commissionNanos, postedBy })];
}

const mismatch = refuse({ code: 'idempotency_mismatch' as const, field: 'reversalId' });

interface StoredReversal {
  readonly payment_id: string;
  readonly kind: string;
  readonly amount: bigint;
}

function isSame(before: StoredReversal, { kind, amount }: Reversal): boolean {
  return before.kind === kind && (amount === null || amount.nanos === before.amount);
}

async function findReversal(tx: Sql, provider: string, reversalId: string): Promise<StoredReversal | undefined> {
  const [row] = await tx.query<StoredReversal>('SELECT payment_id, kind, amount FROM payment_reversal WHERE provider = $1 AND reversal_id = $2', [provider, reversalId]);
  return row;
}

const insertReversal = `
  INSERT INTO payment_reversal (provider, reversal_id, payment_id, kind, amount, commission, reversed_at_us, posted_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;

async function keepReversal(tx: Sql, { provider, reversalId, paymentId, kind, by }: Reversal, { amountNanos, commissionNanos }: Reversed, at: InstantUs): Promise<void> {
  await tx.query(insertReversal, [provider, reversalId, paymentId, kind, amountNanos, commissionNanos, at, by]);
}

function reversalOf(request: ReversePaymentRequest, traceparent: string | undefined): Result<Reversal, CodedRefusal> {
  const provider = providerOf(request.provider);
  if (!provider.ok) return provider;
  const reversalId = textOf(request.reversalId, 'reversalId');
  if (!reversalId.ok) return reversalId;
  const paymentId = textOf(request.paymentId, 'paymentId');
  if (!paymentId.ok) return paymentId;
  const kind = reversalKinds.find((each) => each === request.kind);
  if (kind === undefined) return refuse({ code: 'field_malformed', field: 'kind', detail: `Say how it goes back: ${reversalKinds.join(' or ')}.` });
  const amount = request.amount === undefined ? ok(null) : amountOf(request.amount, 'amount');
  if (!amount.ok) return amount;
  if (amount.value?.nanos === 0n) return refuse({ code: 'amount_malformed', field: 'amount.nanos', detail: 'Take back more than nothing.' });
  const by = namedBy(request.by);
  return ok({ provider: provider.value, reversalId: reversalId.value, paymentId: paymentId.value, kind, amount: amount.value, by, traceparent });
}
