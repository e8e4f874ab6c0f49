import type { MessageInitShape } from '@bufbuild/protobuf';
import { type PriceScheduleSchema, type Quoted, type RatedSide, scheduleMessageOf, scheduleOfSide } from '@tollwire/contracts';
import { exchangeFactor, floor, isBySecond, priceOf, rational, type Schedule, times } from '@tollwire/telecom';

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
  return sell === undefined ? undefined : soldBy(sell, durationSec);
}

function soldBy(side: RatedSide, durationSec: number): Sold | undefined {
  const { amount, ratePerMinNanos, schedule: stated } = side;
  if (amount === undefined) return undefined;
  const { nanos, currency } = amount;
  const schedule = stated === undefined ? undefined : scheduleOfSide(side);
  if (schedule === undefined) return { ratePerMinNanos, currency, netNanos: nanos };
  const { exchange, terms } = schedule;
  return {
    ratePerMinNanos: exchange === undefined ? ratePerMinNanos : floor(times(rational(ratePerMinNanos), exchangeFactor(exchange.rates))),
    currency,
    netNanos: priceOf({ ...schedule, terms: { ...terms, taxPpm: 0 } }, durationSec).amount,
  };
}

/** What routing measures losses by: the price beyond the rate by the second, and over each carrier where the plan sells by the carrier. */
export interface SaleTerms {
  readonly sellSchedule?: ScheduleMessage;
  readonly sellRoundingDecimals: number;
  readonly sellRoundingMode: string;
  readonly sales: CarrierSale[];
}

/** What a call sells for over a carrier; an empty code: over all others. */
interface CarrierSale {
  readonly carrierCode: string;
  readonly unsold: boolean;
  readonly ratePerMinNanos: bigint;
  readonly nanos: bigint;
  readonly schedule?: ScheduleMessage;
}

type ScheduleMessage = MessageInitShape<typeof PriceScheduleSchema>;

/** The terms of a quote, as authorizing hands them to routing; `nanos` of a sale is the price of so many seconds before tax. */
export function saleTermsOf({ sell, byCarrier }: Pick<Quoted, 'sell' | 'byCarrier'>, durationSec: number): SaleTerms {
  const sales = byCarrier.map(({ carrierCode, result }): CarrierSale => {
    const sold = result.case === 'sell' ? soldBy(result.value, durationSec) : undefined;
    if (result.case !== 'sell' || sold === undefined) return { carrierCode, unsold: true, ratePerMinNanos: 0n, nanos: 0n };
    const schedule = beyondRate(scheduleOfSide(result.value));
    return { carrierCode, unsold: false, ratePerMinNanos: sold.ratePerMinNanos, nanos: sold.netNanos, ...(schedule === undefined ? {} : { schedule }) };
  });
  const schedule = sell === undefined ? undefined : beyondRate(scheduleOfSide(sell));
  return {
    sellRoundingDecimals: sell?.roundingDecimals ?? 0, sellRoundingMode: sell?.roundingMode ?? '', sales, ...(schedule === undefined ? {} : { sellSchedule: schedule }),
  };
}

function beyondRate(schedule: Schedule | undefined): ScheduleMessage | undefined {
  return schedule === undefined || isBySecond(schedule) ? undefined : scheduleMessageOf(schedule);
}
