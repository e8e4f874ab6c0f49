import type { CodedRefusal, PostCreditRequest } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { InstantUs, Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { CardDeps } from '../card.deps.ts';
import { fundingTransfer } from '../domain/ledger.ts';
import { LockedAccounts } from '../ledger/locked-accounts.ts';
import { accountsOfParties } from '../ledger/party-accounts.ts';
import { refusable } from '../ledger/refusable.ts';
import { postTransfers } from '../ledger/transfers.ts';
import { namedBy } from '../wire/meta.ts';
import { amountOf } from '../wire/money.ts';
import type { Amount } from '../wire/money.ts';
import { partyOf, unknownParty } from '../wire/party.ts';
import type { Party } from '../wire/party.ts';
import { textOf } from '../wire/text.ts';
import { balanceOf } from './balance.ts';

/** Money to be put on a card or account, under the caller's name for it. */
interface Posting {
  readonly party: Party;
  readonly amount: Amount;
  readonly transferId: string;
  /** Who puts it there, as printable text. */
  readonly by: string | null;
}

/**
 * Puts money on a card or account, once for each transfer id, and answers the balance. The same id again with the same
 * content posts nothing more, whoever sends it; with another content it is refused.
 */
export async function postCredit({ database, clock }: Pick<CardDeps, 'database' | 'clock'>, request: PostCreditRequest) {
  const posting = postingOf(request);
  if (!posting.ok) return posting;
  const posted = await refusable(database, (tx) => post(tx, posting.value, clock.nowUs()));
  return posted.ok ? balanceOf(database, request.party, clock.nowUs()) : posted;
}

function postingOf(request: PostCreditRequest): Result<Posting, CodedRefusal> {
  const party = partyOf(request.party, 'party');
  if (!party.ok) return party;
  const amount = amountOf(request.amount, 'amount');
  if (!amount.ok) return amount;
  if (amount.value.nanos === 0n) return refuse({ code: 'amount_malformed', field: 'amount.nanos', detail: 'Post more than nothing.' });
  const id = textOf(request.transferId, 'transferId');
  return id.ok ? ok({ party: party.value, amount: amount.value, transferId: `top_up:${id.value}`, by: namedBy(request.by) }) : id;
}

async function post(tx: Sql, { party, amount, transferId, by }: Posting, at: InstantUs): Promise<Result<null, CodedRefusal>> {
  // Two requests of one id, for whatever accounts, come one after the other.
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [transferId]);
  const accountId = (await accountsOfParties(tx, [party]))(party);
  const accounts = await LockedAccounts.lock(tx, accountId === undefined ? [] : [accountId]);
  const currency = accountId === undefined ? undefined : accounts.currencyOf(accountId);
  if (accountId === undefined || currency === undefined) return refuse(unknownParty(party));
  if (currency !== amount.currency) return refuse({ code: 'currency_mismatch', field: 'amount.currency' });
  const before = await findTransfer(tx, transferId);
  if (before !== undefined) {
    const same = before.credit_account === accountId && before.amount === amount.nanos;
    return same ? ok(null) : refuse({ code: 'idempotency_mismatch', field: 'transferId' });
  }
  const decision = accounts.decide(accountId, { type: 'Post', amountNanos: amount.nanos });
  if (!decision.accepted) return refuse(decision.refusal);
  const transfer = fundingTransfer({ id: transferId, accountId, currency, amountNanos: amount.nanos, code: 'top_up', postedBy: by });
  await Promise.all([accounts.save(tx), postTransfers(tx, [transfer], at)]);
  return ok(null);
}

async function findTransfer(tx: Sql, id: string): Promise<{ credit_account: string; amount: bigint } | undefined> {
  const [row] = await tx.query<{ credit_account: string; amount: bigint }>('SELECT credit_account, amount FROM transfer WHERE id = $1', [id]);
  return row;
}
