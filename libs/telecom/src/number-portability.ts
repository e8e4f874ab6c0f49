import { unreachable } from '@tollwire/core';

/** A number as a switch tells it, parted from what it says of number portability. */
export interface PortedNumber {
  /** The number without those parameters; all else of it stays. */
  readonly number: string;
  /** What a lookup answered: in international form where a context says of which country it is; undefined: nothing is said. */
  readonly routingNumber: string | undefined;
  /** Number portability was looked up already, whatever it answered. */
  readonly npdi: boolean;
}

const SCHEME_AND_USER = /^([^@;]*)((?:;[^@;]*)*)(.*)$/s;
const OF_PORTABILITY = /^(?:rn|rn-context|npdi|cic|cic-context)$/i;

/**
 * Takes the parameters of number portability (RFC 4694: `rn`, `rn-context`, `npdi`, and the carrier's `cic`) off a telephone number as SIP and tel URIs
 * convey them: `+12025550151;npdi;rn=+13015551212`, with or without scheme and host. A routing number that names the country of its context
 * becomes international; visual separators stay, because every number is normalized after this.
 */
export function portedNumberOf(told: string): PortedNumber {
  if (!told.includes(';')) return { number: told, routingNumber: undefined, npdi: false };
  const [, user = '', parameters = '', host = ''] = SCHEME_AND_USER.exec(told) ?? [];
  const all = parameters.split(';').slice(1).map((text) => ({ text, name: text.replace(/=.*$/s, '').trim() }));
  const valueOf = (name: string) => all.find((each) => each.name.toLowerCase() === name)?.text.replace(/^[^=]*=?/, '').trim();
  const rest = all.filter(({ name }) => !OF_PORTABILITY.test(name)).map(({ text }) => `;${text}`).join('');
  return { number: `${user}${rest}${host}`, routingNumber: inContext(valueOf('rn'), valueOf('rn-context')), npdi: valueOf('npdi') !== undefined };
}

/** A local routing number is of the country that its context names; a domain names none. */
function inContext(routingNumber: string | undefined, context = ''): string | undefined {
  if (routingNumber === undefined || routingNumber === '') return undefined;
  return routingNumber.startsWith('+') || !context.startsWith('+') ? routingNumber : `${context}${routingNumber}`;
}

/** How a gateway is told of number portability: not at all, by parameters of the number (RFC 4694), or by the routing number's digits before it. */
export const PORTABILITY_FORMS = ['', 'rn', 'prefix'] as const;
export type PortabilityForm = (typeof PORTABILITY_FORMS)[number];

/** A number as it is dialled, with what was found out of its portability told in the form that is wanted. Without a routing number a lookup alone is told where there is a way to. */
export function withPortability(dialled: string, form: PortabilityForm, { routingNumber, npdi }: Pick<PortedNumber, 'routingNumber' | 'npdi'>): string {
  switch (form) {
    case 'rn':
      if (routingNumber !== undefined) return `${dialled};npdi;rn=+${routingNumber}`;
      return npdi ? `${dialled};npdi` : dialled;
    case 'prefix':
      return `${routingNumber ?? ''}${dialled}`;
    case '':
      return dialled;
    default:
      return unreachable(form);
  }
}
