import type { CdrRow } from '../../services/edge/src/cdr-import/rows.ts';
import type { Api } from '../client/api.ts';
import { type Counts, type Finding, join, noCounts } from './join.ts';
import { ourCalls } from './ours.ts';
import { partCountFor, Spool } from './spool.ts';
import { spoolFile, type TheirFile } from './theirs.ts';

export interface ReconcileOptions {
  readonly rows: () => AsyncIterable<CdrRow>;
  readonly fileBytes: number;
  readonly api: Pick<Api, 'download'>;
  readonly toleranceSec: number;
  /** How far beyond the file's time our calls are looked for. */
  readonly aroundSec: number;
}

export interface Reconciled {
  readonly counts: Counts;
  readonly file: TheirFile;
  /** Calls of ours in the time of the file that still go on, and are in no CDR of the switch. */
  readonly openHere: number;
}

/**
 * Holds a file against our calls: both sides are set aside on disk by their keys, then held against each other part by part, so memory
 * holds one part of each. `tell` is told each finding in no order to rely on. A file without a readable row finds nothing.
 */
export async function reconcile({ rows, fileBytes, api, toleranceSec, aroundSec }: ReconcileOptions, tell: (finding: Finding) => unknown): Promise<Reconciled> {
  const there = new Spool(partCountFor(fileBytes));
  const here = new Spool(there.partCount);
  try {
    const file = await spoolFile(rows(), there);
    const aroundUs = aroundSec * 1_000_000;
    const bounds = { toleranceSec, fromUs: file.firstUs, untilUs: file.lastUs + 1 };
    let openHere = 0;
    for (const switchId of file.switches) {
      for await (const { isOver, ...call } of ourCalls(api, switchId, file.firstUs - aroundUs, file.lastUs + aroundUs + 1)) {
        if (isOver) here.add(call);
        else if (call.startedAtUs >= bounds.fromUs && call.startedAtUs < bounds.untilUs) openHere += 1;
      }
    }
    const counts = noCounts();
    for (const finding of join(here, there, bounds, counts)) tell(finding);
    return { counts, file, openHere };
  } finally {
    here.remove();
    there.remove();
  }
}
