import { describe, expect, it } from '@jest/globals';
import { ANY_TIME, formatNanos, nanosOf, rational, type RateProfile } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { drained } from '../fixture/drained.fixture.ts';
import { type FixedPolicy, type MadeFrom, madeRate, type MakeRule } from './made-rate.ts';
import { type MakeSource, madeRates } from './made-rates.ts';
import { RateColumns } from './rate-columns.ts';

const nanosIn = (text: string | undefined) => {
  const read = nanosOf(text === undefined || text === '' ? '0' : text);
  if (!read.ok) throw new Error(text);
  return BigInt(read.value);
};

const plain: MakeRule = {
  from: { take: 'cheapest' }, marginPpm: 0n, marginNanos: 0n, marginMinNanos: 0n, floorNanos: 0n, stepNanos: 1n, rounding: 'up', policy: 'carrier_plus_margin',
  increments: undefined, connectFeeNanos: undefined,
};
const policies: readonly FixedPolicy[] = ['max', 'min', 'fixed', 'carrier_plus_margin'];
const modes = ['up', 'down', 'half_up'] as const;

describe('a sell rate made from a buy rate', () => {
  it.each(table<'carrier' | 'percent' | 'amount' | 'least' | 'floor' | 'step' | 'mode' | 'fixed' | 'policy' | 'rate'>(`
    carrier | percent | amount | least | floor | step   | mode    | fixed | policy              | rate
    0.10    | 20      | -      | -     | -     | -      | up      | 0.11  | max                 | 0.12
    0.10    | 20      | -      | -     | -     | -      | up      | 0.13  | max                 | 0.13
    0.10    | 20      | -      | -     | -     | -      | up      | 0.11  | min                 | 0.11
    0.10    | 20      | -      | -     | -     | -      | up      | 0.11  | fixed               | 0.11
    0.10    | 20      | -      | -     | -     | -      | up      | 0.11  | carrier_plus_margin | 0.12
    0.10    | 20      | -      | -     | -     | -      | up      | -     | max                 | 0.12
    -       | 20      | -      | -     | -     | -      | up      | 0.11  | max                 | 0.11
    -       | 20      | -      | -     | -     | -      | up      | 0.11  | carrier_plus_margin | none
    0.10    | -       | 0.005  | -     | -     | -      | up      | -     | max                 | 0.105
    0.10    | 10      | 0.005  | -     | -     | -      | up      | -     | max                 | 0.115
    0.01    | 10      | -      | 0.002 | -     | -      | up      | -     | max                 | 0.012
    0.01    | 10      | -      | -     | 0.02  | -      | up      | -     | max                 | 0.02
    0.0123  | 12.5    | -      | -     | -     | 0.0001 | up      | -     | max                 | 0.0139
    0.0123  | 12.5    | -      | -     | -     | 0.0001 | down    | -     | max                 | 0.0138
    0.0123  | 12.5    | -      | -     | -     | 0.0001 | half_up | -     | max                 | 0.0138
    0.012   | 5       | -      | -     | -     | 0.005  | half_up | -     | max                 | 0.015
    0.0131  | 1       | -      | 0.001 | -     | 0.005  | down    | -     | max                 | 0.015
    0.001   | 1       | -      | -     | 0.012 | 0.005  | down    | -     | max                 | 0.015
    0       | 20      | -      | -     | -     | -      | up      | -     | max                 | 0
  `))('$carrier + $percent % + $amount, at least $least, floor $floor, step $step $mode, fixed $fixed, $policy: $rate', (row) => {
    const rule = {
      ...plain, marginPpm: nanosIn(row.percent) / 100_000n, marginNanos: nanosIn(row.amount), marginMinNanos: nanosIn(row.least), floorNanos: nanosIn(row.floor),
      stepNanos: row.step === '' ? 1n : nanosIn(row.step), rounding: modes.find((mode) => mode === row.mode) ?? 'up',
      policy: policies.find((policy) => policy === row.policy) ?? 'max',
    };
    const rate = madeRate(row.carrier === '' ? undefined : rational(nanosIn(row.carrier)), row.fixed === '' ? undefined : nanosIn(row.fixed), rule);
    expect(rate === undefined ? 'none' : formatNanos(rate, 0)).toBe(formatted(row.rate));
  });

  it('keeps floor and minimum margin, is a whole number of steps, and never falls as the buy rate grows', () => {
    const amount = fc.bigInt({ min: 0n, max: 10_000_000n });
    fc.assert(fc.property(amount, amount, amount, amount, amount, fc.bigInt({ min: 1n, max: 1_000_000n }), fc.constantFrom(...modes), (buy, more, margin, least, floor, step, mode) => {
      const rule = { ...plain, marginPpm: margin, marginNanos: margin, marginMinNanos: least, floorNanos: floor, stepNanos: step, rounding: mode };
      const rate = madeRate(rational(buy), undefined, rule) ?? -1n;
      expect(rate >= buy + least && rate >= floor && rate % step === 0n).toBe(true);
      expect((madeRate(rational(buy + more), undefined, rule) ?? -1n) >= rate).toBe(true);
    }));
  });
});

