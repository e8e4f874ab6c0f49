import type { Sql } from '@tollwire/event-store';
import type { CardDeps } from '../card.deps.ts';
import type { Admitted } from './prices.ts';

/**
 * Notes the first use of the cards whose first call is let through, in the transaction of its reservation. The lock of the
 * card's ledger account, which the caller holds, lets one call be first. A card that was stopped since it was looked at stays
 * unused: the call goes by how its card stood then.
 */
export async function noteFirstUse({ aggregates, clock }: Pick<CardDeps, 'aggregates' | 'clock'>, tx: Sql, calls: readonly Admitted[]): Promise<void> {
  const first = new Map(calls.flatMap(({ asked, caller: { unusedCardId: id } }) => (id === undefined ? [] : [[id, asked] as const])));
  if (first.size === 0) return;
  const at = clock.nowUs();
  const meta = (traceparent: string | undefined) => (traceparent === undefined ? {} : { traceparent });
  await aggregates.cards.handleIn(tx, [...first].map(([id, asked]) => ({ id, command: { type: 'Use', at } as const, meta: meta(asked.traceparent) })));
}
