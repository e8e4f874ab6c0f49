import { callKey, type CodedRefusal, type PublicEvent } from '@tollwire/contracts';
import type { Clock, Result } from '@tollwire/core';
import type { CdrRow } from '../cdr-import/rows.ts';
import { problemOf } from '../http/problem.ts';
import { nonsenseIn } from '../journal/call-event.sense.ts';
import { type CallJournal, publicCallEvent } from '../journal/journal.ts';
import type { NumberReader } from '../numbers/number-reader.ts';
import type { CountTold } from '../journal/told.ts';
import type { ImportedFile, RefusedRow, RowErrors } from './row-errors.ts';

/** What an import writes to. */
export interface CdrImportDeps {
  readonly journal: Pick<CallJournal, 'append'>;
  readonly countTold: CountTold;
  readonly rowErrors: Pick<RowErrors, 'keep'>;
  readonly clock: Clock;
  readonly numbers: Pick<NumberReader, 'read'>;
}

interface Taken {
  readonly row: CdrRow;
  readonly result: Result<{ event: PublicEvent; key: string }, CodedRefusal>;
}

/** Rows that become durable together: one commit for many, and an answer soon enough to watch. */
const rowsPerCommit = 500;

/**
 * Journals the calls of a file and tells of each row, in the order of the file, as lines of JSON: only after the row
 * is durable, accepted or kept among the refused. The last line counts them; without it the import did not end, and
 * may be sent again as a whole, because a call that is told again is the same call.
 */
export async function* importCdrs(deps: CdrImportDeps, file: ImportedFile, rows: AsyncIterable<CdrRow>): AsyncGenerator<string> {
  let accepted = 0;
  let refused = 0;
  for await (const batch of batched(rows, rowsPerCommit)) {
    const taken = batch.map((row): Taken => ({ row, result: eventOf(row, deps) }));
    const failure = await keep(deps, file, taken);
    if (failure !== undefined) {
      yield lineOf({ failed: true, accepted, refused, problem: problemOf(failure) });
      return;
    }
    for (const { row, result } of taken) {
      if (result.ok) accepted += 1;
      else refused += 1;
      yield lineOf({ line: row.line, ...(result.ok ? { accepted: true, call: result.value.key } : { accepted: false, ...result.refusal }) });
    }
  }
  yield lineOf({ done: true, importId: file.importId, accepted, refused });
}

function eventOf({ call }: CdrRow, { clock, numbers }: Pick<CdrImportDeps, 'clock' | 'numbers'>): Taken['result'] {
  if (!call.ok) return call;
  numbers.read({ switchId: call.value.call?.switchId ?? '', trunk: call.value.trunk }, call.value);
  const refusal = nonsenseIn(call.value, clock.nowUs());
  if (refusal !== undefined) return { ok: false, refusal };
  return { ok: true, value: { event: publicCallEvent(call.value, undefined), key: callKey(call.value.call) } };
}

async function keep({ journal, rowErrors, countTold }: CdrImportDeps, file: ImportedFile, taken: readonly Taken[]): Promise<CodedRefusal | undefined> {
  const bad = taken.flatMap(({ row, result }): RefusedRow[] => (result.ok ? [] : [{ line: row.line, refusal: result.refusal, rowText: row.rowText }]));
  await rowErrors.keep(file, bad);
  const good = taken.flatMap(({ result }) => (result.ok ? [result.value.event] : []));
  const journalled = await journal.append(good);
  const lost = journalled.ok ? [] : good.map(() => journalled.refusal.code);
  countTold(good.length - lost.length, [...lost, ...bad.map(({ refusal }) => refusal.code)]);
  return journalled.ok ? undefined : journalled.refusal;
}

async function* batched<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function lineOf(result: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(result)}\n`;
}
