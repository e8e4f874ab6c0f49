import type { CodedRefusal, PostCreditRequest } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { Clock, Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { CardDeps } from '../card.deps.ts';
import { fundingTransfer } from '../domain/ledger.ts';
import { lockName, lockPayee } from '../ledger/payee.ts';
import { refusable } from '../ledger/refusable.ts';
import { postTransfers } from '../ledger/transfers.ts';
import { approvalNeeded } from '../money/alone-max.ts';
import { namedBy } from '../wire/meta.ts';
import { amountOf } from '../wire/money.ts';
import type { Amount } from '../wire/money.ts';
import { partyOf } from '../wire/party.ts';
import type { Party } from '../wire/party.ts';
import { textOf } from '../wire/text.ts';
import { balanceOf } from './balance.ts';

/** Money to be put on a card or account, under the caller's name for it. */
export interface Posting {
  readonly party: Party;
  readonly amount: Amount;
  readonly transferId: string;
  /** Who puts it there, as printable text. */
  readonly by: string | null;
}

/**
 * Puts money on a card or account, once for each transfer id, and answers the balance. The same id again with the same
 * content posts nothing more, whoever sends it; with another content it is refused. More than one person may post alone is
 * refused, too: it is to be proposed and approved.
 */
export async function postCredit({ database, clock, money }: Pick<CardDeps, 'database' | 'clock' | 'money'>, request: PostCreditRequest) {
  const posting = postingOf(request);
  if (!posting.ok) return posting;
  const posted = await refusable(database, async (tx) => {
    const { amount, transferId } = posting.value;
    const refusal = approvalNeeded(amount, money.creditAloneMax(amount.currency), '');
    // What two people have posted may be asked for again by either of them.
    if (refusal !== null && (await findTransfer(tx, transferId)) === undefined) return refuse(refusal);
    return post(tx, posting.value, clock);
  });
  return posted.ok ? balanceOf(database, request.party, clock.nowUs()) : posted;
}

/** The id of the transfer of a credit that its caller names so. */
export function topUpId(id: string): string {
  return `top_up:${id}`;
}

/** Reads what is to be posted. Refuses a posting of nothing and whatever is malformed. */
export function postingOf(request: Pick<PostCreditRequest, 'party' | 'amount' | 'transferId' | 'by'>): Result<Posting, CodedRefusal> {
  const party = partyOf(request.party, 'party');
  if (!party.ok) return party;
  const amount = amountOf(request.amount, 'amount');
  if (!amount.ok) return amount;
  if (amount.value.nanos === 0n) return refuse({ code: 'amount_malformed', field: 'amount.nanos', detail: 'Post more than nothing.' });
  const id = textOf(request.transferId, 'transferId');
  return id.ok ? ok({ party: party.value, amount: amount.value, transferId: topUpId(id.value), by: namedBy(request.by) }) : id;
}

/** Posts it, in the caller's transaction, unless it is posted already. */
export async function post(tx: Sql, { party, amount, transferId, by }: Posting, clock: Clock): Promise<Result<null, CodedRefusal>> {
  await lockName(tx, transferId);
  const payee = await lockPayee(tx, party);
  if (!payee.ok) return payee;
  const { accountId, currency, accounts } = payee.value;
  if (currency !== amount.currency) return refuse({ code: 'currency_mismatch', field: 'amount.currency' });
  const before = await findTransfer(tx, transferId);
  if (before !== undefined) {
    const same = before.credit_account === accountId && before.amount === amount.nanos;
    return same ? ok(null) : refuse({ code: 'idempotency_mismatch', field: 'transferId' });
  }
  const decision = accounts.decide(accountId, { type: 'Post', amountNanos: amount.nanos });
  if (!decision.accepted) return refuse(decision.refusal);
  const transfer = fundingTransfer({ id: transferId, accountId, currency, amountNanos: amount.nanos, code: 'top_up', postedBy: by });
  await Promise.all([accounts.save(tx), postTransfers(tx, [transfer], clock.nowUs())]);
  return ok(null);
}

async function findTransfer(tx: Sql, id: string): Promise<{ credit_account: string; amount: bigint } | undefined> {
  const [row] = await tx.query<{ credit_account: string; amount: bigint }>('SELECT credit_account, amount FROM transfer WHERE id = $1', [id]);
  return row;
}
