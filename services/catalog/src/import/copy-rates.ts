import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { withPauses } from '../in-slices.ts';
import { COPY_BATCH_RATES, type CopySource, copyStatement, copyText } from './rate-tables.ts';

/** Another request is copying the same import, or has done so; nothing of this batch was kept. */
export class CopyConflict extends Error {
  override readonly name = 'CopyConflict';
}

export interface CopyOptions {
  /** Rows in one transaction. */
  readonly batchRates?: number;
  /** Told after each transaction how many are copied by then. */
  readonly onBatch?: (copiedRates: number) => void;
}

/**
 * Copies a version's rates into their documented table, in short transactions that each note how far they came: whoever
 * goes on after a crash begins where the last one committed. The rows count for nothing until the version is imported.
 * On a connection of its own, because COPY takes a connection whole.
 */
export async function copyRates(
  databaseUrl: string,
  importId: string,
  source: CopySource,
  copiedRates: number,
  { batchRates = COPY_BATCH_RATES, onBatch = () => undefined }: CopyOptions = {},
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'tollwire-catalog-copy', idle_in_transaction_session_timeout: 10_000 });
  // A connection that is lost while nobody waits for it speaks through this; whoever waits next is told.
  client.on('error', () => undefined);
  await client.connect();
  try {
    for (let from = copiedRates; from < source.rates.size; from += batchRates) {
      const until = Math.min(source.rates.size, from + batchRates);
      await copyBatch(client, importId, source, from, until);
      onBatch(until);
    }
  } finally {
    await client.end();
  }
}

async function copyBatch(client: pg.Client, importId: string, source: CopySource, from: number, until: number): Promise<void> {
  await client.query('begin');
  const noted = await client.query(`update deck_import set copied_rates = $3 where import_id = $1 and copied_rates = $2 and status = 'closed'`, [
    importId, from, until,
  ]);
  // Whatever is thrown here ends the connection, and with it the transaction.
  if (noted.rowCount !== 1) throw new CopyConflict(`Another request is copying import ${importId}`);
  await pipeline(Readable.from(withPauses(copyText(source, from, until))), client.query(copyFrom(copyStatement(source))));
  await client.query('commit');
}
