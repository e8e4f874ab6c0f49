import { publicEvents } from '@tollwire/contracts';
import type { Reaction } from '@tollwire/event-store';
import type { CdrDeps } from '../cdr.deps.ts';
import { closedCallCount } from '../projections/count-closed.ts';
import { recordCalls } from './record-calls.ts';

/** Follows calls from set-up to end. */
export function track(deps: CdrDeps): Reaction {
  const countClosed = closedCallCount();
  return {
    name: 'track',
    events: [publicEvents.CallStarted, publicEvents.CallRinging, publicEvents.CallAnswered, publicEvents.CallEnded],
    receipts: 'own',
    batchesAtOnce: 2,
    handle: (tx, events) => recordCalls(deps, tx, events, countClosed),
  };
}

/** Closes calls with what they cost. */
export function close(deps: CdrDeps): Reaction {
  const countClosed = closedCallCount();
  return {
    name: 'close',
    events: [publicEvents.CallRated],
    receipts: 'own',
    batchesAtOnce: 2,
    handle: (tx, events) => recordCalls(deps, tx, events, countClosed),
  };
}
