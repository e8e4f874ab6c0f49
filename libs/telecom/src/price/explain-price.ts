import { unreachable } from '@tollwire/core';
import { explainExchange, exchangedFrom } from '../exchange-rate.ts';
import { formatNanos } from '../money.ts';
import { formatRational, rational } from '../rational.ts';
import type { Rational } from '../rational.ts';
import { derivationOf } from './derivation.ts';
import type { DurationRule, PriceLine } from './derivation.ts';
import type { Schedule } from './schedule.ts';

const MODE_NAMES = { up: 'up', down: 'down', half_up: 'half up' } as const;
const FEE_NAMES = { connect: 'connect fee', disconnect: 'disconnect fee', block: 'block fee', step: 'fee on entering the step' } as const;

/** How a price comes about, one step a line, for people. `currency`, the plan's, is put behind amounts where it is given. */
export function explainPrice(schedule: Schedule, durationSec: number, currency = '', allowanceSec = 0): string[] {
  const unit = currency === '' ? '' : ` ${currency}`;
  const lines = derivationOf(schedule, durationSec, allowanceSec);
  const foreign = schedule.exchange === undefined ? unit : ` ${exchangedFrom(schedule.exchange.rates)}`;
  const exchangeAt = lines.findIndex(({ kind }) => kind === 'exchange');
  return lines.map((line, at) => explained(line, at < exchangeAt ? foreign : unit, foreign));
}

/** `foreign` is the currency of the rate, where that is another one than the plan's. */
function explained(line: PriceLine, unit: string, foreign: string): string {
  switch (line.kind) {
    case 'duration':
      return durationLine(line);
    case 'rate':
      return rateLine(line, unit);
    case 'fee':
      return `+ ${line.count > 1 ? `${line.count} × ` : ''}${FEE_NAMES[line.fee]} ${formatNanos(line.nanos)} = ${inUnits(line.sum)}${unit}`;
    case 'exchange':
      return `${inUnits(line.exact)}${foreign} = ${inUnits(line.sum)}${unit} by ${explainExchange(line.rates)}`;
    case 'limit':
      return limitLine(line, unit, foreign);
    case 'tax':
      return `+ ${percentOf(line.taxPpm)} % tax = ${inUnits(line.sum)}${unit}`;
    case 'rounding':
      return `rounded ${MODE_NAMES[line.rounding.mode]} to ${line.rounding.decimals} decimals = ${formatNanos(line.amount)}${unit}`;
    default:
      return unreachable(line);
  }
}

function limitLine({ limit, nanos, isForeign, sum }: Extract<PriceLine, { kind: 'limit' }>, unit: string, foreign: string): string {
  const stated = isForeign ? `${formatNanos(nanos)}${foreign} = ${inUnits(sum)}${unit}` : `${formatNanos(nanos)}${unit}`;
  return limit === 'min_charge' ? `raised to the minimum charge of ${stated}` : `held to the maximum cost of ${stated}`;
}

function durationLine({ durationSec, billableSec, rules }: Extract<PriceLine, { kind: 'duration' }>): string {
  const why = rules.map(ruleText).join(', ');
  if (billableSec === 0) return `${durationSec} s of conversation are not charged${why === '' ? '' : `: ${why}`}`;
  return `${durationSec} s of conversation count as ${billableSec} s${why === '' ? '' : `: ${why}`}`;
}

function ruleText(rule: DurationRule): string {
  switch (rule.rule) {
    case 'min_duration':
      return `calls of less than ${rule.minDurationSec} s are free`;
    case 'added_grace':
      return `${rule.addedGraceSec} s of grace are added`;
    case 'raised':
      return `calls of more than ${rule.raisedAboveSec} s count as ${rule.raisedToSec} s at least`;
    case 'pulses':
      return rule.pulses.policy === 'incoming_leg'
        ? `${rule.pulses.startpulseSec} s for the incoming leg, then pulses of ${rule.pulses.frequencySec} s`
        : `a first pulse of ${rule.pulses.startpulseSec} s, then pulses of ${rule.pulses.frequencySec} s`;
    default:
      return unreachable(rule);
  }
}

function rateLine(line: Extract<PriceLine, { kind: 'rate' }>, unit: string): string {
  const { window, fromSec, lengthSec, freeSec, rateNanos, perSec, incrementSec } = line;
  const charged = freeSec === 0 ? `${lengthSec} s` : `${lengthSec} s − ${freeSec} s of the allowance`;
  const when = window === '' ? '' : ` (${window})`;
  const per = perSec === 60 ? '/min' : ` per ${perSec} s`;
  return `from second ${fromSec}: ${charged} × ${formatNanos(rateNanos)}${per}${when}, in increments of ${incrementSec} s, = ${inUnits(line.exact)}; together ${inUnits(line.sum)}${unit}`;
}

function percentOf(taxPpm: number): string {
  return formatRational(rational(BigInt(taxPpm), 10_000n));
}

function inUnits({ num, den }: Rational): string {
  return formatRational(rational(num, den * 1_000_000_000n));
}
