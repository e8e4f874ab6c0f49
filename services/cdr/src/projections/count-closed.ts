import { type Meter, metrics } from '@opentelemetry/api';
import { metricNames } from '@tollwire/platform';
import { closedOf } from '../domain/cdr.ts';
import type { Change } from './call-store.ts';

/** Counts calls when they close: what ASR (answered by closed) and ACD (seconds by answered) are made of. */
export function closedCallCount(meter: Pick<Meter, 'createCounter'> = metrics.getMeter('tollwire')): (changes: readonly Change[]) => void {
  const closed = meter.createCounter(metricNames.closedCalls, { description: 'Calls whose CDR was closed' });
  const conversation = meter.createCounter(metricNames.conversationSec, { description: 'Conversation of those that were answered', unit: 's' });
  return (changes) => {
    for (const { before, after } of changes) {
      const now = closedOf(before) === undefined ? closedOf(after) : undefined;
      if (now === undefined) continue;
      const { answeredAtUs, endedAtUs } = now.ended;
      closed.add(1, { answered: answeredAtUs === 0 ? 'no' : 'yes' });
      if (answeredAtUs !== 0) conversation.add((endedAtUs - answeredAtUs) / 1_000_000);
    }
  };
}
