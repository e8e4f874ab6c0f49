import { type QualityLock, locksDue } from '../domain/carrier-quality.ts';
import type { Carrier } from '../domain/carriers.ts';
import { pruneQuality } from '../projections/quality-table.ts';
import type { RoutingDeps } from '../routing.deps.ts';

/** Who locks a carrier, in its history. */
const JUDGE = 'routing';

/**
 * Reads what was measured of carriers, and locks those that do not keep to what was agreed. Every instance judges; a lock that
 * another was faster with is no second one.
 */
export async function judgeCarriers({ router, qualities, clock, providers, replica }: RoutingDeps): Promise<void> {
  const atUs = clock.nowUs();
  const { carriers } = router;
  await qualities.refresh(carriers, atUs);
  const due = carriers.flatMap((carrier) => locksOf(carrier, qualities, atUs));
  for (const { carrierCode, lock } of due) {
    await providers.handle(carrierCode, { type: 'LockForQuality', lock, by: JUDGE, at: atUs }, { by: JUDGE });
  }
  if (due.length > 0) await replica.refresh();
}

function locksOf({ carrierCode, limits, locks = [] }: Carrier, qualities: RoutingDeps['qualities'], atUs: number): { carrierCode: string; lock: QualityLock }[] {
  if (limits === undefined) return [];
  return locksDue(limits.quality, qualities.of(carrierCode), locks, atUs).map((lock) => ({ carrierCode, lock }));
}

/** Forgets what is older than two windows. */
export async function forgetQuality({ database, clock, qualityWindowSec }: RoutingDeps): Promise<void> {
  await pruneQuality(database, clock.nowUs() - 2 * Math.max(qualityWindowSec, 3_600) * 1_000_000);
}
