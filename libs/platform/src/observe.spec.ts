import { describe, expect, it } from '@jest/globals';
import type { ObservableCallback, ObservableResult } from '@opentelemetry/api';
import { observeVersions, progressByName } from './observe.ts';

const consumer = (name: string, stream: string, lag: number | undefined, handledEvents = 0) => ({ name, stream, progress: { handledEvents, parkedEvents: 1, transientFailures: 0, lag } });

describe('the progress of consumers', () => {
  it('adds up what those of one name did, and what waits in their streams, once for each stream', () => {
    const progress = progressByName([
      consumer('cdr-track', 'EDGE', 7, 10), consumer('cdr-track', 'EDGE', 5, 20),
      consumer('cdr-watch', 'EDGE', 1), consumer('cdr-watch', 'CARD', 2),
      consumer('cdr-close', 'RATING', 0),
    ]);
    expect([...progress].map(([name, { lag, handledEvents, parkedEvents }]) => [name, lag, handledEvents, parkedEvents])).toEqual([
      ['cdr-track', 7, 30, 2], ['cdr-watch', 3, 0, 2], ['cdr-close', 0, 0, 1],
    ]);
  });

  it('does not say how much waits before every stream has told', () => {
    expect(progressByName([consumer('cdr-watch', 'EDGE', undefined), consumer('cdr-watch', 'CARD', 2)]).get('cdr-watch')?.lag).toBeUndefined();
    expect(progressByName([consumer('cdr-track', 'EDGE', undefined), consumer('cdr-track', 'EDGE', 4)]).get('cdr-track')?.lag).toBe(4);
  });
});

/** A meter, and what its gauges show when somebody reads them. */
function gauges() {
  const shown: ((result: ObservableResult) => void)[] = [];
  const createObservableGauge = (name: string) => ({
    addCallback: (show: ObservableCallback) => void shown.push((result) => void show({ observe: (value, labels) => result.observe(value, { name, ...labels }) })),
    removeCallback: () => undefined,
  });
  const observed = (): string[] => {
    const read: string[] = [];
    for (const show of shown) show({ observe: (value, { name, deck } = {}) => void read.push(`${String(name)} ${String(deck)} is ${value}`) });
    return read;
  };
  return { observed, meter: { createObservableGauge } };
}

describe('the versions of decks', () => {
  it.each([
    ['a service that works by some', { versions: () => ({ 'tariff:3': 2, 'carrier:7': 11 }) }, ['tariff:3 is 2', 'carrier:7 is 11']],
    ['a service that works by none', {}, []],
    ['a service that says nothing of itself', undefined, []],
  ])('are a gauge for each deck: %s', (_what, readiness, told) => {
    const { observed, meter } = gauges();
    observeVersions(meter, () => readiness);
    expect(observed()).toEqual(told.map((each) => `tollwire_deck_version ${each}`));
  });
});
