import { currencyOf, nanosOf } from '@tollwire/telecom';
import { z } from 'zod';

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
