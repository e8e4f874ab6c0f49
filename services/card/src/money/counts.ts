import { type Meter, metrics } from '@opentelemetry/api';
import type { CodedRefusal } from '@tollwire/contracts';
import type { Result } from '@tollwire/core';
import { metricNames } from '@tollwire/platform';

/** How money comes in, or goes back. */
export type MoneyIn = 'payment' | 'reversal' | 'voucher' | 'approved_credit';

/** Counts orders that move money, each by how it ended; one that is asked again is counted again. The books are the ledger. */
export function moneyCounts(meter: Pick<Meter, 'createCounter'> = metrics.getMeter('tollwire')) {
  const moneyIn = meter.createCounter(metricNames.moneyIn, { description: 'Payments, reversals, vouchers and approved credits, by kind and outcome' });
  return async <T>(kind: MoneyIn, answered: Promise<Result<T, CodedRefusal>>): Promise<Result<T, CodedRefusal>> => {
    const answer = await answered;
    moneyIn.add(1, { kind, outcome: answer.ok ? 'ok' : answer.refusal.code });
    return answer;
  };
}
