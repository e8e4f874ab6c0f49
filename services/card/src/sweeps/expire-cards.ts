import type { Aggregates, CardDeps } from '../card.deps.ts';

const batchMax = 1_000;

const selectDue = `
  SELECT cardid FROM card_state WHERE status IN ('issued', 'active') AND expires <= from_us($1::bigint) ORDER BY expires LIMIT ${batchMax}`;

/**
 * Records the expiry of cards whose lifetime is over. Nothing waits for it: a card is refused from its instant on.
 * Its credit stays where it is.
 */
export async function expireCards({ database, clock }: Pick<CardDeps, 'database' | 'clock'>, { cards }: Aggregates): Promise<void> {
  for (;;) {
    const at = clock.nowUs();
    const due = await database.query<{ cardid: string }>(selectDue, [at]);
    await cards.handleMany(due.map(({ cardid }) => ({ id: cardid, command: { type: 'Expire' as const, at } })));
    if (due.length < batchMax) return;
  }
}
