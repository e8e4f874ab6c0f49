import { formatNanos } from './money.ts';
import { formatRational, rational } from './rational.ts';
import { billedSec, charge, exactCharge } from './rate.ts';
import type { RateTerms } from './rate.ts';
import type { Rounding } from './rounding.ts';

const MODE_NAMES = { up: 'up', down: 'down', half_up: 'half up' } as const;

/**
 * How `charge` comes to its answer, one step a line: seconds to billed seconds, the exact price, the connect fee and
 * the one rounding. `currency` is put behind amounts where it is given.
 */
export function explainCharge(durationSec: number, terms: RateTerms, rounding: Rounding, currency = ''): string[] {
  const unit = currency === '' ? '' : ` ${currency}`;
  const rate = `rate ${formatNanos(terms.ratePerMinNanos)}${unit}/min, increments ${terms.initialIncrementSec}/${terms.incrementSec} s`;
  if (durationSec <= 0) return [rate, `0 s of conversation cost 0${unit}`];
  const billed = billedSec(durationSec, terms);
  const talk = exactCharge(billed, { ...terms, connectFeeNanos: 0n });
  const total = exactCharge(billed, terms);
  return [
    rate,
    billedLine(durationSec, billed, terms),
    `${billed} s × ${formatNanos(terms.ratePerMinNanos)}/min ÷ 60 = ${inUnits(talk.num, talk.den)}${unit}`,
    ...(terms.connectFeeNanos === 0n
      ? []
      : [`+ connect fee ${formatNanos(terms.connectFeeNanos)} = ${inUnits(total.num, total.den)}${unit}`]),
    `rounded ${MODE_NAMES[rounding.mode]} to ${rounding.decimals} decimals = ${formatNanos(charge(durationSec, terms, rounding))}${unit}`,
  ];
}

function billedLine(durationSec: number, billed: number, terms: RateTerms): string {
  const { initialIncrementSec: initial, incrementSec: increment } = terms;
  const increments = (billed - initial) / increment;
  const first = initial === 0 ? [] : [`first block ${initial} s`];
  const after = increments === 0 ? [] : [`${increments} × ${increment} s`];
  return `${durationSec} s are billed as ${billed} s: ${[...first, ...after].join(' + ')}`;
}

function inUnits(num: bigint, den: bigint): string {
  return formatRational(rational(num, den * 1_000_000_000n));
}
