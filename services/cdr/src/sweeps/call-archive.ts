import { create } from '@bufbuild/protobuf';
import { type CallRecord, CallRecordSchema, cdrCsvCells, cdrCsvNames, cdrParquetColumns, cdrParquetElements } from '@tollwire/contracts';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { constants } from 'node:fs';
import { access, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type CallReadRow, repliesOf, selectCalls, selectColumns } from '../api/call-reply.ts';
import type { Sql } from '@tollwire/event-store';
import type { CdrDeps } from '../cdr.deps.ts';
import { unfiled } from '../projections/call-filing.ts';
import { maskedReply } from '../numbers/unmasking.ts';

export const archiveFormats = ['parquet', 'csv'] as const;

/** Where calls are written before they are dropped, and how. */
export interface CallArchive {
  readonly folder: string;
  readonly format: (typeof archiveFormats)[number];
}

/** Calls of one file, which are held in memory while it is written. */
const callsMax = 20_000;
const filesOfSweep = 50;

const placeSql = 'SELECT archived_until AS place, until_day AS until FROM call_aside WHERE first_day = $1 FOR UPDATE SKIP LOCKED';
const pastSql = `${selectColumns} FROM call_past c JOIN voip_switch s ON s.id = c.switch_id WHERE c.filed_day >= $1 AND c.filed_day < $2 AND c.callid > $3 ORDER BY c.callid LIMIT $4`;
const dueSql = `${selectCalls} WHERE c.filed_day = ${unfiled} AND c.started_at_us < $1 ORDER BY c.started_at_us, c.callid LIMIT $2 FOR UPDATE OF c SKIP LOCKED`;

/** Throws, in words for who runs the service, where nothing can be written into the folder. */
export async function checkArchive({ folder }: CallArchive): Promise<void> {
  await access(folder, constants.W_OK | constants.X_OK).catch((error: unknown) => {
    throw new Error(`CALL_ARCHIVE_FOLDER must be a folder that can be written to: ${error instanceof Error ? error.message : String(error)}`);
  });
}

/**
 * Writes the calls of a partition that was set aside into files, in the order in which they were recorded, and notes how far: nobody writes to them any
 * more, so what fails is written again into the same file. A file is on disk under its name before that is noted. Numbers are masked. Instances
 * take turns. Answers whether all are written, so that the partition may go; false where it is too much for one sweep or another instance is at it.
 */
export async function archivePartition({ database }: Pick<CdrDeps, 'database'>, archive: CallArchive, firstDay: number, tell: (count: number) => void): Promise<boolean> {
  for (let file = 0; file < filesOfSweep; file += 1) {
    const count = await database.transaction(async (tx) => {
      const [at] = await tx.query<{ place: bigint; until: number }>(placeSql, [firstDay]);
      if (at === undefined) return undefined;
      const rows = await tx.query<CallReadRow>(pastSql, [firstDay, at.until, at.place, callsMax]);
      const last = await written(tx, archive, rows);
      if (last !== undefined) await tx.query('UPDATE call_aside SET archived_until = $2 WHERE first_day = $1', [firstDay, last.callid]);
      return rows.length;
    });
    if (count === undefined) return false;
    if (count > 0) tell(count);
    if (count < callsMax) return true;
  }
  return false;
}

/**
 * Writes calls that are filed under no day and were set up before an instant into files, the oldest first, and drops those and no others. A file is
 * on disk under its name before its calls go: who fails between writes them again, into the same file where nothing else came. Several
 * instances pass over each other's calls. Tells how many went with each file.
 */
export async function archiveUnfiled({ database }: Pick<CdrDeps, 'database'>, archive: CallArchive, beforeUs: bigint, tell: (count: number) => void): Promise<void> {
  for (let file = 0; file < filesOfSweep; file += 1) {
    const count = await database.transaction(async (tx) => {
      const rows = await tx.query<CallReadRow>(dueSql, [beforeUs, callsMax]);
      if ((await written(tx, archive, rows)) === undefined) return 0;
      const [gone] = await tx.query<{ count: bigint }>('SELECT drop_archived_calls($1::bigint[]) AS count', [rows.map(({ callid }) => callid)]);
      if (gone?.count !== BigInt(rows.length)) throw new Error(`Of ${rows.length} calls that were written ${gone?.count ?? 0n} are old enough to be dropped`);
      return rows.length;
    });
    if (count > 0) tell(count);
    if (count < callsMax) return;
  }
}

/** Writes calls into one file and answers the last of them; none make no file. */
async function written(tx: Sql, archive: CallArchive, rows: readonly CallReadRow[]): Promise<CallReadRow | undefined> {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const calls = (await repliesOf(tx, rows)).map((reply) => create(CallRecordSchema, maskedReply(reply)));
  await writeWhole(archive, nameOf(first, last, archive), await bytesOf(archive, calls));
  return last;
}

/** By the day of the first call, so that files sort by time; ids number rows once and for ever, so no other calls have this name. */
function nameOf(first: CallReadRow, last: CallReadRow, { format }: CallArchive): string {
  return `calls-${new Date(Number(first.started_at_us / 1000n)).toISOString().slice(0, 10)}-${first.callid}-${last.callid}.${format}`;
}

async function bytesOf({ format }: CallArchive, calls: readonly CallRecord[]): Promise<Uint8Array> {
  if (format === 'csv') return Buffer.from([cdrCsvNames.join(','), ...calls.map((call) => cdrCsvCells(call).join(','))].map((line) => `${line}\r\n`).join(''));
  const bytes = new ByteWriter();
  const parquet = new ParquetWriter({ writer: bytes, schema: [{ name: 'cdr', num_children: cdrParquetElements.length }, ...cdrParquetElements], createdBy: 'tollwire' });
  await parquet.write({ columnData: cdrParquetColumns(calls), rowGroupSize: calls.length });
  await parquet.finish();
  return bytes.getBytes();
}

/** On disk, or not there: what has the name is whole. */
async function writeWhole({ folder }: CallArchive, name: string, bytes: Uint8Array): Promise<void> {
  const part = join(folder, `.${name}.${process.pid}.part`);
  const file = await open(part, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, join(folder, name));
  const directory = await open(folder, 'r');
  await directory.sync().finally(() => directory.close());
}
