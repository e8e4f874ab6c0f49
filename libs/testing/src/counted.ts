/** One addition to a counter: `tollwire_card_charges_total {"currency":"EUR"} 1`. */
export type Counted = readonly [name: string, labels: unknown, value: number];

/** A meter that keeps what its counters are told, for specs of what is counted. */
export function countingMeter() {
  const counted: Counted[] = [];
  const counter = (name: string) => ({ add: (value: number, labels?: unknown) => void counted.push([name, labels, value]) });
  return { counted, meter: { createCounter: counter, createUpDownCounter: counter } };
}
