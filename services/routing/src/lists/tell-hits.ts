import { enqueue } from '@tollwire/event-store';
import type { RoutingDeps } from '../routing.deps.ts';

/** Tells how often calls met the lists since the last time. */
export async function tellHits({ database, clock, lists, root, wakeRelay }: Pick<RoutingDeps, 'database' | 'clock' | 'lists' | 'root' | 'wakeRelay'>): Promise<void> {
  await lists.hits.tell(clock.nowUs(), async (event) => {
    await database.transaction((tx) => enqueue(tx, root, [event]));
    wakeRelay();
  });
}