const formatted = (rate: string) => (rate === 'none' ? rate : formatNanos(nanosIn(rate), 0));

const window = (name: string, fromSec: number, untilSec: number) => ({ ...ANY_TIME, name, fromSec, untilSec, weight: 1 });
const step = { fromSec: 60, rateNanos: nanosIn('0.05'), perSec: 60, incrementSec: 1, entryFeeNanos: nanosIn('0.01') };
const profiles: Readonly<Record<string, RateProfile>> = {
  peak: { window: window('peak', 28_800, 72_000), furtherSteps: [], terms: {} },
  night: { window: window('night', 72_000, 28_800), furtherSteps: [], terms: {} },
  steps: { window: undefined, furtherSteps: [step], terms: {} },
  fees: { window: undefined, furtherSteps: [], terms: { attemptFeeNanos: nanosIn('0.002'), minChargeNanos: nanosIn('0.05'), taxPpm: 230_000, maxCost: { nanos: nanosIn('2'), strategy: 'free' } } },
};

/** `43:0.01/60~peak 44:blocked 45:0.1@100..200`. */
function contentOf(text: string): RateColumns {
  return RateColumns.of(text.split(' ').filter((part) => part !== '').map((part) => {
    const [, prefix = '', rate = '', increment = '1', profile = '', from = '0', until = '0'] = /^(\d+):([\d.]+|blocked)(?:\/(\d+))?(?:~([a-z]+))?(?:@(\d+)\.\.(\d+))?$/.exec(part) ?? [];
    return {
      prefix, ratePerMinNanos: rate === 'blocked' ? 0n : nanosIn(rate), connectFeeNanos: 5n, initialIncrementSec: Number(increment), incrementSec: Number(increment),
      validFromUs: Number(from), validUntilUs: Number(until), blocked: rate === 'blocked',
      profile: profiles[profile],
    };
  }));
}

function told(rates: RateColumns): string {
  return Array.from({ length: rates.size }, (_, at) => rates.rateAt(at)).map(({ prefix, ratePerMinNanos, incrementSec, blocked, profile }) => {
    const name = profile?.window?.name ?? '';
    return `${prefix}:${blocked ? 'blocked' : formatNanos(ratePerMinNanos, 0)}${incrementSec === 1 ? '' : `/${incrementSec}`}${name === '' ? '' : `~${name}`}`;
  }).join(' ');
}

/** A content, and after a `*` what its amounts are multiplied by: `43:0.1 * 2/3`. */
function sourceOf(text: string): MakeSource {
  const [content = '', factor = '1'] = text.split(' * ');
  const [num = '', den = '1'] = factor.split('/');
  return { rates: contentOf(content), exchange: rational(BigInt(num), BigInt(den)) };
}

const make = (carriers: readonly string[], fixed = '', rule: Partial<MakeRule> = {}) => {
  return told(drained(madeRates({ carriers: carriers.map(sourceOf), fixed: contentOf(fixed), atUs: 150, rule: { ...plain, ...rule } })).result);
};

