import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, SnapshotListsReplySchema, SnapshotListsRequest } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';

const ENTRIES_MAX = 10_000;
/** Of prefixes in one answer; below the megabyte that a message of the bus may have. */
const TEXT_BYTES_MAX = 400_000;

// The running sum cuts a page where its prefixes grow too many; one entry is always in it.
const pageSql = `
  SELECT list, subject, is_country AS "isCountry", prefixes, revision FROM (
    SELECT *, sum(length(prefixes) + 24) OVER (ORDER BY list, subject) - length(prefixes) AS before FROM (
      SELECT * FROM list_entry WHERE (list, subject) > ($1, $2) ORDER BY list, subject LIMIT ${ENTRIES_MAX}) e) s
  WHERE before < ${TEXT_BYTES_MAX} ORDER BY list, subject`;

const moreSql = 'SELECT 1 FROM list_entry WHERE (list, subject) > ($1, $2) LIMIT 1';

interface KeptRow {
  readonly list: string;
  readonly subject: string;
  readonly isCountry: boolean;
  readonly prefixes: string;
  readonly revision: number;
}

/** A page of every entry that there is or was, with what it stands for. */
export async function snapshotLists(sql: Sql, { afterList, afterSubject }: SnapshotListsRequest): Promise<Result<MessageInitShape<typeof SnapshotListsReplySchema>, CodedRefusal>> {
  if (`${afterList}${afterSubject}`.includes('\0')) return refuse({ code: 'field_malformed', field: 'afterSubject' });
  const rows = await sql.query<KeptRow>(pageSql, [afterList, afterSubject]);
  const last = rows.at(-1);
  const more = last !== undefined && (await sql.query(moreSql, [last.list, last.subject])).length > 0;
  return ok({ entries: rows.map(({ prefixes, ...row }) => ({ ...row, prefixes: prefixes === '' ? [] : prefixes.split(',') })), more });
}
