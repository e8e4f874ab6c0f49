import type { KeyedRow } from '../projections/call-table.ts';
import type { CdrBed } from '../spec-bed.ts';
import { NumberKeys } from './number-keys.ts';
import { opened } from './sealed-calls.ts';

/** Calls with their numbers, as a statement finds them; without the nonce, of which each writing has another. */
export async function openCalls<Row extends KeyedRow>({ database, clock }: Pick<CdrBed, 'database' | 'clock'>, statement = 'SELECT * FROM call ORDER BY uniqueid, switch_id, leg'): Promise<Row[]> {
  const rows = await opened(database, new NumberKeys(clock), await database.query<Row>(statement));
  return rows.map((row) => ({ ...row, numbers_nonce: null }));
}
