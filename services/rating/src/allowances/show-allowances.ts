import type { MessageInitShape } from '@bufbuild/protobuf';
import type { AllowanceBalanceSchema, CodedRefusal, ShowAllowancesReplySchema, ShowAllowancesRequest } from '@tollwire/contracts';
import { instantUs, ok, refuse, type Result } from '@tollwire/core';
import { planKey } from '../domain/tables.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { targetOf } from '../wire/allowance-target.ts';
import { AllowanceBalances } from './balances.ts';
import { grantMessage } from './grant-allowance.ts';
import { grantsTo } from './grant-rows.ts';

type ShowDeps = Pick<RatingDeps, 'database' | 'clock' | 'subscribers' | 'allowances'>;

/** What a party has left of each grant in force, in the period of an instant, in the order in which they would be used. */
export async function showAllowances(deps: ShowDeps, { party, atUs }: ShowAllowancesRequest): Promise<Result<MessageInitShape<typeof ShowAllowancesReplySchema>, CodedRefusal>> {
  const target = targetOf(party === undefined ? { case: undefined } : { case: 'party', value: party });
  if (!target.ok) return target;
  const { key: partyKey } = target.value;
  const subscriber = (await deps.subscribers.of(deps.database, [partyKey])).get(partyKey);
  if (subscriber === undefined) return refuse({ code: target.value.kind === 'party' ? target.value.unknownCode : 'unknown_party', field: 'party' });
  const { plan } = subscriber;
  const now = deps.clock.nowUs();
  const call = { callKey: '', revision: 1, partyKey, plan, at: atUs === 0n ? now : instantUs(Number(atUs)), e164: undefined };
  await deps.allowances.refresh(deps.database);
  const [balances, rows] = await Promise.all([
    AllowanceBalances.of(deps.database, deps.allowances, [call], now, { lock: false }), grantsTo(deps.database, [partyKey, planKey(plan)]),
  ]);
  const rowOf = new Map([...rows.values()].flat().map((row) => [row.grant_id, row]));
  const told = balances.bucketsOf(call).flatMap((bucket): MessageInitShape<typeof AllowanceBalanceSchema>[] => {
    const row = rowOf.get(bucket.grant.grantId);
    if (row === undefined) return [];
    const { usedSec, heldSec } = balances.standOf(call, bucket);
    const grantedSec = bucket.grant.secPerPeriod;
    return [{
      grant: grantMessage(row), period: bucket.period, expiresAtUs: bucket.expiresAtUs === Infinity ? 0n : BigInt(bucket.expiresAtUs),
      grantedSec, usedSec, heldSec, availableSec: Math.max(0, grantedSec - usedSec - heldSec),
    }];
  });
  return ok({ balances: told });
}
