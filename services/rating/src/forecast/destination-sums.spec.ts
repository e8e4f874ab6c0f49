import { describe, expect, it } from '@jest/globals';
import { instantUs } from '@tollwire/core';
import { ExchangeRates, formatNanos, nanos, nanosOf } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import type { Bought } from '../domain/rate-call.ts';
import type { RatedRecord } from '../domain/rated-record.ts';
import { DestinationSums } from './destination-sums.ts';

const side = (text: string) => {
  const [amount = '', currency = ''] = text.split(' ');
  const read = nanosOf(amount);
  if (!read.ok) throw new Error(`${text} is no amount`);
  return { amount: { nanos: nanos(read.value), currency }, derivation: undefined };
};

/** `0.11 USD`, `-` for a call that no carrier took part in, or the reason for which there is no price. */
const boughtAt = (text = ''): Bought => {
  if (text === '') return { buy: undefined, buyRefusal: undefined };
  return text === 'no_buy_rate' ? { buy: undefined, buyRefusal: text } : { buy: side(text), buyRefusal: undefined };
};

const recordOf = (sell: string, buy: string | undefined): RatedRecord => ({
  callKey: 'sw/1/0', revision: 1, partyKey: 'account:a', plan: { kind: 'voip_plan', id: 7 }, q850Cause: 16, carrierCode: buy === '' ? '' : 'alpha',
  startedAt: instantUs(0), answeredAt: instantUs(0), endedAt: instantUs(60_000_000), ratedAt: instantUs(60_000_000),
  rated: { calledE164: '34911111111', durationSec: 60, sell: side(sell), ...boughtAt(buy), preRated: false },
});

const rates = new ExchangeRates([{ base: 'EUR', quote: 'USD', numerator: 110n, decimals: 2, validFromUs: 0, source: 'ECB' }]);

describe('the margin of a forecast', () => {
  it.each(table(`
    deck    | sold     | bought      | then_sold | then_bought | before | after | unknown
    tariff  | 0.30 EUR | 0.11 EUR    | 0.35 EUR  | 0.11 EUR    | 0.19   | 0.24  | 0
    tariff  | 0.30 EUR | 0.11 USD    | 0.35 EUR  | 0.11 USD    | 0.20   | 0.25  | 0
    tariff  | 0.30 EUR | -           | 0.35 EUR  | -           | 0.30   | 0.35  | 0
    tariff  | 0.30 EUR | no_buy_rate | 0.35 EUR  | no_buy_rate | 0.00   | 0.00  | 1
    tariff  | 0.30 EUR | 0.11 CHF    | 0.35 EUR  | 0.11 CHF    | 0.00   | 0.00  | 1
    carrier | 0.30 EUR | 0.11 USD    | 0.35 EUR  | 0.22 USD    | 0.20   | 0.10  | 0
    carrier | 0.30 EUR | 0.11 EUR    | 0.35 EUR  | 0.11 USD    | 0.19   | 0.20  | 0
    carrier | 0.30 EUR | no_buy_rate | 0.35 EUR  | 0.11 USD    | 0.00   | 0.00  | 1
    carrier | 0.30 EUR | 0.11 USD    | 0.35 EUR  | no_buy_rate | 0.00   | 0.00  | 1
    tariff  | 0.30 EUR | 0.11 USD    | -         | -           | 0.00   | 0.00  | 1
  `))('of a $deck deck: $sold over $bought, then $then_sold over $then_bought, is $before, then $after', (row) => {
    const sums = new DestinationSums(row.deck === 'carrier' ? 'carrier' : 'tariff', rates);
    const after = row.then_sold === '' ? undefined : recordOf(row.then_sold ?? '', row.then_bought).rated;
    sums.add(recordOf(row.sold ?? '', row.bought), after);
    const [destination] = sums.reply(1, false).destinations ?? [];
    expect([destination?.marginBefore, destination?.marginAfter].map((margin) => formatNanos(nanos(margin?.nanos ?? 0n)))).toEqual([row.before, row.after]);
    expect(destination?.marginUnknownCount).toBe(BigInt(row.unknown ?? ''));
  });
});
