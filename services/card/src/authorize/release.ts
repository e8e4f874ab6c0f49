import type { CallRef, CodedRefusal, ReleaseCallRequest } from '@tollwire/contracts';
import { ok, present, refuse } from '@tollwire/core';
import type { InstantUs, Result } from '@tollwire/core';
import { enqueue } from '@tollwire/event-store';
import type { Sql } from '@tollwire/event-store';
import type { CardDeps } from '../card.deps.ts';
import { keptReservations } from '../ledger/extensions.ts';
import { LockedAccounts } from '../ledger/locked-accounts.ts';
import { refusable } from '../ledger/refusable.ts';
import { closeReservations } from '../ledger/reservations.ts';
import { callKeyOf } from '../wire/call.ts';
import { reservationReleasedOf } from '../wire/call-events.ts';
import { moneyOf } from '../wire/money.ts';
import { refusalOfEnded } from './ended.ts';
import { letThrough } from './extend-all.ts';

/** What a call gave back. */
export interface Released {
  readonly reservationId: string;
  readonly released: { readonly nanos: bigint; readonly currency: string };
}

type ReleaseDeps = Pick<CardDeps, 'database' | 'clock' | 'root' | 'wakeRelay' | 'allowances'>;

/**
 * Gives up a call that its switch did not attempt: what is reserved for it is free again, once, and nothing is charged. Again,
 * it is answered the same. Of one whose reservation has expired there is nothing left to give back.
 */
export async function releaseCall(deps: ReleaseDeps, { call }: ReleaseCallRequest, traceparent?: string): Promise<Result<Released, CodedRefusal>> {
  const callKey = callKeyOf(call, 'call');
  if (!callKey.ok) return callKey;
  const released = await refusable(deps.database, (tx) => release(tx, deps.root, callKey.value, { at: deps.clock.nowUs(), traceparent }));
  if (!released.ok) return released;
  deps.wakeRelay();
  const given: CallRef = present(call, 'the call');
  await deps.allowances.releaseHolds({ calls: [given] });
  return released;
}

async function release(tx: Sql, root: string, callKey: string, { at, traceparent }: { at: InstantUs; traceparent: string | undefined }): Promise<Result<Released, CodedRefusal>> {
  const found = (await keptReservations(tx, [callKey])).get(callKey);
  if (found === undefined) return refuse({ code: 'unknown_call', detail: 'Nothing was reserved for this call.' });
  const accounts = await LockedAccounts.lock(tx, [found.accountId]);
  const kept = present((await keptReservations(tx, [callKey])).get(callKey), 'a reservation is never deleted');
  if (kept.state === 'settled') return refuse(refusalOfEnded(kept.state));
  const { currency } = letThrough(kept);
  const answer = { reservationId: kept.id, released: moneyOf(kept.state === 'expired' ? 0n : kept.amountNanos, currency) };
  if (kept.state !== 'open') return ok(answer);
  accounts.decide(kept.accountId, { type: 'Release', openNanos: kept.amountNanos });
  const { id: reservationId, party, amountNanos } = kept;
  const told = reservationReleasedOf({ reservationId, callKey, party, amountNanos, currency, at, traceparent });
  await Promise.all([accounts.save(tx), closeReservations(tx, [callKey], 'released'), enqueue(tx, root, [told])]);
  return ok(answer);
}
