import { present } from '@tollwire/core';
import { enqueue } from '@tollwire/event-store';
import type { Sql } from '@tollwire/event-store';
import type { CardDeps } from '../card.deps.ts';
import { breakageTransfer, ledgerAccount } from '../domain/ledger.ts';
import { LockedAccounts } from '../ledger/locked-accounts.ts';
import { postTransfers } from '../ledger/transfers.ts';
import { creditRestoredOf } from '../wire/money-events.ts';
import type { Breakage } from '../wire/money-events.ts';

const batchMax = 1_000;

const selectExtended = `
  SELECT b.cardid FROM broken_credit b JOIN card_state c USING (cardid)
  WHERE b.restored_at_us IS NULL AND c.status <> 'deactivated' AND (c.expires IS NULL OR c.expires > from_us($1::bigint)) LIMIT ${batchMax}`;
const closeBroken = `
  UPDATE broken_credit SET restored_at_us = $2::bigint WHERE cardid = ANY($1::text[]) AND restored_at_us IS NULL
  RETURNING cardid, nth, currency, amount`;

/** Brings credit that went to breakage back to cards that have been extended since. */
export async function restoreExtended({ database, clock, root, wakeRelay }: Pick<CardDeps, 'database' | 'clock' | 'root' | 'wakeRelay'>): Promise<void> {
  for (;;) {
    const cards = (await database.query<{ cardid: string }>(selectExtended, [clock.nowUs()])).map(({ cardid }) => cardid);
    if (cards.length === 0) return;
    const count = await database.transaction((tx) => restoreCredit(tx, { root, clock }, cards), { byKey: true });
    if (count === 0) return;
    wakeRelay();
  }
}

/**
 * Brings the credit of cards back from breakage in the caller's transaction, once, and answers of how many. To be called by
 * whatever extends a card; cards without broken credit are no mistake.
 */
export async function restoreCredit(tx: Sql, { root, clock }: Pick<CardDeps, 'root' | 'clock'>, cardIds: readonly string[]): Promise<number> {
  const accounts = await LockedAccounts.lock(tx, cardIds.map(ledgerAccount.card));
  const at = clock.nowUs();
  const rows = await tx.query<{ cardid: string; nth: number; currency: string; amount: bigint }>(closeBroken, [cardIds, at]);
  const restored = rows.map(({ cardid: cardId, nth, currency, amount: amountNanos }): Breakage => ({ cardId, nth, currency, amountNanos, at }));
  for (const { cardId, amountNanos } of restored) {
    // What a card has had, it can have again beside whatever was put on it since: far below the range of a balance.
    const decision = accounts.decide(ledgerAccount.card(cardId), { type: 'Post', amountNanos });
    present(decision.accepted ? decision.events[0] : undefined, 'room for credit that was there before');
  }
  const transfers = restored.map(({ cardId, nth, currency, amountNanos }) =>
    breakageTransfer({ id: `breakage_return:${cardId}:${nth}`, accountId: ledgerAccount.card(cardId), currency, amountNanos, code: 'breakage_return', postedBy: null }));
  await Promise.all([accounts.save(tx), postTransfers(tx, transfers, at), enqueue(tx, root, restored.map(creditRestoredOf))]);
  return restored.length;
}
