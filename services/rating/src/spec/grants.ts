import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { type AllowanceTermsSchema, GrantAllowanceRequestSchema } from '@tollwire/contracts';
import type { RatingDeps } from '../rating.deps.ts';
import { grantAllowance } from '../allowances/grant-allowance.ts';
import type { Grant } from '../domain/allowance.ts';
import { UTC } from '@tollwire/telecom';

type Terms = MessageInitShape<typeof AllowanceTermsSchema>;

/** A grant of free seconds to a card, or to all on a tariff, in force since 2026; a test that is refused one fails. */
export async function granted(deps: RatingDeps, grantId: string, to: { card: string } | { tariffId: number }, terms: Terms): Promise<void> {
  const answer = await grantAllowance(deps, create(GrantAllowanceRequestSchema, {
    grantId,
    to: 'card' in to
      ? { case: 'party', value: { party: { case: 'cardId', value: to.card } } }
      : { case: 'plan', value: { plan: { case: 'tariffId', value: to.tariffId } } },
    what: { case: 'terms', value: terms },
    validFromUs: BigInt(Date.parse('2026-01-01T00:00:00Z')) * 1000n,
    by: 'spec',
  }));
  if (!answer.ok) throw new Error(`${answer.refusal.code} ${answer.refusal.field ?? ''}`);
}

/** A grant in memory: 100 s once, to all destinations, unless said otherwise. */
export function grantOf(number: number, over: Partial<Grant> = {}): Grant {
  return {
    grantId: `g${number}`, number, name: `g${number}`, secPerPeriod: 100, periods: { unit: 'once', zone: UTC, anchorDay: 0 }, prefixes: [], weight: 0,
    covers: 'none', validFromUs: 0, validUntilUs: Infinity, ...over,
  };
}
