import { pruneLeases } from '../projections/lease-table.ts';
import type { RoutingDeps } from '../routing.deps.ts';

/** Writes down which calls this instance let through, and reads what is in use of the carriers with limits. */
export async function countLeasesNow({ router, leases }: RoutingDeps): Promise<void> {
  await leases.refresh(router.carriers);
}

/** How long a call that is over is remembered, in seconds. */
const KEPT_SEC = 900;

/** Forgets leases that ended a while ago. */
export async function forgetLeases({ database, clock }: RoutingDeps): Promise<void> {
  await pruneLeases(database, clock.nowUs() - KEPT_SEC * 1_000_000);
}
