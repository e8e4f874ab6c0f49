import fc from 'fast-check';
import { nanosOf } from '../money.ts';
import type { UsedExchangeRate } from '../exchange-rate.ts';
import type { Rounding } from '../rounding.ts';
import { NO_FURTHER_TERMS } from './schedule.ts';
import type { ChargeTerms, Schedule, Segment, Step } from './schedule.ts';
import { amountTerms, type ScheduleExchange } from './schedule-exchange.ts';

/** Nanos of a decimal amount; a test that writes a malformed one fails. */
export function amount(decimal: string): bigint {
  const read = nanosOf(decimal);
  if (!read.ok) throw new Error(`${decimal} is no amount`);
  return read.value;
}

/** Steps from text: `0:0.10/60:30, 30:0.10/60:6` is from : rate / per : increment; a fee on entry follows after a `+`. */
export function steps(text: string): Step[] {
  return text.split(',').map((part) => {
    const [fromSec = '', rate = '', increment = ''] = part.trim().split(':');
    const [nanos = '', per = '60'] = rate.split('/');
    const [incrementSec = '', fee = '0'] = increment.split('+');
    return { fromSec: Number(fromSec), rateNanos: amount(nanos), perSec: Number(per), incrementSec: Number(incrementSec), entryFeeNanos: amount(fee) };
  });
}

/** A schedule at any time from its steps and whatever else it charges; 4 decimals, half up, unless said otherwise. */
export function scheduleOf(text: string, terms: Partial<ChargeTerms> = {}, rounding: Rounding = { decimals: 9, mode: 'half_up' }): Schedule {
  return { segments: [{ fromSec: 0, window: '', steps: steps(text) }], terms: { ...NO_FURTHER_TERMS, ...terms }, rounding };
}

const amounts = fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 3_000_000_000n }), fc.bigInt({ min: 0n, max: 2n ** 60n }));
const small = fc.oneof({ weight: 2, arbitrary: fc.constant(0n) }, { weight: 1, arbitrary: fc.bigInt({ min: 1n, max: 5_000_000_000n }) });

const step: fc.Arbitrary<Omit<Step, 'fromSec'>> = fc.record({
  rateNanos: amounts, perSec: fc.constantFrom(1, 6, 30, 60, 60, 60, 7, 3600), incrementSec: fc.integer({ min: 1, max: 90 }), entryFeeNanos: small,
});

/** Positions that rise from 0, and what stands at each. */
function rising<T extends object>(what: fc.Arbitrary<T>, gapMax: number, lengthMax: number): fc.Arbitrary<(T & { fromSec: number })[]> {
  const entry = fc.tuple(what, fc.integer({ min: 1, max: gapMax }));
  return fc.array(entry, { minLength: 1, maxLength: lengthMax }).map((entries) => {
    let fromSec = 0;
    return entries.map(([value, gap]) => {
      const placed = { ...value, fromSec };
      fromSec += gap;
      return placed;
    });
  });
}

/** Up to four steps, the first of which begins at 0. */
export const anySteps: fc.Arbitrary<Step[]> = rising(step, 200, 4);

const segments: fc.Arbitrary<Segment[]> = rising(fc.record({ window: fc.constant(''), steps: anySteps }), 400, 3);

export const anyRounding: fc.Arbitrary<Rounding> = fc.record({ decimals: fc.integer({ min: 0, max: 9 }), mode: fc.constantFrom('up', 'down', 'half_up') });

const pulses = fc.record({
  policy: fc.constantFrom('first_pulse' as const, 'incoming_leg' as const),
  startpulseSec: fc.integer({ min: 0, max: 120 }), frequencySec: fc.integer({ min: 1, max: 60 }),
});

export const anyTerms: fc.Arbitrary<ChargeTerms> = fc.record({
  connectFeeNanos: small, disconnectFeeNanos: small, disconnectFeeAfterSec: fc.integer({ min: 0, max: 90 }), attemptFeeNanos: small,
  minChargeNanos: small, minDurationSec: fc.integer({ min: 0, max: 20 }), addedGraceSec: fc.integer({ min: 0, max: 10 }),
  raisedToSec: fc.constantFrom(0, 60), raisedAboveSec: fc.integer({ min: 0, max: 50 }),
  blockFeeNanos: small, blockSec: fc.constantFrom(0, 60, 300),
  maxCost: fc.option(fc.record({ nanos: fc.bigInt({ min: 0n, max: 20_000_000_000n }), strategy: fc.constantFrom('free' as const, 'disconnect' as const) }), { nil: undefined, freq: 3 }),
  taxPpm: fc.constantFrom(0, 0, 230_000, 75_000, 123_456),
  pulses: fc.option(pulses, { nil: undefined, freq: 4 }),
});

const usedRate: fc.Arbitrary<UsedExchangeRate> = fc.record({
  base: fc.constant('EUR'), quote: fc.constant('USD'), numerator: fc.bigInt({ min: 1n, max: 10n ** 6n }), decimals: fc.integer({ min: 0, max: 6 }),
  validFromUs: fc.constant(0), source: fc.constant('ECB'), isInverse: fc.boolean(),
});

const exchange: fc.Arbitrary<ScheduleExchange> = fc.record({ rates: fc.array(usedRate, { minLength: 1, maxLength: 2 }), rateTerms: fc.subarray([...amountTerms]) });

const ofOneCurrency: fc.Arbitrary<Schedule> = fc.record({ segments, terms: anyTerms, rounding: anyRounding });

/** A schedule of a rate in another currency than its plan's. */
export const anyExchanged: fc.Arbitrary<Schedule> = fc.tuple(ofOneCurrency, exchange).map(([schedule, by]) => ({ ...schedule, exchange: by }));

/** Any schedule, of one currency or of two. */
export const anySchedule: fc.Arbitrary<Schedule> = fc.oneof({ weight: 3, arbitrary: ofOneCurrency }, { weight: 1, arbitrary: anyExchanged });
