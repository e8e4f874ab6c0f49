import type { MessageInitShape } from '@bufbuild/protobuf';
import { type CodedRefusal, encodeEvents, type ReplayCdrsReplySchema, type ReplayCdrsRequest } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { CdrDeps } from '../cdr.deps.ts';
import { masked, opened } from '../numbers/sealed-calls.ts';
import { recordWork, revealedTo } from '../numbers/unmasking.ts';
import { recordOf } from '../projections/call-of-row.ts';
import { cdrClosed } from '../wire/cdr-closed.ts';
import { type CallReadRow, selectCalls } from './call-reply.ts';

type Page = MessageInitShape<typeof ReplayCdrsReplySchema>;

/** Calls that are looked at for one page, and CDRs that are answered with one: less than a message may hold. */
const lookedAtMax = 10_000;
const pageSizeMax = 500;

/** By the numbers of calls: they are given in the order in which calls were told first, and neither change nor come again, whatever partition a call is moved to. */
const lastSql = 'SELECT max(callid) AS last FROM (SELECT callid FROM call WHERE callid > $1 ORDER BY callid LIMIT $2) p';
const pageSql = `${selectCalls} WHERE c.callid > $1 AND c.callid <= $2 AND c.status = 'closed' AND (c.last_received_us IS NULL OR c.last_received_us >= $3) ORDER BY c.callid LIMIT $4`;

/**
 * CdrClosed of the calls that are complete and of which something was recorded since an instant, from the record: for who begins to listen later than the
 * stream reaches, or was away for longer than it keeps. A call that closes while pages are asked for is in the stream; so who listens first, and asks
 * then, misses none. The events have the ids under which they were told. Of calls from before receipts were kept all are answered.
 */
export async function replayCdrs(deps: Pick<CdrDeps, 'database' | 'clock' | 'numbers'>, { sinceUs, cursor, reveal }: ReplayCdrsRequest): Promise<Result<Page, CodedRefusal>> {
  if (sinceUs < 0n) return refuse({ code: 'field_out_of_range', field: 'sinceUs' });
  if (!/^\d{0,18}$/.test(cursor)) return refuse({ code: 'cursor_malformed', field: 'cursor' });
  const revealed = revealedTo(reveal);
  if (!revealed.ok) return revealed;
  const { database, numbers } = deps;
  const after = BigInt(cursor);
  const [looked] = await database.query<{ last: bigint | null }>(lastSql, [after, lookedAtMax]);
  if (looked === undefined || looked.last === null) return ok({ batch: new Uint8Array(), nextCursor: '' });
  const rows = await database.query<CallReadRow>(pageSql, [after, looked.last, sinceUs, pageSizeMax]);
  if (revealed.value !== null && rows.length > 0) await recordWork(deps, revealed.value, { replay: true, sinceUs: `${sinceUs}` }, cursor === '');
  const open = await opened(database, numbers, rows);
  const shown = revealed.value === null ? masked(open) : open;
  const events = shown.flatMap((row) => cdrClosed(recordOf({ switchId: row.switch_name, callId: row.uniqueid, leg: row.leg }, row), row.event_count) ?? []);
  const last = rows.length === pageSizeMax ? rows.at(-1)?.callid : undefined;
  return ok({ batch: encodeEvents(events).bytes, nextCursor: `${last ?? looked.last}` });
}
