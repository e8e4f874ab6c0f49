import { type Meter, metrics } from '@opentelemetry/api';
import { metricNames } from '@tollwire/platform/metrics';
import type { RatedRecord } from '../domain/rated-record.ts';

/** Counts calls that were rated, answered or not; those that could not be are counted by code for every consumer. */
export function ratedCallCount(meter: Pick<Meter, 'createCounter'> = metrics.getMeter('tollwire')): (records: readonly Pick<RatedRecord, 'answeredAt'>[]) => void {
  const rated = meter.createCounter(metricNames.ratedCalls, { description: 'Calls that were rated' });
  return (records) => {
    const answered = records.filter(({ answeredAt }) => answeredAt !== undefined).length;
    if (answered > 0) rated.add(answered, { answered: 'yes' });
    if (records.length > answered) rated.add(records.length - answered, { answered: 'no' });
  };
}
