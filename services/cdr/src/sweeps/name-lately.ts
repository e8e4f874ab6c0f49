import type { CdrDeps } from '../cdr.deps.ts';
import { nameDestinations } from '../projections/destinations.ts';

/** How far back destinations are looked for, in minutes; what was not named within two days is named when it is called again. */
const LATELY_MIN = 2 * 1440;

/** Names the destinations of calls that started lately. */
export async function nameLately({ database, catalog, clock }: Pick<CdrDeps, 'database' | 'catalog' | 'clock'>): Promise<void> {
  await nameDestinations(database, catalog, Math.floor(clock.nowUs() / 60_000_000) - LATELY_MIN);
}
