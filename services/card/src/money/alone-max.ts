import type { CodedRefusal } from '@tollwire/contracts';
import { currencyOf, formatNanos, nanosOf } from '@tollwire/telecom';
import { z } from 'zod';
import type { Amount } from '../wire/money.ts';

/**
 * What one person may post alone, as the environment says it: `EUR:1000,USD:1200,*:500`, in units, `*` for every other currency.
 * Empty: any amount.
 */
export const aloneMaxText = z
  .string()
  .default('*:10000')
  .transform((text, context) => {
    const limits = new Map<string, bigint>();
    for (const part of text.split(',').filter((each) => each.trim() !== '')) {
      const [currency = '', units = ''] = part.trim().split(':');
      const nanos = nanosOf(units);
      if (!nanos.ok || nanos.value < 0n || (currency !== '*' && !currencyOf(currency).ok)) {
        context.addIssue({ code: 'custom', message: 'must be amounts by currency, as EUR:1000,*:500' });
        return z.NEVER;
      }
      limits.set(currency.toUpperCase(), nanos.value);
    }
    return limits;
  });

/** What one person may post alone in a currency, in nanos; null for any amount. */
export function aloneMaxOf(limits: ReadonlyMap<string, bigint>): (currency: string) => bigint | null {
  return (currency) => limits.get(currency) ?? limits.get('*') ?? null;
}

/** Why one person may not post an amount alone; null where that person may. */
export function approvalNeeded({ nanos, currency }: Amount, aloneMax: bigint | null, how: string): CodedRefusal | null {
  if (aloneMax === null || nanos <= aloneMax) return null;
  const most = `${formatNanos(aloneMax)} ${currency}`;
  return { code: 'approval_needed', field: 'amount', detail: `Propose a credit above ${most}${how}; somebody else approves it.`, facts: { aloneMax: most } };
}
