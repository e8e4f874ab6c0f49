import type { CardDeps } from '../card.deps.ts';
import { forgetTries } from '../pins/pin-tries.ts';

/** Forgets wrong PINs whose window is over; nothing waits for it, because a lock heals by time. */
export async function forgetPinTries({ database, clock, pins }: Pick<CardDeps, 'database' | 'clock' | 'pins'>): Promise<void> {
  await forgetTries(database, pins.policy, clock.nowUs());
}
