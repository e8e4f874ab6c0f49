import { type Difference, differences, talkSecOf } from './compare.ts';
import type { Spool, SpooledCall } from './spool.ts';

/** What became of a call of either side. */
export type Finding =
  | { readonly found: 'missing_here'; readonly call: string; readonly line: number; readonly startedAtUs: number; readonly talkSec: number }
  | { readonly found: 'missing_there'; readonly call: string; readonly startedAtUs: number; readonly talkSec: number }
  | { readonly found: 'different'; readonly call: string; readonly line: number; readonly differences: readonly Difference[] }
  | { readonly found: 'told_twice'; readonly call: string; readonly line: number; readonly firstLine: number };

export interface Counts {
  matched: number;
  missingHere: number;
  missingThere: number;
  different: number;
  /** Rows of the file that say otherwise of a call than a row before. */
  toldTwice: number;
  /** Seconds of conversation of all calls that were compared or missing. */
  talkSecHere: number;
  talkSecThere: number;
}

export const noCounts = (): Counts => ({ matched: 0, missingHere: 0, missingThere: 0, different: 0, toldTwice: 0, talkSecHere: 0, talkSecThere: 0 });

/** How the sides are held against each other. */
export interface Bounds {
  readonly toleranceSec: number;
  /** Calls of ours that started outside are only compared, never missed there: [from, until). */
  readonly fromUs: number;
  readonly untilUs: number;
}

/** Holds the two sides against each other, part by part; counts are kept on the way. */
export function* join(here: Spool, there: Spool, bounds: Bounds, counts: Counts): Generator<Finding> {
  for (let part = 0; part < there.partCount; part += 1) yield* joinPart(new Map(here.part(part).map((call) => [call.key, call])), there.part(part), bounds, counts);
}

function* joinPart(ours: Map<string, SpooledCall>, theirs: readonly SpooledCall[], bounds: Bounds, counts: Counts): Generator<Finding> {
  const seen = new Map<string, SpooledCall>();
  for (const their of theirs) {
    const { key: call, line } = their;
    const first = seen.get(call);
    if (first !== undefined) {
      if (differences(first, their, 0).length === 0) continue;
      counts.toldTwice += 1;
      yield { found: 'told_twice', call, line, firstLine: first.line };
      continue;
    }
    seen.set(call, their);
    yield* judged(ours.get(call), their, bounds, counts);
  }
  for (const our of ours.values()) {
    const { key: call, startedAtUs } = our;
    if (seen.has(call) || startedAtUs < bounds.fromUs || startedAtUs >= bounds.untilUs) continue;
    counts.missingThere += 1;
    counts.talkSecHere += talkSecOf(our);
    yield { found: 'missing_there', call, startedAtUs, talkSec: talkSecOf(our) };
  }
}

function* judged(our: SpooledCall | undefined, their: SpooledCall, { toleranceSec }: Bounds, counts: Counts): Generator<Finding> {
  const { key: call, line, startedAtUs } = their;
  counts.talkSecThere += talkSecOf(their);
  if (our === undefined) {
    counts.missingHere += 1;
    yield { found: 'missing_here', call, line, startedAtUs, talkSec: talkSecOf(their) };
    return;
  }
  counts.talkSecHere += talkSecOf(our);
  const found = differences(our, their, toleranceSec);
  if (found.length === 0) counts.matched += 1;
  else {
    counts.different += 1;
    yield { found: 'different', call, line, differences: found };
  }
}
