import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, ListUnmaskingsReplySchema, ListUnmaskingsRequest } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';

const pageSizeMax = 1000;
const pageSizeUsual = 100;

interface UnmaskingRow {
  readonly id: bigint;
  readonly at_us: bigint;
  readonly shown_to: string;
  readonly reason: string;
  readonly what: string;
  readonly question: string | null;
  readonly calls: string[];
}

/** To whom numbers were shown whole, when, why and of which calls; the newest first, by person or by call. */
export async function listUnmaskings(sql: Sql, { by, callKey, pageSize, beforeId }: ListUnmaskingsRequest): Promise<Result<MessageInitShape<typeof ListUnmaskingsReplySchema>, CodedRefusal>> {
  if (pageSize > pageSizeMax) return refuse({ code: 'field_out_of_range', field: 'pageSize', facts: { max: `${pageSizeMax}` } });
  for (const [field, text] of Object.entries({ by, callKey })) if (text.includes('\0')) return refuse({ code: 'field_malformed', field });
  const conditions: string[] = [];
  const params: unknown[] = [];
  const add = (condition: (parameter: string) => string, value: unknown): void => {
    params.push(value);
    conditions.push(condition(`$${params.length}`));
  };
  if (by !== '') add((p) => `shown_to = ${p}`, by);
  if (callKey !== '') add((p) => `calls @> ARRAY[${p}::text]`, callKey);
  if (beforeId !== 0n) add((p) => `id < ${p}`, beforeId);
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const rows = await sql.query<UnmaskingRow>(
    `SELECT id, at_us, shown_to, reason, what, question::text, calls FROM unmasking ${where} ORDER BY id DESC LIMIT $${params.length + 1}`,
    [...params, pageSize || pageSizeUsual],
  );
  return ok({ unmaskings: rows.map(({ at_us: atUs, shown_to: shownTo, question, ...row }) => ({ ...row, atUs, by: shownTo, question: question ?? '' })) });
}
