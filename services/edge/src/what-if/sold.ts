import { type Quoted, scheduleOf } from '@tollwire/contracts';
import { exchangeFactor, floor, priceOf, rational, times } from '@tollwire/telecom';

/** What a call sells for, as its route is decided by it, and before tax. */
export interface Sold {
  /** What the call begins with in the currency of its plan, whole nanos down: as authorizing tells it to routing. */
  readonly ratePerMinNanos: bigint;
  readonly currency: string;
  /** Of so many seconds, before tax. */
  readonly netNanos: bigint;
}

/** What a quote says of a call of so many seconds; undefined where it names no amount. */
export function soldOf({ sell }: Pick<Quoted, 'sell'>, durationSec: number): Sold | undefined {
  if (sell?.amount === undefined) return undefined;
  const { amount: { nanos, currency }, ratePerMinNanos } = sell;
  const schedule = sell.schedule === undefined ? undefined : scheduleOf(sell.schedule);
  if (schedule === undefined) return { ratePerMinNanos, currency, netNanos: nanos };
  const { exchange, terms } = schedule;
  return {
    ratePerMinNanos: exchange === undefined ? ratePerMinNanos : floor(times(rational(ratePerMinNanos), exchangeFactor(exchange.rates))),
    currency,
    netNanos: priceOf({ ...schedule, terms: { ...terms, taxPpm: 0 } }, durationSec).amount,
  };
}
