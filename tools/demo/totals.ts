import { z } from 'zod';
import type { Api } from '../client/api.ts';

const money = z.object({ amount: z.string(), currency: z.string() });
const count = z.number().default(0);

const totals = z.object({
  card: z.object({ chargeCount: count, ledgerSum: z.array(money), charged: z.array(money), deadLetterCount: count }),
  rating: z.object({ ratedCount: count, sell: z.array(money), buy: z.array(money), deadLetterCount: count }),
  cdr: z.object({
    callCount: count, closedCount: count, answeredCount: count, deadLetterCount: count,
    carriers: z.array(z.object({ carrierCode: z.string().default(''), callCount: count, answeredCount: count, billedSec: count, sell: money.optional(), buy: money.optional() })),
  }),
});

/** What three services have counted, each in its own database. */
export type Totals = z.infer<typeof totals>;
export type Money = z.infer<typeof money>;

export function readTotals(api: Api): Promise<Totals> {
  return api.get('/v1/totals', totals);
}

/** A decimal text as a whole number of 10⁻⁹, exactly. */
export function nanosOfText(amount: string): bigint {
  const negative = amount.startsWith('-');
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.');
  const nanos = BigInt(whole) * 1_000_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  return negative ? -nanos : nanos;
}

/** The amount in one currency among several; 0 where there is none. */
export function amountIn(amounts: readonly Money[], currency: string): bigint {
  return nanosOfText(amounts.find((each) => each.currency === currency)?.amount ?? '0');
}
