import { create, fromBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { callOfKey, CallRefSchema, type CodedRefusal, type ListRefusedCallsReplySchema, type ListRefusedCallsRequest, type RefusedCallSchema, RouteDecidedSchema } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { CardDeps } from '../card.deps.ts';
import { chargedOfKey, keyOfParty, partyOf } from '../wire/party.ts';

const pageSize = 100;

/** Where a page ended: the next has calls that were refused before it, or at the same instant under a smaller key. */
interface Place {
  readonly refusedAtUs: bigint;
  readonly callKey: string;
}

interface Row {
  readonly call_key: string;
  readonly refused_at_us: bigint;
  readonly payer: string;
  readonly decision: Buffer;
}

/** Beyond every instant. */
const nowhereUs = 2n ** 62n;

/**
 * Calls that were not let through, the latest first: of a payer, for a reason, in a time. What was refused just now is among them. Refuses a party that is
 * malformed, and cursor_malformed.
 */
export async function listRefused(
  { database, refused }: Pick<CardDeps, 'database' | 'refused'>, { charged, code, sinceUs, untilUs, cursor }: ListRefusedCallsRequest,
): Promise<Result<MessageInitShape<typeof ListRefusedCallsReplySchema>, CodedRefusal>> {
  const party = charged === undefined ? undefined : partyOf(charged, 'charged');
  if (party?.ok === false) return party;
  const after = cursor === '' ? { refusedAtUs: untilUs === 0n ? nowhereUs : untilUs, callKey: '' } : placeOf(cursor);
  if (after === undefined) return refuse({ code: 'cursor_malformed', field: 'cursor' });
  await refused.written();
  const { text, values } = selectOf({ payer: party?.value && keyOfParty(party.value), code, sinceUs, after });
  const rows = await database.query<Row>(text, values);
  const page = rows.slice(0, pageSize);
  const last = rows.length > pageSize ? page.at(-1) : undefined;
  return ok({ calls: page.map(callOf), nextCursor: last === undefined ? '' : cursorOf({ refusedAtUs: last.refused_at_us, callKey: last.call_key }) });
}

/** Only what is asked for is in the statement, so that each is answered by its index. */
function selectOf({ payer, code, sinceUs, after }: { readonly payer: string | undefined; readonly code: string; readonly sinceUs: bigint; readonly after: Place }) {
  const values: unknown[] = [sinceUs, after.refusedAtUs, after.callKey, pageSize + 1];
  const equal = (column: string, value: string | undefined) => (value === undefined || value === '' ? '' : `AND ${column} = $${values.push(value)}`);
  const text = `
    SELECT call_key, refused_at_us, payer, decision FROM refused_route
    WHERE refused_at_us >= $1 AND (refused_at_us, call_key) < ($2, $3) ${equal('payer', payer)} ${equal('code', code)}
    ORDER BY refused_at_us DESC, call_key DESC LIMIT $4`;
  return { text, values };
}

function callOf({ call_key: callKey, refused_at_us: refusedAtUs, payer, decision }: Row): MessageInitShape<typeof RefusedCallSchema> {
  const { calledE164, refusal } = fromBinary(RouteDecidedSchema, decision);
  return {
    ...{ call: create(CallRefSchema, callOfKey(callKey) ?? {}), refusedAtUs, calledE164 },
    ...(payer === '' ? {} : { charged: chargedOfKey(payer) }),
    ...(refusal === undefined ? {} : { refusal }),
  };
}

function cursorOf({ refusedAtUs, callKey }: Place): string {
  return Buffer.from(`${refusedAtUs}:${callKey}`).toString('base64url');
}

function placeOf(cursor: string): Place | undefined {
  const [, refusedAtUs, callKey] = /^(\d{1,18}):([^\u0000-\u001f]{1,2048})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  return refusedAtUs === undefined || callKey === undefined ? undefined : { refusedAtUs: BigInt(refusedAtUs), callKey };
}
