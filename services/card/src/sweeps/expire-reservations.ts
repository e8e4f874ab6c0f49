import { present } from '@tollwire/core';
import type { InstantUs } from '@tollwire/core';
import { enqueue } from '@tollwire/event-store';
import type { Sql } from '@tollwire/event-store';
import type { CardDeps } from '../card.deps.ts';
import { creditCounts } from '../ledger/counts.ts';
import { LockedAccounts } from '../ledger/locked-accounts.ts';
import { closeReservations, dueReservations, type OpenReservation, openReservationsOf } from '../ledger/reservations.ts';
import { reservationExpiredOf } from '../wire/public-events.ts';

/** Reservations closed in one transaction. */
const batchMax = 2_000;

type ExpiryDeps = Pick<CardDeps, 'database' | 'clock' | 'root' | 'wakeRelay'>;

/**
 * Frees the credit of every reservation whose time is over; a rated call that comes later is charged all the same.
 * Any number of instances may run it at once: what another has closed meanwhile is left alone.
 */
export async function expireReservations(deps: ExpiryDeps): Promise<void> {
  const counts = creditCounts();
  for (;;) {
    const at = deps.clock.nowUs();
    const count = await deps.database.transaction((tx) => expireBatch(deps.root, tx, at), { byKey: true });
    counts.expired(count.expired);
    if (count.expired > 0) deps.wakeRelay();
    if (count.due < batchMax) return;
  }
}

async function expireBatch(root: string, tx: Sql, at: InstantUs): Promise<{ due: number; expired: number }> {
  const due = await dueReservations(tx, at, batchMax);
  // One that was extended while its account was waited for has time again.
  return { due: due.length, expired: await expire(tx, root, due, at, ({ validUntil }) => validUntil <= at) };
}

/** Frees the credit that is reserved for these calls at `at`, whatever time it has left; returns how many reservations there were. */
export async function expireReservationsOf(tx: Sql, root: string, callKeys: readonly string[], at: InstantUs): Promise<number> {
  return await expire(tx, root, [...(await openReservationsOf(tx, callKeys)).values()], at);
}

/** Reads the reservations again under the lock of their accounts, which every change of them holds. */
async function expire(
  tx: Sql, root: string, due: readonly OpenReservation[], at: InstantUs, isMeant: (reservation: OpenReservation) => boolean = () => true,
): Promise<number> {
  if (due.length === 0) return 0;
  const accounts = await LockedAccounts.lock(tx, due.map(({ accountId }) => accountId));
  const open = [...(await openReservationsOf(tx, due.map(({ callKey }) => callKey))).values()].filter(isMeant);
  for (const { accountId, amountNanos } of open) accounts.decide(accountId, { type: 'Expire', openNanos: amountNanos });
  const events = open.map(({ id: reservationId, callKey, party, amountNanos, accountId }) => {
    const currency = present(accounts.currencyOf(accountId), 'the currency of a locked account');
    return reservationExpiredOf({ reservationId, callKey, party, amountNanos, currency, at });
  });
  await Promise.all([accounts.save(tx), closeReservations(tx, open.map(({ callKey }) => callKey), 'expired'), enqueue(tx, root, events)]);
  return open.length;
}
