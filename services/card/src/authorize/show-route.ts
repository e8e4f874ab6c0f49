import { type MessageInitShape, fromBinary } from '@bufbuild/protobuf';
import { AuthorizeResultSchema, callOfKey, type CodedRefusal, type RouteDecidedSchema, type ShowRouteRequest } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { callKeyOf } from '../wire/call.ts';

const selectDecided = 'SELECT answer, reserved_at_us FROM reservation WHERE call_key = $1';

/**
 * How a call that was let through was routed: the answer that its switch got is kept with the reservation, in the transaction that
 * took the credit, so there is one for every such call and it costs nothing beside it. Refuses unknown_call where
 * nothing was ever reserved for the call.
 */
export async function showRoute(sql: Sql, { call }: ShowRouteRequest): Promise<Result<MessageInitShape<typeof RouteDecidedSchema>, CodedRefusal>> {
  const key = callKeyOf(call, 'call');
  if (!key.ok) return key;
  const [kept] = await sql.query<{ answer: Buffer; reserved_at_us: bigint }>(selectDecided, [key.value]);
  const answer = kept && fromBinary(AuthorizeResultSchema, kept.answer).result;
  if (kept === undefined || answer?.case !== 'authorized') {
    return refuse({ code: 'unknown_call', detail: 'Nothing was reserved for this call, so no route was decided for it here.' });
  }
  const { calledE164, routedBy, sellPrefix, sellRatePerMinNanos, carriers, excluded } = answer.value;
  return ok({ call: callOfKey(key.value) ?? {}, decidedAtUs: kept.reserved_at_us, calledE164, routedBy, sellPrefix, sellRatePerMinNanos, carriers, excluded });
}
