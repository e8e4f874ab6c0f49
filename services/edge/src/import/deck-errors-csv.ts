import type { ListDeckImportErrorsReply } from '@tollwire/contracts';
import { csvQuoted } from '@tollwire/core';
import type { EdgeAskers } from '../edge.deps.ts';
import { Refused } from '../http/refused.ts';

type Catalog = Pick<EdgeAskers['catalog'], 'listDeckImportErrors'>;
type RowError = ListDeckImportErrorsReply['errors'][number];

const header = 'line,column,code,value,what to do\n';

/**
 * The bad rows of an import as CSV, a page of them at a time as it is read. Refused, before the first byte, where there
 * is no such import.
 */
export async function deckErrorsCsv(catalog: Catalog, importId: string): Promise<AsyncGenerator<string>> {
  const first = await pageOf(catalog, importId, 0n);
  return pages(catalog, importId, first);
}

async function* pages(catalog: Catalog, importId: string, first: readonly RowError[]): AsyncGenerator<string> {
  yield header;
  for (let page = first; page.length > 0; page = await pageOf(catalog, importId, page.at(-1)?.line ?? 0n)) yield page.map(rowOf).join('');
}

async function pageOf(catalog: Catalog, importId: string, afterLine: bigint): Promise<readonly RowError[]> {
  const answer = await catalog.listDeckImportErrors({ importId, afterLine });
  if (!answer.ok) throw new Refused(answer.refusal);
  return answer.value.errors;
}

function rowOf({ line, column, code, value, advice }: RowError): string {
  return `${[String(line), column, code, harmless(value), advice].map(csvQuoted).join(',')}\n`;
}

/** Spreadsheets take what begins so for a formula, and a carrier's file could hold one for whoever opens the errors. */
function harmless(value: string): string {
  return /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
}
