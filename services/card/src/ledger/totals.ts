import type { Sql } from '@tollwire/event-store';
import { moneyOf } from '../wire/money.ts';

// The balances that money is checked against, plus what the transfers say of the house accounts: were a balance ever
// to differ from its transfers, the sum would not be zero.
const selectLedgerSum = `
  SELECT currency, sum(nanos)::bigint AS nanos FROM (
    SELECT currency, sum(credit) AS nanos FROM ledger_account GROUP BY currency
    UNION ALL SELECT currency, sum(amount) FROM transfer WHERE credit_account !~ '^(card|customer):' GROUP BY currency
    UNION ALL SELECT currency, -sum(amount) FROM transfer WHERE debit_account !~ '^(card|customer):' GROUP BY currency
  ) AS parts GROUP BY currency ORDER BY currency`;

const selectCharged = 'SELECT currency, sum(posted)::bigint AS nanos FROM charge GROUP BY currency ORDER BY currency';

const selectCounts = `
  SELECT (SELECT count(*) FROM card_state) AS cards, (SELECT count(*) FROM transfer) AS transfers,
    (SELECT count(DISTINCT call_key) FROM charge) AS charges, (SELECT count(*) FROM dead_letter) AS dead_letters,
    (SELECT count(*) FROM reservation WHERE state = 'open') AS open,
    (SELECT count(*) FROM reservation WHERE state = 'settled') AS settled,
    (SELECT count(*) FROM reservation WHERE state = 'expired') AS expired`;

type Counts = Record<'cards' | 'transfers' | 'charges' | 'dead_letters' | 'open' | 'settled' | 'expired', bigint>;
type Sum = { readonly currency: string; readonly nanos: bigint };

/** Counts and sums over everything; reads all of it, so it is for reconciliation, not for a dashboard. */
export async function cardTotals(sql: Sql) {
  const [counts] = await sql.query<Counts>(selectCounts);
  const ledgerSum = await sql.query<Sum>(selectLedgerSum);
  const charged = await sql.query<Sum>(selectCharged);
  return {
    cardCount: counts?.cards ?? 0n,
    transferCount: counts?.transfers ?? 0n,
    chargeCount: counts?.charges ?? 0n,
    ledgerSum: ledgerSum.map(({ nanos, currency }) => moneyOf(nanos, currency)),
    charged: charged.map(({ nanos, currency }) => moneyOf(nanos, currency)),
    openReservationCount: counts?.open ?? 0n,
    settledReservationCount: counts?.settled ?? 0n,
    expiredReservationCount: counts?.expired ?? 0n,
    deadLetterCount: counts?.dead_letters ?? 0n,
  };
}
