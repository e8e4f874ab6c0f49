import { callKey, type CodedRefusal, type PublicEvent } from '@tollwire/contracts';
import type { Clock, Result } from '@tollwire/core';
import type { CdrRow } from '../cdr-import/rows.ts';
import { problemOf } from '../http/problem.ts';
import { nonsenseIn } from '../journal/call-event.sense.ts';
import { publicCallEvent } from '../journal/journal.ts';
import { asJournalled, type KnownSwitches, strangerIn } from '../journal/switch-book.ts';
import type { NumberReader } from '../numbers/number-reader.ts';
import type { CountTold } from '../journal/told.ts';
import type { ImportQueue } from './import-queue.ts';
import { overlapped } from './overlapped.ts';
import type { ImportedFile, RefusedRow, RowErrors } from './row-errors.ts';
import { misfitIn } from './row-limits.ts';

/** What an import writes to. */
export interface CdrImportDeps {
  readonly importQueue: Pick<ImportQueue, 'append'>;
  readonly countTold: CountTold;
  readonly rowErrors: Pick<RowErrors, 'keep'>;
  readonly clock: Clock;
  /** What is known of switches as the file begins. */
  readonly switches: KnownSwitches;
  readonly numbers: Pick<NumberReader, 'read'>;
}

interface Taken {
  readonly row: CdrRow;
  readonly result: Result<{ event: PublicEvent; key: string }, CodedRefusal>;
}

/** Rows that become durable together at most: one commit for many, and an answer soon enough to watch. */
const rowsPerCommit = 2_000;

/**
 * Queues the calls of a file and tells of each row, in the order of the file, as lines of JSON, those of a commit together: only after the row
 * is durable, accepted or kept among the refused. The next rows are read while a commit is under way. The last line counts them; without it the
 * import did not end, and may be sent again as a whole, because a call that is told again is the same call.
 */
export async function* importCdrs(deps: CdrImportDeps, file: ImportedFile, rows: AsyncIterable<readonly CdrRow[]>): AsyncGenerator<string> {
  let accepted = 0;
  let refused = 0;
  for await (const { taken, failure } of overlapped(rows, rowsPerCommit, (batch) => keep(deps, file, batch))) {
    if (failure !== undefined) {
      yield lineOf({ failed: true, accepted, refused, problem: problemOf(failure) });
      return;
    }
    for (const { result } of taken) {
      if (result.ok) accepted += 1;
      else refused += 1;
    }
    yield taken.map(rowLine).join('');
  }
  yield lineOf({ done: true, importId: file.importId, accepted, refused });
}

function eventOf({ call }: CdrRow, { clock, switches, numbers }: CdrImportDeps): Taken['result'] {
  if (!call.ok) return call;
  asJournalled(call.value, switches);
  numbers.read({ switchId: call.value.call?.switchId ?? '', trunk: call.value.trunk }, call.value);
  const refusal = misfitIn(call.value) ?? strangerIn(switches, call.value.call?.switchId ?? '') ?? nonsenseIn(call.value, clock.nowUs());
  if (refusal !== undefined) return { ok: false, refusal };
  return { ok: true, value: { event: publicCallEvent(call.value, undefined), key: callKey(call.value.call) } };
}

async function keep(deps: CdrImportDeps, file: ImportedFile, rows: readonly CdrRow[]): Promise<{ taken: readonly Taken[]; failure: CodedRefusal | undefined }> {
  const { importQueue, rowErrors, countTold } = deps;
  const taken = rows.map((row): Taken => ({ row, result: eventOf(row, deps) }));
  const bad = taken.flatMap(({ row, result }): RefusedRow[] => (result.ok ? [] : [{ line: row.line, refusal: result.refusal, rowText: row.rowText }]));
  await rowErrors.keep(file, bad);
  const good = taken.flatMap(({ result }) => (result.ok ? [result.value.event] : []));
  const queued = await importQueue.append(good);
  const lost = queued.ok ? [] : good.map(() => queued.refusal.code);
  countTold(good.length - lost.length, [...lost, ...bad.map(({ refusal }) => refusal.code)]);
  return { taken, failure: queued.ok ? undefined : queued.refusal };
}

function rowLine({ row: { line }, result }: Taken): string {
  return result.ok ? `{"line":${line},"accepted":true,"call":${JSON.stringify(result.value.key)}}\n` : lineOf({ line, accepted: false, ...result.refusal });
}

function lineOf(result: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(result)}\n`;
}
