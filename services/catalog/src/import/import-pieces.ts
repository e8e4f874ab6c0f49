import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import type { CodedRefusal } from '@tollwire/contracts';
import type { CatalogDeps } from '../catalog.deps.ts';
import type { RateColumns } from '../domain/rate-columns.ts';
import type { PlanInMemory } from '../number-plan/plan-in-memory.ts';

/** What taking a piece needs. */
export type PieceDeps = Pick<CatalogDeps, 'database' | 'clock'> & { readonly plan: PlanInMemory };

/** A finish holds all rates of a file in memory, some 150 bytes each. */
export const RATES_MAX = 4_000_000;
export const LINES_MAX = 10_000_000;
/** A workbook is in memory, compressed as it is, while it is read. */
export const WORKBOOK_BYTES_MAX = 128 * 1024 * 1024;

export const tooLarge: CodedRefusal = {
  code: 'deck_too_large', field: 'csv',
  facts: { ratesMax: String(RATES_MAX), linesMax: String(LINES_MAX), workbookBytesMax: String(WORKBOOK_BYTES_MAX) },
  detail: `A deck has at most ${RATES_MAX} rates, a text of it ${LINES_MAX} lines, and a workbook ${WORKBOOK_BYTES_MAX} bytes; import it in parts, the later ones as amendments.`,
};

export const movedOn: CodedRefusal = { code: 'concurrent_change', detail: 'Another request moved the import on; ask again.' };

const compressed = promisify(zstdCompress);

/** Rates as they are kept until the import is finished. */
export async function compressedRates(rates: RateColumns): Promise<Buffer> {
  return await compressed(rates.toBytes());
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
