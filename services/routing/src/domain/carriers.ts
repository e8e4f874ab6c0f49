import { ok, type Refusal, type Result } from '@tollwire/core';
import { type E164, withPortability } from '@tollwire/telecom';
import type { QualityLock } from './carrier-quality.ts';
import type { Gateway, NamedGateway, ProviderBalance } from './provider.ts';
import type { ProviderLimits } from './provider-limits.ts';
import type { RouteQuestion } from './route.ts';

/** A provider as the router sees it. `number` is its place in the index's arrays. */
export interface Carrier {
  readonly number: number;
  readonly carrierCode: string;
  readonly name: string;
  readonly gateway: Gateway;
  /** Undefined where it has the one. */
  readonly gateways?: readonly NamedGateway[];
  readonly priority: number;
  readonly active: boolean;
  /** Undefined where none were agreed. */
  readonly limits?: ProviderLimits;
  /** What was left to be used up with it, and since when; undefined: any amount. */
  readonly balance?: ProviderBalance;
  /** For its quality; of each destination the last one. */
  readonly locks?: readonly QualityLock[];
}

/** What number portability answered of a call. */
export type Ported = Pick<RouteQuestion, 'routedBy' | 'npdi'>;

/** What was looked up of a called number: a routing number that is the called number leads nowhere else, and tells that there was a lookup. */
export function portedOf<Refused extends Refusal>(
  { routingNumber, npdi }: { readonly routingNumber: Result<E164, Refused> | undefined; readonly npdi: boolean }, called: E164,
): Result<Ported, Refused> {
  const looked = npdi || routingNumber !== undefined ? { npdi: true } : {};
  if (routingNumber === undefined) return ok(looked);
  return routingNumber.ok ? ok(routingNumber.value === called ? looked : { ...looked, routedBy: routingNumber.value }) : routingNumber;
}

/** The called number as the carrier wants it: so many digits stripped, then a prefix added, and what was found of its portability in the carrier's form. */
export function numberForCarrier(e164: string, gateway: Pick<Gateway, 'stripDigits' | 'addPrefix' | 'portability'>, { routedBy, npdi = false }: Ported = {}): string {
  const { addPrefix, stripDigits, portability = '' } = gateway;
  const ported = { routingNumber: routedBy, npdi };
  const digits = e164.slice(stripDigits);
  // A technical prefix is dialled before everything.
  return portability === 'prefix' ? addPrefix + withPortability(digits, portability, ported) : withPortability(addPrefix + digits, portability, ported);
}
