import type { Meter } from '@opentelemetry/api';
import type { RefusalCode } from '@tollwire/contracts';
import { metricNames } from '@tollwire/platform';

/** Counts call events that somebody told: those that are durable now, and the codes of those that were refused. */
export type CountTold = (accepted: number, refused: readonly RefusalCode[]) => void;

/** Counts on a meter: `outcome` is accepted or refused, and a refused one has its `code`. */
export function countTold(meter: Pick<Meter, 'createCounter'>): CountTold {
  const told = meter.createCounter(metricNames.callEvents, { description: 'Call events told over HTTP or by CDR files' });
  return (accepted, refused) => {
    if (accepted > 0) told.add(accepted, { outcome: 'accepted' });
    for (const code of refused) told.add(1, { outcome: 'refused', code });
  };
}
