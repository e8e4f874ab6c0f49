import { fromBinary } from '@bufbuild/protobuf';
import { RouteDecidedSchema } from '@tollwire/contracts';
import { pgArray, type Sql } from '@tollwire/event-store';
import type { Forgotten } from '@tollwire/platform';
import { callerIdsOf } from '../ledger/forget-answers.ts';

/** Refused calls that are looked at in one step. */
const callsAtOnce = 20_000;

const pageEnd = 'SELECT max(call_key) AS call_key FROM (SELECT call_key FROM refused_route WHERE call_key > $1 ORDER BY call_key LIMIT $2) page';
const selectWith = `
  SELECT call_key, decision FROM refused_route
  WHERE call_key > $1 AND call_key <= $2 AND position(convert_to($3, 'UTF8') IN decision) > 0`;
const dropOf = 'DELETE FROM refused_route WHERE call_key = ANY($1::text[]) RETURNING 1';

/** Drops how calls were refused: nobody was charged for them, and no switch is told again. */
export async function forgetRefusedOf(sql: Sql, callKeys: readonly string[]): Promise<Forgotten> {
  return { count: (await sql.query(dropOf, [pgArray('text', callKeys, (key) => key)])).length };
}

/** The same of calls to one number, page by page, or from it, where a gateway was given the number. */
export async function forgetRefusedWith(sql: Sql, digits: string, after: string): Promise<Forgotten> {
  const [end] = await sql.query<{ call_key: string | null }>(pageEnd, [after, callsAtOnce]);
  if (end === undefined || end.call_key === null) return { count: 0 };
  const rows = await sql.query<{ call_key: string; decision: Buffer }>(selectWith, [after, end.call_key, digits]);
  const meant = rows.filter(({ decision }) => {
    const decided = fromBinary(RouteDecidedSchema, decision);
    return decided.calledE164 === digits || callerIdsOf(decided).some(({ number }) => number.endsWith(digits));
  });
  return { ...(await forgetRefusedOf(sql, meant.map(({ call_key: callKey }) => callKey))), next: end.call_key };
}