describe('a plan made from carriers', () => {
  const froms: Readonly<Record<string, MadeFrom>> = { cheapest: { take: 'cheapest' }, dearest: { take: 'dearest' }, average2: { take: 'average', count: 2 } };

  it.each(table<'one' | 'two' | 'three' | 'take' | 'made'>(`
    one                       | two                | three      | take     | made
    43:0.1                    | -                  | -          | cheapest | 43:0.1
    43:0.1                    | 43:0.2             | 43:0.6     | cheapest | 43:0.1
    43:0.1                    | 43:0.2             | 43:0.6     | dearest  | 43:0.6
    43:0.1                    | 43:0.2             | 43:0.6     | average2 | 43:0.15
    43:0.1                    | -                  | -          | average2 | 43:0.1
    44:0.01 447:0.05          | 44:0.02            | -          | cheapest | 44:0.01 447:0.02
    44:0.01 447:0.05          | 44:0.02            | -          | dearest  | 44:0.02 447:0.05
    43:0.1                    | 44:0.2 449:0.3     | -          | cheapest | 43:0.1 44:0.2 449:0.3
    43:blocked                | 43:0.2             | -          | cheapest | 43:0.2
    43:0.1 4366:blocked       | -                  | -          | cheapest | 43:0.1 4366:blocked
    43:0.1 4366:blocked       | 43:0.3             | -          | cheapest | 43:0.1 4366:0.3
    43:0.1/60                 | 43:0.2/6           | -          | cheapest | 43:0.1/60
    43:0.1/60                 | 43:0.2/6           | -          | dearest  | 43:0.2/6
    43:0.1@0..100 43:0.2@100..200 43:0.3@200..0 | - | -         | cheapest | 43:0.2
    43:0.1@200..0             | -                  | -          | cheapest | -
    -                         | -                  | -          | cheapest | -
  `))('of "$one", "$two", "$three" takes the $take: "$made"', ({ one, two, three, take, made }) => {
    expect(make([one, two, three], '', { from: froms[take] ?? { take: 'cheapest' } })).toBe(made);
  });

  it.each(table<'one' | 'two' | 'fixed' | 'take' | 'policy' | 'made'>(`
    one                               | two                             | fixed                | take     | policy              | made
    43:0.1~peak 43:0.05~night         | -                               | -                    | cheapest | carrier_plus_margin | 43:0.12~peak 43:0.06~night
    43:0.1~peak 43:0.05~night         | 43:0.08                         | -                    | cheapest | carrier_plus_margin | 43:0.096
    43:0.1~peak 43:0.05~night         | 43:0.08                         | -                    | dearest  | carrier_plus_margin | 43:0.12~peak 43:0.06~night
    43:0.1~peak 43:0.05~night         | 43:0.2                          | -                    | average2 | carrier_plus_margin | 43:0.18~peak 43:0.15~night
    43:0.1~peak 43:0.05~night         | 43:0.3~peak 43:0.15~night       | -                    | average2 | carrier_plus_margin | 43:0.24~peak 43:0.12~night
    43:0.1~peak 43:blocked~night      | -                               | -                    | cheapest | carrier_plus_margin | 43:0.12~peak 43:blocked~night
    43:blocked~peak 43:blocked~night  | -                               | -                    | cheapest | carrier_plus_margin | 43:blocked~peak 43:blocked~night
    43:0.1~peak 43:0.05~night         | -                               | 43:0.07              | cheapest | max                 | 43:0.12~peak 43:0.07~night
    43:0.1~peak 43:0.05~night         | -                               | 43:0.07~night 43:0.2 | cheapest | max                 | 43:0.2~peak 43:0.07~night
    43:0.1                            | -                               | 43:0.07~night 43:0.2 | cheapest | fixed               | 43:0.07~night 43:0.2
    43:0.1~peak 43:0.05~night 4366:0.2 | -                              | -                    | cheapest | carrier_plus_margin | 43:0.12~peak 43:0.06~night 4366:0.24
  `))('keeps windows: 20 % upon "$one" and "$two" beside "$fixed", $take, $policy', ({ one, two, fixed, take, policy, made }) => {
    expect(make([one, two], fixed, { marginPpm: 200_000n, from: froms[take] ?? { take: 'cheapest' }, policy: policies.find((each) => each === policy) ?? 'max' })).toBe(made);
  });

  it('has the margin on each amount of a carrier, rounded as a rate, and never less than the carrier takes', () => {
    const rule: MakeRule = { ...plain, marginPpm: 250_000n, marginNanos: nanosIn('0.01'), floorNanos: nanosIn('0.08'), stepNanos: nanosIn('0.001'), rounding: 'down' };
    const made = drained(madeRates({ carriers: [sourceOf('43:0.1~steps 44:0.1~fees')], fixed: contentOf(''), atUs: 150, rule })).result;
    expect(made.rateAt(0)).toMatchObject({
      ratePerMinNanos: nanosIn('0.135'), connectFeeNanos: nanosIn('0.001'),
      profile: { furtherSteps: [{ ...step, rateNanos: nanosIn('0.08'), entryFeeNanos: nanosIn('0.012') }], terms: {} },
    });
    expect(made.profileAt(1)?.terms).toEqual({
      attemptFeeNanos: nanosIn('0.002'), minChargeNanos: nanosIn('0.062'), taxPpm: 230_000, maxCost: { nanos: nanosIn('2.5'), strategy: 'free' },
    });
  });

  it.each(table<'one' | 'two' | 'fixed' | 'take' | 'policy' | 'made'>(`
    one              | two              | fixed  | take     | policy | made
    43:0.1           | 43:0.12 * 1/2    | -      | cheapest | max    | 43:0.072
    43:0.1           | 43:0.12 * 1/2    | -      | dearest  | max    | 43:0.12
    43:0.1           | 43:0.12 * 1/2    | -      | average2 | max    | 43:0.096
    43:0.1 * 1/3     | 43:0.2 * 1/3     | -      | average2 | max    | 43:0.06
    43:0.1 * 1/3     | -                | -      | cheapest | max    | 43:0.04
    43:0.1 * 3       | -                | 43:0.3 | cheapest | max    | 43:0.36
    43:0.1 * 3       | -                | 43:0.3 | cheapest | min    | 43:0.3
    43:blocked * 3   | 43:0.2           | -      | cheapest | max    | 43:0.24
  `))('20 % upon "$one" and "$two", exchanged, beside "$fixed", $take, $policy: "$made"', ({ one, two, fixed, take, policy, made }) => {
    expect(make([one, two], fixed, { marginPpm: 200_000n, from: froms[take] ?? { take: 'cheapest' }, policy: policies.find((each) => each === policy) ?? 'max' })).toBe(made);
  });

  it('exchanges every amount of a carrier, also those of steps and charges', () => {
    const made = drained(madeRates({ carriers: [sourceOf('43:0.1~steps 44:0.1~fees * 3/2')], fixed: contentOf(''), atUs: 150, rule: plain })).result;
    expect(made.rateAt(0)).toMatchObject({
      ratePerMinNanos: nanosIn('0.15'), connectFeeNanos: 8n, profile: { furtherSteps: [{ ...step, rateNanos: nanosIn('0.075'), entryFeeNanos: nanosIn('0.015') }] },
    });
    expect(made.profileAt(1)?.terms).toEqual({
      attemptFeeNanos: nanosIn('0.003'), minChargeNanos: nanosIn('0.075'), taxPpm: 230_000, maxCost: { nanos: nanosIn('3'), strategy: 'free' },
    });
  });

  it('has own increments and fee where they are said', () => {
    expect(make(['43:0.1/60'], '', { increments: { initialIncrementSec: 30, incrementSec: 6 } })).toBe('43:0.1/6');
  });

  it.each(table<'carrier' | 'fixed' | 'policy' | 'made'>(`
    carrier          | fixed            | policy              | made
    43:0.10          | 43:0.11          | max                 | 43:0.12
    43:0.10          | 43:0.11 44:0.5   | max                 | 43:0.12 44:0.5
    43:0.10          | 43:0.11 44:0.5   | carrier_plus_margin | 43:0.12
    43:0.10 4366:0.5 | 43:0.11          | fixed               | 43:0.11 4366:0.11
    43:0.10          | 43:0.2 4366:0.01 | min                 | 43:0.12 4366:0.01
    43:0.10          | 43:blocked       | max                 | 43:0.12
    43:0.10          | 44:blocked       | max                 | 43:0.12 44:blocked
  `))('20 % upon "$carrier" beside "$fixed" by $policy is "$made"', ({ carrier, fixed, policy, made }) => {
    expect(make([carrier], fixed, { marginPpm: 200_000n, policy: policies.find((each) => each === policy) ?? 'max' })).toBe(made);
  });

  it('never lies below the carrier it is made from, for the prefixes that any carrier has', () => {
    const deck = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[1-3]{1,4}$/), fc.nat({ max: 9 })), { selector: ([prefix]) => prefix, maxLength: 12 })
      .map((rates) => rates.sort(([a], [b]) => (a < b ? -1 : 1)).map(([prefix, rate]) => `${prefix}:${rate}`).join(' '));
    fc.assert(fc.property(deck, deck, (one, two) => {
      const rateAt = (text: string, prefix: string) => {
        const covering = text.split(' ').filter((part) => part !== '' && prefix.startsWith(part.split(':')[0] ?? 'x')).sort((a, b) => b.indexOf(':') - a.indexOf(':'));
        return covering[0] === undefined ? Infinity : Number(covering[0].split(':')[1]);
      };
      const prefixes = [...new Set([one, two].flatMap((text) => text.split(' ').filter(Boolean).map((part) => part.split(':')[0] ?? '')))].sort();
      expect(make([one, two])).toBe(prefixes.map((prefix) => `${prefix}:${Math.min(rateAt(one, prefix), rateAt(two, prefix))}`).join(' '));
    }));
  });
});
