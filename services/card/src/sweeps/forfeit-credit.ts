import { present } from '@tollwire/core';
import { enqueue } from '@tollwire/event-store';
import type { Sql } from '@tollwire/event-store';
import type { CardDeps } from '../card.deps.ts';
import { breakageTransfer, ledgerAccount } from '../domain/ledger.ts';
import { LockedAccounts } from '../ledger/locked-accounts.ts';
import { postTransfers } from '../ledger/transfers.ts';
import { creditForfeitedOf } from '../wire/money-events.ts';
import type { Breakage } from '../wire/money-events.ts';

const batchMax = 1_000;
const dayUs = 86_400 * 1_000_000;

const isDue = `c.status <> 'deactivated' AND c.expires <= from_us($1::bigint)`;
const selectDue = `
  SELECT c.cardid FROM card_state c JOIN ledger_account l ON l.id = 'card:' || c.cardid
  WHERE ${isDue} AND l.credit > 0 AND l.reserved = 0 LIMIT ${batchMax}`;
// Looked at again under the lock: a card may have been extended since.
const selectStillDue = `
  SELECT c.cardid, coalesce((SELECT max(nth) FROM broken_credit b WHERE b.cardid = c.cardid), 0) + 1 AS nth
  FROM card_state c WHERE c.cardid = ANY($2::text[]) AND ${isDue} ORDER BY c.cardid`;
const insertBroken = `
  INSERT INTO broken_credit (cardid, nth, currency, amount, forfeited_at_us)
  SELECT cardid, nth, currency, amount, $5::bigint FROM unnest($1::text[], $2::int[], $3::text[], $4::bigint[]) AS b (cardid, nth, currency, amount)`;

/**
 * Moves what is left on cards to breakage, so many days after they expired; not at all where the days are 0. Credit that a call
 * may still need stays until its reservation is closed. Extending a card brings its credit back (restore-credit).
 */
export async function forfeitCredit({ database, clock, root, wakeRelay, money }: Pick<CardDeps, 'database' | 'clock' | 'root' | 'wakeRelay' | 'money'>): Promise<void> {
  if (money.forfeitAfterDays === 0) return;
  for (;;) {
    const before = clock.nowUs() - money.forfeitAfterDays * dayUs;
    const due = (await database.query<{ cardid: string }>(selectDue, [before])).map(({ cardid }) => cardid);
    if (due.length === 0) return;
    const count = await database.transaction((tx) => forfeit(tx, { root, clock }, { due, before }), { byKey: true });
    if (count === 0) return;
    wakeRelay();
  }
}

async function forfeit(tx: Sql, { root, clock }: Pick<CardDeps, 'root' | 'clock'>, { due, before }: { readonly due: readonly string[]; readonly before: number }): Promise<number> {
  const accounts = await LockedAccounts.lock(tx, due.map(ledgerAccount.card));
  const at = clock.nowUs();
  const rows = await tx.query<{ cardid: string; nth: number }>(selectStillDue, [before, due]);
  const forfeited = rows.flatMap(({ cardid: cardId, nth }): Breakage[] => {
    const accountId = ledgerAccount.card(cardId);
    const decision = accounts.decide(accountId, { type: 'Forfeit' });
    const currency = present(accounts.currencyOf(accountId), 'the currency of a locked account');
    return decision.accepted ? decision.events.flatMap((event) => (event.type === 'CreditTaken' ? [{ cardId, nth, currency, amountNanos: event.amountNanos, at }] : [])) : [];
  });
  const transfers = forfeited.map(({ cardId, nth, currency, amountNanos }) =>
    breakageTransfer({ id: `breakage:${cardId}:${nth}`, accountId: ledgerAccount.card(cardId), currency, amountNanos, code: 'breakage', postedBy: null }));
  await Promise.all([
    accounts.save(tx),
    postTransfers(tx, transfers, at),
    tx.query(insertBroken, [forfeited.map((f) => f.cardId), forfeited.map((f) => f.nth), forfeited.map((f) => f.currency), forfeited.map((f) => f.amountNanos), at]),
    enqueue(tx, root, [...forfeited.map(creditForfeitedOf), ...accounts.lowBalances(at)]),
  ]);
  return forfeited.length;
}
