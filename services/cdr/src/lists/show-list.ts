import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, ShowListReplySchema, ShowListRequest } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { listNames } from '../domain/list-entry.ts';

const pageSizeMax = 1_000;
const pageSizeUsual = 100;
const HOUR_US = 3_600_000_000n;
const HOUR_MAX = 2_147_483_647n;

const pageSql = `
  SELECT e.subject, e.is_country, e.prefixes, e.reason, e.listed, to_us(e.listed_at) AS listed_us, e.listed_by, to_us(e.delisted_at) AS delisted_us, e.delisted_by,
    h.stopped, h.passed, h.last_hit_at_us
  FROM list_entry e LEFT JOIN LATERAL (
    SELECT sum(stopped)::bigint AS stopped, sum(passed)::bigint AS passed, max(last_hit_at_us) AS last_hit_at_us
    FROM list_hit WHERE list = e.list AND subject = e.subject AND at_hour >= $5 AND at_hour < $6) h ON true
  WHERE e.list = $1 AND e.subject > $2 AND ($3 = '' OR e.subject = $3) AND (e.listed OR $4)
  ORDER BY e.subject LIMIT $7`;

interface EntryRow {
  readonly subject: string;
  readonly is_country: boolean;
  readonly prefixes: string;
  readonly reason: string;
  readonly listed: boolean;
  readonly listed_us: bigint;
  readonly listed_by: string;
  readonly delisted_us: bigint | null;
  readonly delisted_by: string | null;
  readonly stopped: bigint | null;
  readonly passed: bigint | null;
  readonly last_hit_at_us: bigint | null;
}

/** A page of the entries of a list in the order of their subjects, with how often calls met them in the time. */
export async function showList(sql: Sql, request: ShowListRequest): Promise<Result<MessageInitShape<typeof ShowListReplySchema>, CodedRefusal>> {
  const { list, subject, afterSubject, withDelisted, fromUs, untilUs } = request;
  if (!listNames.some((name) => name === list)) return refuse({ code: 'field_malformed', field: 'list', facts: { allowed: listNames.join(', ') } });
  for (const [field, text] of Object.entries({ subject, afterSubject })) if (!/^[A-Z0-9]{0,15}$/.test(text)) return refuse({ code: 'field_malformed', field });
  if (request.pageSize > pageSizeMax) return refuse({ code: 'field_out_of_range', field: 'pageSize', facts: { max: `${pageSizeMax}` } });
  const pageSize = request.pageSize || pageSizeUsual;
  const hours = [hourOf(fromUs), untilUs === 0n ? HOUR_MAX : hourOf(untilUs + HOUR_US - 1n)];
  const rows = await sql.query<EntryRow>(pageSql, [list, afterSubject, subject, withDelisted, ...hours, pageSize + 1]);
  const page = rows.slice(0, pageSize);
  return ok({ entries: page.map((row) => entryOf(list, row)), nextAfterSubject: rows.length > pageSize ? (page.at(-1)?.subject ?? '') : '' });
}

function hourOf(us: bigint): bigint {
  const hour = us / HOUR_US;
  return hour > HOUR_MAX ? HOUR_MAX : hour;
}

function entryOf(list: string, row: EntryRow) {
  return {
    list,
    ...(row.is_country ? { country: row.subject } : { prefix: row.subject }),
    prefixCount: row.prefixes === '' ? 0 : row.prefixes.split(',').length,
    ...{ reason: row.reason, listed: row.listed, listedAtUs: row.listed_us, listedBy: row.listed_by },
    ...{ delistedAtUs: row.delisted_us ?? 0n, delistedBy: row.delisted_by ?? '' },
    ...{ stoppedCount: row.stopped ?? 0n, passedCount: row.passed ?? 0n, lastHitAtUs: row.last_hit_at_us ?? 0n },
  };
}
