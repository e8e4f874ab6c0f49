import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, LiveCallsReplySchema, LiveCallsRequest } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';

const groupings: ReadonlySet<string> = new Set(['all', 'carrier', 'account', 'switch']);
const rowsMax = 1000;

/** The calls that go on now, the largest groups first, at most 1,000 groups. A carrier is known once it answered. */
export async function liveCalls(sql: Sql, { groupBy }: LiveCallsRequest): Promise<Result<MessageInitShape<typeof LiveCallsReplySchema>, CodedRefusal>> {
  if (!groupings.has(groupBy)) return refuse({ code: 'field_malformed', field: 'groupBy', facts: { allowed: [...groupings].join(', ') } });
  const groups = await sql.query<{ value: string; callCount: bigint }>(
    `SELECT value, calls AS "callCount" FROM live_calls WHERE dimension = $1 AND calls <> 0 ORDER BY calls DESC, value LIMIT ${rowsMax}`,
    [groupBy],
  );
  return ok({ groups });
}
