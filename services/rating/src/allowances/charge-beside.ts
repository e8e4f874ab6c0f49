import type { InstantUs } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { Draw } from '../domain/allowance.ts';
import { chargeableSec, type RatedCall } from '../domain/rate-call.ts';
import { AllowanceBalances, type DrawingCall, type Drawn } from './balances.ts';
import { dropHolds } from './keep.ts';
import type { AllowanceTargets } from './targets.ts';

/** A call that was rated as if nothing were free, and how it is rated with seconds that are. */
export interface PricedCall extends Omit<DrawingCall, 'e164'> {
  readonly rated: RatedCall;
  /** Undefined where it cannot be rated so; then nothing is free. */
  readonly withDraws: (draws: readonly Draw[]) => RatedCall | undefined;
}

/** A call as it is charged, and what it takes of allowances. */
export interface ChargedCall {
  readonly callKey: string;
  readonly rated: RatedCall;
  readonly drawn: Drawn | undefined;
}

interface Priced extends DrawingCall {
  readonly priced: PricedCall;
}

/**
 * Charges calls beside the allowances of their payers, in the order in which they stand; free seconds are used where they
 * lower a price. Of who has none it asks nothing but whether that is so. Gives up the holds of the calls; what is taken is
 * kept by `keepUses`, for those whose rating is kept.
 */
export async function chargeBeside(tx: Sql, targets: AllowanceTargets, calls: readonly PricedCall[], now: InstantUs): Promise<ChargedCall[]> {
  await targets.refresh(tx);
  if (targets.isEmpty) return calls.map(untouched);
  const drawing = new Map(calls.map((priced) => [priced, { ...priced, e164: priced.rated.calledE164, priced } satisfies Priced] as const));
  const balances = await AllowanceBalances.of(tx, targets, [...drawing.values()], now, { lock: true });
  const theirs = new Set(balances.calls);
  for (const { callKey, priced } of theirs) if (chargeableSec(priced.rated) === 0) balances.release(callKey);
  await dropHolds(tx, balances.calls.map(({ callKey }) => callKey));
  return calls.map((priced) => {
    const call = drawing.get(priced);
    return call === undefined || !theirs.has(call) ? untouched(priced) : charged(balances, call);
  });
}

function untouched({ callKey, rated }: PricedCall): ChargedCall {
  return { callKey, rated, drawn: undefined };
}

function charged(balances: AllowanceBalances<Priced>, call: Priced): ChargedCall {
  const { callKey, priced } = call;
  const drawn = balances.draw(call, chargeableSec(priced.rated));
  const rated = drawn.draws.length === 0 ? undefined : priced.withDraws(drawn.draws);
  if (rated !== undefined && rated.sell.amount.nanos < priced.rated.sell.amount.nanos) return { callKey, rated, drawn };
  balances.undo(drawn);
  return { callKey, rated: priced.rated, drawn: drawn.givenBack.length === 0 ? undefined : balances.draw(call, 0) };
}
