import { setTimeout as delay } from 'node:timers/promises';
import type { Api } from '../client/api.ts';
import type { Note } from '../cli/progress.ts';
import { amountIn, nanosOfText, readTotals, type Totals } from './totals.ts';

/** Sent against recorded, rated and charged: what must be equal, and by how much it is not. */
export interface Reconciliation {
  readonly sent: number;
  readonly cdrs: number;
  readonly closed: number;
  readonly rated: number;
  readonly charges: number;
  readonly lost: number;
  readonly doubled: number;
  /** Zero in every currency. */
  readonly ledgerSum: readonly string[];
  /** What rating sold minus what card charged; zero when each price was charged exactly. */
  readonly soldNotCharged: string;
  readonly deadLetters: number;
  readonly exact: boolean;
  readonly settleSec: number;
}

/** Longer than a service takes to be started again and to catch up. */
const patienceSec = 120;

/** Waits until every call that was sent is closed and charged, or nothing more can be hoped for; then compares. */
export async function reconcile(api: Api, before: Totals, sent: number, note: Note): Promise<{ after: Totals; result: Reconciliation }> {
  const startedMs = performance.now();
  for (;;) {
    const after = await readTotals(api);
    const result = compare(before, after, sent, (performance.now() - startedMs) / 1000);
    if (result.exact || result.settleSec > patienceSec) return { after, result };
    note(`${result.closed.toLocaleString('en')} of ${sent.toLocaleString('en')} calls closed`);
    await delay(100);
  }
}

/** Compares what three services counted since `before` with what was sent. */
export function compare(before: Totals, after: Totals, sent: number, settleSec: number): Reconciliation {
  const cdrs = after.cdr.callCount - before.cdr.callCount;
  const closed = after.cdr.closedCount - before.cdr.closedCount;
  const rated = after.rating.ratedCount - before.rating.ratedCount;
  const charges = after.card.chargeCount - before.card.chargeCount;
  const least = Math.min(cdrs, closed, rated, charges);
  const most = Math.max(cdrs, closed, rated, charges);
  const sold = amountIn(after.rating.sell, 'EUR') - amountIn(before.rating.sell, 'EUR');
  const charged = amountIn(after.card.charged, 'EUR') - amountIn(before.card.charged, 'EUR');
  const deadLetters = deadLettersOf(after) - deadLettersOf(before);
  const ledgerSum = after.card.ledgerSum.map(({ amount, currency }) => `${amount} ${currency}`);
  const balanced = after.card.ledgerSum.every(({ amount }) => nanosOfText(amount) === 0n);
  return {
    sent, cdrs, closed, rated, charges,
    lost: Math.max(0, sent - least), doubled: Math.max(0, most - sent),
    ledgerSum, soldNotCharged: (sold - charged).toString(), deadLetters, settleSec,
    exact: least === sent && most === sent && sold === charged && balanced && deadLetters === 0,
  };
}

function deadLettersOf({ card, rating, cdr }: Totals): number {
  return card.deadLetterCount + rating.deadLetterCount + cdr.deadLetterCount;
}
