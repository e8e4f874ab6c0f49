import type { Reveal } from '@tollwire/contracts';
import { maskedNumber } from '@tollwire/telecom';
import type { Role } from '../domain/api-key.ts';
import type { Principal } from '../keys/key-ring.ts';
import { nameOf } from './caller.ts';
import { Refused } from './refused.ts';

/** Of how many calls at once a role may see the numbers whole, if it says why. */
const mayReveal: Readonly<Record<Role, readonly Scope[]>> = { switch: [], reseller: [], operator: ['one'], admin: ['one', 'any'] };

/** One call that is named, or whatever a search finds. */
export type Scope = 'one' | 'any';

/**
 * How cdr is asked to show numbers whole; it is not, where no reason is given. Refuses a role that has no right to see
 * them, or not of so many calls at once.
 */
export function revealTo(caller: Principal, reason: string | undefined, scope: Scope): { reveal?: Pick<Reveal, 'by' | 'reason'> } {
  if (reason === undefined) return {};
  if (!mayReveal[caller.role].includes(scope)) {
    const detail = `A key of the role ${caller.role} is not shown the numbers of ${scope === 'one' ? 'calls' : 'many calls at once'}.`;
    throw new Refused({ code: 'not_permitted', detail, facts: { role: caller.role } });
  }
  return { reveal: { by: nameOf(caller), reason } };
}

/** Steps of an explanation, which name the number in their sentences. */
export function maskedSteps(steps: readonly string[], e164: string): string[] {
  return e164 === '' ? [...steps] : steps.map((step) => step.replaceAll(e164, maskedNumber(e164)));
}
