import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, ListHighRiskRangesReplySchema, ListHighRiskRangesRequest, SetHighRiskRangesRequest } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { CdrDeps } from '../cdr.deps.ts';

const rangesMax = 10_000;
const noteMax = 200;
const pageMax = 1_000;
const prefixForm = /^[1-9]\d{0,14}$/;

const addSql = `
  INSERT INTO fraud_range (prefix, note, added_at_us, added_by)
  SELECT DISTINCT ON (prefix) prefix, note, $3::bigint, $4::text FROM unnest($1::text[], $2::text[]) AS r (prefix, note) ORDER BY prefix
  ON CONFLICT (prefix) DO NOTHING RETURNING 1`;
const removeSql = 'DELETE FROM fraud_range WHERE prefix = ANY($1::text[]) RETURNING 1';

/** Adds ranges, or takes them away; what is so already changes nothing. All or, where one cannot be read, none. */
export async function setHighRiskRanges(
  { database, clock }: Pick<CdrDeps, 'database' | 'clock'>,
  { ranges, remove, by }: SetHighRiskRangesRequest,
): Promise<Result<{ changedCount: number }, CodedRefusal>> {
  if (ranges.length > rangesMax) return refuse({ code: 'too_many_items', field: 'ranges', detail: `Give at most ${rangesMax} at once.` });
  const bad = ranges.findIndex(({ prefix, note }) => !prefixForm.test(prefix) || note.length > noteMax || /[\u0000-\u001f\u007f]/.test(note));
  const detail = `A range is 1 to 15 digits that do not start with 0, with a note of at most ${noteMax} printable characters.`;
  if (bad !== -1) return refuse({ code: 'field_malformed', field: `ranges[${bad}]`, detail });
  return await database.transaction(async (tx) => {
    const prefixes = ranges.map(({ prefix }) => prefix);
    const changed = remove ? await tx.query(removeSql, [prefixes]) : await tx.query(addSql, [prefixes, ranges.map(({ note }) => note), clock.nowUs(), by]);
    if (changed.length > 0) await tx.query('UPDATE fraud_revision SET revision = revision + 1');
    return ok({ changedCount: changed.length });
  });
}

const pageSql = `
  SELECT prefix, note, added_at_us AS "addedAtUs", added_by AS "addedBy" FROM fraud_range WHERE prefix > $1 ORDER BY prefix LIMIT $2`;

/** A page of the ranges in their order. */
export async function listHighRiskRanges(sql: Sql, { afterPrefix, pageSize }: ListHighRiskRangesRequest): Promise<Result<MessageInitShape<typeof ListHighRiskRangesReplySchema>, CodedRefusal>> {
  if (!/^\d{0,15}$/.test(afterPrefix)) return refuse({ code: 'field_malformed', field: 'afterPrefix' });
  if (pageSize > pageMax) return refuse({ code: 'field_out_of_range', field: 'pageSize', facts: { max: `${pageMax}` } });
  const size = pageSize || pageMax;
  const rows = await sql.query<{ prefix: string; note: string; addedAtUs: bigint; addedBy: string }>(pageSql, [afterPrefix, size + 1]);
  return ok({ ranges: rows.slice(0, size), nextAfterPrefix: rows.length > size ? (rows[size - 1]?.prefix ?? '') : '' });
}
