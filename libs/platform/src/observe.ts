import type { Meter } from '@opentelemetry/api';
import { deadLetterCounts, gateAge, outboxBacklog } from '@tollwire/event-store';
import type { AnsweredRequest, BatchConsumer } from '@tollwire/messaging';
import type { Readiness } from './flow.ts';
import { latencyHistogram, metricNames } from './metrics.ts';
import type { Resources } from './resources.ts';

/** Measures, when somebody reads the metrics, what waits in the database: outbox, gate, dead letters. */
export function observeDatabase({ meter, database, service }: Resources): void {
  const pending = meter.createObservableGauge(metricNames.outboxPending, { description: 'Outbox rows not yet acknowledged by the stream' });
  const age = meter.createObservableGauge(metricNames.outboxAge, { description: 'Age of the oldest of them', unit: 's' });
  const gate = meter.createObservableGauge(metricNames.gateAge, { description: 'How long the oldest open write transaction has held readers back', unit: 's' });
  const letters = meter.createObservableGauge(metricNames.deadLetters, { description: 'Events that wait to be re-driven' });
  meter.addBatchObservableCallback(
    async (result) => {
      const [backlog, gateAgeSec, counts] = await Promise.all([outboxBacklog(database), gateAge(database), deadLetterCounts(database)]);
      result.observe(pending, backlog.pendingRows);
      result.observe(age, backlog.oldestAgeSec);
      result.observe(gate, gateAgeSec);
      for (const [reaction, count] of counts) result.observe(letters, count, { consumer: `${service}-${reaction}` });
    },
    [pending, age, gate, letters],
  );
}

/** Reports how each consumer gets on. */
export function observeConsumers(meter: Meter, consumers: readonly BatchConsumer[]): void {
  const lag = meter.createObservableGauge(metricNames.consumerLag, { description: 'Messages that wait for the consumer' });
  const handled = meter.createObservableCounter(metricNames.consumerEvents, { description: 'Events handled' });
  const parked = meter.createObservableCounter(metricNames.consumerParked, { description: 'Events parked as dead letters' });
  const retried = meter.createObservableCounter(metricNames.consumerRetried, { description: 'Batches given back because of a failure that passes' });
  meter.addBatchObservableCallback(
    (result) => {
      for (const [consumer, progress] of progressByName(consumers)) {
        if (progress.lag !== undefined) result.observe(lag, progress.lag, { consumer });
        result.observe(handled, progress.handledEvents, { consumer });
        result.observe(parked, progress.parkedEvents, { consumer });
        result.observe(retried, progress.transientFailures, { consumer });
      }
    },
    [lag, handled, parked, retried],
  );
}

type Observed = Pick<BatchConsumer['progress'], 'handledEvents' | 'parkedEvents' | 'transientFailures' | 'lag'>;

/**
 * How the consumers of each name get on together: what they did adds up; what waits does over the streams that they take from,
 * while those of one stream wait for the same messages.
 */
export function progressByName(consumers: readonly { readonly name: string; readonly stream: string; readonly progress: Observed }[]): Map<string, Observed> {
  return new Map([...Map.groupBy(consumers, ({ name }) => name)].map(([name, alike]) => [name, togetherOf(alike)]));
}

function togetherOf(consumers: readonly { readonly stream: string; readonly progress: Observed }[]): Observed {
  const sum = (count: (progress: Observed) => number) => consumers.reduce((all, { progress }) => all + count(progress), 0);
  const lags = [...Map.groupBy(consumers, ({ stream }) => stream).values()].map((twins) => Math.max(...twins.map(({ progress }) => progress.lag ?? -1)));
  return {
    handledEvents: sum(({ handledEvents }) => handledEvents),
    parkedEvents: sum(({ parkedEvents }) => parkedEvents),
    transientFailures: sum(({ transientFailures }) => transientFailures),
    lag: lags.includes(-1) ? undefined : lags.reduce((all, each) => all + each, 0),
  };
}

/** Shows which version of each deck a service works by; nothing of a service that works by none. */
export function observeVersions(meter: Pick<Meter, 'createObservableGauge'>, readiness: () => Pick<Readiness, 'versions'> | undefined): void {
  const version = meter.createObservableGauge(metricNames.deckVersion, { description: 'The version of each deck that prices and routes are made by' });
  version.addCallback((result) => {
    for (const [deck, number] of Object.entries(readiness()?.versions?.() ?? {})) result.observe(number, { deck });
  });
}

/** Measures requests over the bus, as they were answered here or as they were asked from here. */
export function requestRecorder(meter: Meter, side: 'server' | 'client'): (request: AnsweredRequest) => void {
  const requestSec = latencyHistogram(meter, metricNames.rpc, 'Time from a request over the bus to its answer');
  return ({ service, method, outcome, durationMs }) => requestSec.record(durationMs / 1000, { side, service, method, outcome });
}
