import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, PaymentSchema, TakePaymentRequest } from '@tollwire/contracts';
import { ok, present, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import { enqueue } from '@tollwire/event-store';
import type { Sql } from '@tollwire/event-store';
import type { CardDeps, MoneyPolicy } from '../card.deps.ts';
import { commissionTransfer, fundingTransfer } from '../domain/ledger.ts';
import type { Transfer } from '../domain/ledger.ts';
import { payment } from '../domain/payment.ts';
import type { PaidTerms } from '../domain/payment.ts';
import { lockName, lockPayee } from '../ledger/payee.ts';
import { refusable } from '../ledger/refusable.ts';
import { postTransfers } from '../ledger/transfers.ts';
import { namedBy } from '../wire/meta.ts';
import { amountOf } from '../wire/money.ts';
import type { Amount } from '../wire/money.ts';
import { paymentReceivedOf } from '../wire/money-events.ts';
import { keyOfParty, partyOf } from '../wire/party.ts';
import type { Party } from '../wire/party.ts';
import { textOf } from '../wire/text.ts';
import { approvalNeeded } from './alone-max.ts';
import { commissionOn } from './commissions.ts';
import { findPayment, keepPayment, paymentOf, paymentStateOf } from './payments-store.ts';

/** A payment as it is told of. */
export interface Paid {
  readonly provider: string;
  readonly paymentId: string;
  readonly party: Party;
  readonly amount: Amount;
  readonly by: string | null;
  /** The most that may be taken on the word of who tells of it; null for any amount: its provider has signed, or two people have posted it. */
  readonly aloneMax: bigint | null;
  readonly traceparent: string | undefined;
}

type MoneyInDeps = Pick<CardDeps, 'database' | 'clock' | 'root' | 'wakeRelay' | 'money'>;

/**
 * Posts a payment and the reseller's commission on it, in one transaction, once for each payment id of a provider: told again
 * with the same content, it answers the same; with another, it is refused. The money is put on a card in whatever state it is,
 * because it has been paid: an expired card keeps it until it is extended, a deactivated one until it is refunded. What a person
 * tells of is bound to what one person may post alone; more is proposed and approved, as a credit is.
 */
export async function takePayment(
  deps: MoneyInDeps,
  request: TakePaymentRequest,
  { traceparent }: { readonly traceparent?: string },
): Promise<Result<MessageInitShape<typeof PaymentSchema>, CodedRefusal>> {
  const paid = paidOf(request, deps.money, traceparent);
  if (!paid.ok) return paid;
  const taken = await refusable(deps.database, (tx) => take(tx, deps, paid.value));
  if (taken.ok) deps.wakeRelay();
  return taken;
}

/** Takes a payment in the caller's transaction, unless it is taken already. */
export async function take(tx: Sql, { root, clock }: Pick<CardDeps, 'root' | 'clock'>, paid: Paid): Promise<Result<MessageInitShape<typeof PaymentSchema>, CodedRefusal>> {
  const { provider, paymentId, party, amount, by } = paid;
  await lockName(tx, `payment:${provider}:${paymentId}`);
  const payee = await lockPayee(tx, party);
  if (!payee.ok) return payee;
  const { accountId, currency, accounts } = payee.value;
  // Under the lock, so that the transfers of an account are in the order in which they were posted, and a statement as of an instant stands.
  const at = clock.nowUs();
  if (currency !== amount.currency) return refuse({ code: 'currency_mismatch', field: 'amount.currency', facts: { accountCurrency: currency } });
  const stored = await findPayment(tx, provider, paymentId);
  const refusal = approvalNeeded(amount, paid.aloneMax, ' by the provider and the id of its payment');
  if (refusal !== null && stored === undefined) return refuse(refusal);
  const { resellerId, ppm } = await commissionOn(tx, party);
  const terms = { accountId, currency, amountNanos: amount.nanos, resellerId };
  const decision = payment.decide({ type: 'Take', terms, commissionPpm: ppm }, paymentStateOf(stored));
  if (!decision.accepted) return refuse(decision.refusal);
  for (const event of decision.events) {
    if (event.type !== 'PaymentTaken') continue;
    const posted = accounts.decide(accountId, { type: 'Post', amountNanos: amount.nanos });
    if (!posted.accepted) return refuse(posted.refusal);
    const told = paymentReceivedOf({ ...event.terms, provider, paymentId, party: keyOfParty(party), at, traceparent: paid.traceparent });
    await Promise.all([
      keepPayment(tx, { provider, paymentId, party: keyOfParty(party), by }, event.terms, at),
      accounts.save(tx),
      postTransfers(tx, transfersOf(paid, event.terms), at),
      enqueue(tx, root, [told, ...accounts.lowBalances(at)]),
    ]);
  }
  return ok(paymentOf(present(stored ?? (await findPayment(tx, provider, paymentId)), 'a payment that was taken')));
}

function transfersOf({ provider, paymentId, by }: Paid, { accountId, currency, amountNanos, commissionNanos, resellerId }: PaidTerms): Transfer[] {
  const name = `${provider}:${paymentId}`;
  const paid = fundingTransfer({ id: `payment:${name}`, accountId, currency, amountNanos, code: 'payment', postedBy: by });
  if (resellerId === null || commissionNanos === 0n) return [paid];
  return [paid, commissionTransfer({ id: `commission:${name}`, resellerId, currency, amountNanos: commissionNanos, postedBy: by })];
}

const providerForm = /^[a-z0-9_-]{1,32}$/;

/** The name of a provider. Refuses one that is none. */
export function providerOf(provider: string, field = 'provider'): Result<string, CodedRefusal> {
  if (providerForm.test(provider)) return ok(provider);
  return refuse({ code: provider === '' ? 'field_missing' : 'field_malformed', field, detail: 'Name the provider with a-z, 0-9, _ and -, at most 32 of them.' });
}

function paidOf(request: TakePaymentRequest, money: MoneyPolicy, traceparent: string | undefined): Result<Paid, CodedRefusal> {
  const provider = providerOf(request.provider);
  if (!provider.ok) return provider;
  const paymentId = textOf(request.paymentId, 'paymentId');
  if (!paymentId.ok) return paymentId;
  const party = partyOf(request.party, 'party');
  if (!party.ok) return party;
  const amount = amountOf(request.amount, 'amount');
  if (!amount.ok) return amount;
  if (amount.value.nanos === 0n) return refuse({ code: 'amount_malformed', field: 'amount.nanos', detail: 'A payment is more than nothing.' });
  const aloneMax = request.signedByProvider ? null : money.creditAloneMax(amount.value.currency);
  return ok({ provider: provider.value, paymentId: paymentId.value, party: party.value, amount: amount.value, by: namedBy(request.by), aloneMax, traceparent });
}
