import { redrive } from '@tollwire/event-store';
import type { RatingDeps } from '../rating.deps.ts';
import { rate } from './rate.ts';

/** What may come right by itself: a card's event that is under way, a plan or a deck that is not here yet. */
const PASSING = [
  'unknown_party', 'unknown_plan', 'plan_not_in_force', 'no_sell_rate', 'destination_blocked', 'no_exchange_rate',
  // Letters from before currencies were converted.
  'currency_mismatch',
];
const LETTERS_MAX = 2_000;
const AT_A_TIME = 4;

/** Waits 5 s after the first try, twice as long after each further one, and at most an hour. */
const selectDue = `
  select position from dead_letter
  where consumer = 'rate' and code = any($1::text[])
    and parked_at + least(interval '5 seconds' * power(2, least(tries, 12) - 1), interval '1 hour') <= now()
  order by position limit $2`;

/**
 * Tries calls again that could not be rated for a reason that passes, so that a call that came before its card's event
 * is charged in the end. Each that fails again waits longer; a call that was rated meanwhile is only struck off.
 */
export async function retryParked(deps: Pick<RatingDeps, 'database' | 'clock' | 'root' | 'tables' | 'subscribers' | 'allowances' | 'erased' | 'authorized' | 'wakeRelay'>): Promise<void> {
  const reaction = rate(deps);
  const due = await deps.database.query<{ position: bigint }>(selectDue, [PASSING, LETTERS_MAX]);
  for (let at = 0; at < due.length; at += AT_A_TIME) {
    const some = due.slice(at, at + AT_A_TIME);
    await Promise.all(some.map(({ position }) => redrive(deps.database, reaction, { positions: [position], limit: 1 })));
  }
  if (due.length > 0) deps.wakeRelay();
}
