import { create, type MessageInitShape, fromBinary } from '@bufbuild/protobuf';
import { AuthorizeResultSchema, callOfKey, CallRefSchema, type CodedRefusal, RouteDecidedSchema, type ShowRouteRequest } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { CardDeps } from '../card.deps.ts';
import { callKeyOf } from '../wire/call.ts';

const selectDecided = 'SELECT answer, reserved_at_us FROM reservation WHERE call_key = $1';
const selectRefused = 'SELECT decision FROM refused_route WHERE call_key = $1';

type Decided = MessageInitShape<typeof RouteDecidedSchema>;

/**
 * How a call was routed. Of one that was let through the answer that its switch got is kept with the reservation, in the transaction that
 * took the credit, so there is one for every such call and it costs nothing beside it. Of one that was refused the last decision is kept
 * for a while, beside. Refuses unknown_call where neither is there.
 */
export async function showRoute({ database, refused }: Pick<CardDeps, 'database' | 'refused'>, { call }: ShowRouteRequest): Promise<Result<Decided, CodedRefusal>> {
  const key = callKeyOf(call, 'call');
  if (!key.ok) return key;
  const [kept] = await database.query<{ answer: Buffer; reserved_at_us: bigint }>(selectDecided, [key.value]);
  const answer = kept && fromBinary(AuthorizeResultSchema, kept.answer).result;
  if (kept === undefined || answer?.case !== 'authorized') {
    await refused.written();
    const [last] = await database.query<{ decision: Buffer }>(selectRefused, [key.value]);
    if (last === undefined) return refuse({ code: 'unknown_call', detail: 'No route was decided for this call here, or it was refused too long ago.' });
    return ok({ ...fromBinary(RouteDecidedSchema, last.decision), call: create(CallRefSchema, callOfKey(key.value) ?? {}) });
  }
  const { calledE164, routedBy, sellPrefix, sellRatePerMinNanos, carriers, excluded } = answer.value;
  return ok({ call: callOfKey(key.value) ?? {}, decidedAtUs: kept.reserved_at_us, calledE164, routedBy, sellPrefix, sellRatePerMinNanos, carriers, excluded });
}
