import type { PricedCall } from './priced-call.ts';
import { pricesOf } from './price-file.ts';

/** The terms and rates of a plan as a test writes them. */
export type Written = Readonly<Record<string, unknown>>;

/** What a document answers; a test whose document is malformed fails with its faults. */
export async function answersOf(document: Written): Promise<readonly PricedCall[]> {
  const priced = await pricesOf(JSON.stringify(document));
  if (!priced.ok) throw new Error(priced.refusal.faults.map(({ path, message }) => `${path} ${message}`).join('\n'));
  return priced.value;
}

/** The faults of a document as `path message`. */
export async function faultsIn(document: unknown): Promise<string[]> {
  const priced = await pricesOf(typeof document === 'string' ? document : JSON.stringify(document));
  return priced.ok ? [] : priced.refusal.faults.map(({ path, message }) => `${path} ${message}`);
}

/** A plan with a name, in euros to nine decimals. */
export function planOf(written: Written): Written {
  return { name: 'plan', currency: 'EUR', rounding: { decimals: 9 }, ...written };
}

/** What one call comes to by one plan. */
export async function oneCall(plan: Written, call: Written, more: Written = {}): Promise<PricedCall> {
  const stated = { id: 'call', plan: 'plan', number: '+34911234567', start: '2024-01-15T12:00:00Z', ...call };
  const [priced] = await answersOf({ plans: [planOf(plan)], ...more, calls: [stated] });
  if (priced === undefined) throw new Error('a call has an answer');
  return priced;
}

/** An amount without the zeros that only fill it up. */
export function short(amount = ''): string {
  return amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount;
}

/** `36 s 0.06`, or the code of the refusal. */
export function told({ billedSec, amount, refusal }: PricedCall): string {
  return refusal === undefined ? `${billedSec ?? ''} s ${short(amount)}` : refusal.code;
}
