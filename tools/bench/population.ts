import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Note } from '../cli/progress.ts';
import type { Api } from '../client/api.ts';
import { type Seeded } from '../world/seed.ts';

const issued = z.object({ cardIds: z.array(z.string()) });
const created = z.object({ id: z.number() });
const anything = z.object({});

/** Cards with so much on them that no bench empties one. */
export async function wealthyCards(api: Api, { world }: Seeded, count: number, note: Note = () => undefined): Promise<string[]> {
  const run = randomUUID().slice(0, 8);
  const { id } = await api.post('/v1/card-types', { description: `Bench ${run}`, value: { amount: '10000000.00', currency: 'EUR' }, tariffId: world.tariffId, lifetimeDays: 365 }, created);
  const cardIds: string[] = [];
  for (let at = 0; at < count; at += 10_000) {
    const quantity = Math.min(10_000, count - at);
    const batch = await api.post('/v1/card-batches', { batchId: `bench-${run}-${at}`, cardTypeId: id, resellerId: world.resellerId, quantity }, issued);
    for (const step of ['sell', 'pay', 'activate']) await api.post(`/v1/cards/${step}`, { cardIds: batch.cardIds }, anything);
    cardIds.push(...batch.cardIds);
    note(`${cardIds.length.toLocaleString('en')} of ${count.toLocaleString('en')}`);
  }
  return cardIds;
}
