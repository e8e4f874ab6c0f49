import type { CardDeps } from '../card.deps.ts';
import { forgetTries } from '../tries/failed-tries.ts';

/** Forgets wrong PINs and codes of vouchers that count no more; nothing waits for it, because a lock heals by time. */
export async function forgetFailedTries({ database, clock }: Pick<CardDeps, 'database' | 'clock'>): Promise<void> {
  await forgetTries(database, clock.nowUs());
}
