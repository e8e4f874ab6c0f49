import { formatNanos, nanosOf } from '@tollwire/telecom';
import type { FraudMeasure } from '../domain/fraud-rule.ts';

const UNIT = 1_000_000_000n;
const AMOUNT_MAX = 2n ** 62n;

/** A limit as it is written, in what the measure is summed up in; undefined where it is none, or no whole number of calls. */
export function amountOf(measure: FraudMeasure, text: string): bigint | undefined {
  const parsed = nanosOf(text);
  if (!parsed.ok || parsed.value < 0n || parsed.value >= AMOUNT_MAX / 60n) return undefined;
  if (measure === 'spend') return parsed.value;
  if (measure === 'minutes') return (parsed.value * 60n) / 1_000n;
  return parsed.value % UNIT === 0n ? parsed.value / UNIT : undefined;
}

/** A sum as people read it: units of money, minutes to the thousandth, calls. */
export function amountText(measure: FraudMeasure, amount: bigint): string {
  if (measure === 'spend') return formatNanos(amount, 2);
  if (measure === 'minutes') return formatNanos(((amount * 1_000n) / 60n / 1_000_000n) * 1_000_000n, 0);
  return String(amount);
}
