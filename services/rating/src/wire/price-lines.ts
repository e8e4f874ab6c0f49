import type { MessageInitShape } from '@bufbuild/protobuf';
import { type PriceLineSchema, usedRateMessageOf } from '@tollwire/contracts';
import { unreachable } from '@tollwire/core';
import { attemptsPrice, derivationOf, formatRational, plainSchedule, type PriceLine, type Rational, rational, type Schedule } from '@tollwire/telecom';
import type { RatedSide } from '../domain/price-at.ts';

type PriceLineInit = MessageInitShape<typeof PriceLineSchema>;

/** A call, as far as the derivation of its price depends on it. */
export interface Talked {
  readonly answered: boolean;
  readonly durationSec: number;
}

/**
 * How the price of a side came about, as messages tell it, worked out again from its facts: of a conversation each step of it, and what
 * attempts that failed came to. None of a price that follows from no rate.
 */
export function priceLinesOf({ derivation }: Pick<RatedSide, 'derivation'>, { answered, durationSec }: Talked): PriceLineInit[] {
  if (derivation === undefined) return [];
  const { terms, rounding, freeSec, failedAttemptCount } = derivation;
  const schedule = derivation.schedule ?? plainSchedule(terms, rounding);
  const talk = answered ? derivationOf(schedule, durationSec, freeSec).map(messageOf) : [];
  return [...talk, ...attemptsLine(schedule, failedAttemptCount)];
}

function attemptsLine(schedule: Schedule, count: number): PriceLineInit[] {
  if (count === 0 || schedule.terms.attemptFeeNanos === 0n) return [];
  return [{ line: { case: 'attempts', value: { count, feeNanos: schedule.terms.attemptFeeNanos, amountNanos: attemptsPrice(schedule, count) } } }];
}

function messageOf(line: PriceLine): PriceLineInit {
  const sum = 'sum' in line ? exactText(line.sum) : '';
  switch (line.kind) {
    case 'duration':
      return { line: { case: 'duration', value: { ...line, rules: line.rules.map(({ rule }) => rule) } } };
    case 'rate':
      return { line: { case: 'rate', value: { ...line, exact: exactText(line.exact) } }, sum };
    case 'fee':
      return { line: { case: 'fee', value: { fee: line.fee, count: line.count, amountNanos: line.nanos } }, sum };
    case 'exchange':
      return { line: { case: 'exchange', value: { rates: line.rates.map(usedRateMessageOf), exact: exactText(line.exact) } }, sum };
    case 'limit':
      return { line: { case: 'limit', value: { limit: line.limit, amountNanos: line.nanos, ofRate: line.isForeign } }, sum };
    case 'tax':
      return { line: { case: 'tax', value: { taxPercent: formatRational(rational(BigInt(line.taxPpm), 10_000n)) } }, sum };
    case 'rounding':
      return { line: { case: 'rounding', value: { ...line.rounding, amountNanos: line.amount } } };
    default:
      return unreachable(line);
  }
}

function exactText({ num, den }: Rational): string {
  return formatRational(rational(num, den * 1_000_000_000n));
}
