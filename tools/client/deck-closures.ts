import { z } from 'zod';
import type { Api } from './api.ts';
import { type DeckOwner, deckQuery } from './deck-options.ts';

const difference = z.object({ sums: z.array(z.object({ change: z.string(), rowCount: z.number() })).default([]) });

/** How many rates of the version in force a version closes; of that one itself, of the one before it. */
export async function closedCount(api: Pick<Api, 'get'>, owner: DeckOwner, digest: string): Promise<number> {
  const { sums } = await api.get(`/v1/decks/${digest}/diff?${deckQuery(owner)}`, difference);
  return sums.filter(({ change }) => change === 'closed').reduce((all, { rowCount }) => all + rowCount, 0);
}

/** The count for people, with one word or several. */
export function closedText(count: number): string {
  return `closes ${count.toLocaleString('en')} ${count === 1 ? 'rate' : 'rates'} of the version before it`;
}
