import { unreachable } from '@tollwire/core';
import type { Caller } from '@tollwire/telecom';

/** Which caller id a gateway wants presented; without a rule it is the caller's, as it is. */
export type CallerIdRule =
  /** The same number, whoever calls. */
  | { readonly rule: 'replace'; readonly number: string }
  /** The caller's number in international form, without its first digits and with others before it. */
  | { readonly rule: 'digits'; readonly stripDigits: number; readonly addPrefix: string }
  | { readonly rule: 'withhold' };

/** What a switch presents; an empty number is none. One that is restricted is not to be shown to who is called (ITU-T Q.951.4, RFC 3323). */
export interface PresentedCallerId {
  readonly number: string;
  readonly presentation: 'allowed' | 'restricted';
}

const WITHHELD: PresentedCallerId = { number: '', presentation: 'restricted' };

/**
 * What a gateway with a rule gets to see of who calls; undefined: what the caller sent, as it is. A caller who withholds the number stays restricted by every
 * rule: a number that replaces it tells the carrier whose call it is, and nobody else. Digits are of an international number only, so an odd caller, one that is
 * not known, and a number with no digit left stay as they are.
 */
export function presentedCallerId(rule: CallerIdRule, caller: Caller | undefined): PresentedCallerId | undefined {
  switch (rule.rule) {
    case 'withhold':
      return WITHHELD;
    case 'replace':
      return { number: rule.number, presentation: caller?.kind === 'anonymous' ? 'restricted' : 'allowed' };
    case 'digits': {
      if (caller?.kind === 'anonymous') return WITHHELD;
      if (caller?.kind !== 'number' || caller.e164.length <= rule.stripDigits) return undefined;
      return { number: rule.addPrefix + caller.e164.slice(rule.stripDigits), presentation: 'allowed' };
    }
    default:
      return unreachable(rule);
  }
}
