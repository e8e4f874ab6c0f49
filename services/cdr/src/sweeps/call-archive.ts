import { create } from '@bufbuild/protobuf';
import { type CallRecord, CallRecordSchema, cdrCsvCells, cdrCsvNames, cdrParquetColumns, cdrParquetElements } from '@tollwire/contracts';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { constants } from 'node:fs';
import { access, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type CallReadRow, repliesOf, selectCalls } from '../api/call-reply.ts';
import type { CdrDeps } from '../cdr.deps.ts';
import { maskedReply } from '../numbers/unmasking.ts';

export const archiveFormats = ['parquet', 'csv'] as const;

/** Where calls are written before they are dropped, and how. */
export interface CallArchive {
  readonly folder: string;
  readonly format: (typeof archiveFormats)[number];
}

/** Calls of one file, which are held in memory and locked while it is written. */
const callsMax = 20_000;
const filesOfSweep = 50;

const dueSql = `${selectCalls} WHERE c.started_at_us < $1 ORDER BY c.started_at_us, c.callid LIMIT $2 FOR UPDATE OF c SKIP LOCKED`;

/** Throws, in words for who runs the service, where nothing can be written into the folder. */
export async function checkArchive({ folder }: CallArchive): Promise<void> {
  await access(folder, constants.W_OK | constants.X_OK).catch((error: unknown) => {
    throw new Error(`CALL_ARCHIVE_FOLDER must be a folder that can be written to: ${error instanceof Error ? error.message : String(error)}`);
  });
}

/**
 * Writes calls that were set up before an instant into files, the oldest first, and drops those and no others. A file is on disk under its
 * name before its calls go: who fails between writes them again, into the same file where nothing else came. Numbers are masked. Several
 * instances pass over each other's calls. Tells how many went with each file.
 */
export async function archiveCalls({ database }: Pick<CdrDeps, 'database'>, archive: CallArchive, beforeUs: bigint, tell: (count: number) => void): Promise<void> {
  for (let file = 0; file < filesOfSweep; file += 1) {
    const count = await database.transaction(async (tx) => {
      const rows = await tx.query<CallReadRow>(dueSql, [beforeUs, callsMax]);
      const [first, last] = [rows[0], rows.at(-1)];
      if (first === undefined || last === undefined) return 0;
      const calls = (await repliesOf(tx, rows)).map((reply) => create(CallRecordSchema, maskedReply(reply)));
      await writeWhole(archive, nameOf(first, last, archive), await bytesOf(archive, calls));
      const [gone] = await tx.query<{ count: bigint }>('SELECT drop_archived_calls($1::bigint[]) AS count', [rows.map(({ callid }) => callid)]);
      if (gone?.count !== BigInt(rows.length)) throw new Error(`Of ${rows.length} calls that were written ${gone?.count ?? 0n} are old enough to be dropped`);
      return rows.length;
    });
    if (count > 0) tell(count);
    if (count < callsMax) return;
  }
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
