import type { QualityLock } from './carrier-quality.ts';
import type { Gateway, NamedGateway, ProviderBalance } from './provider.ts';
import type { ProviderLimits } from './provider-limits.ts';

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

/** The called number as the carrier wants it: so many digits stripped, then a prefix added. */
export function numberForCarrier(e164: string, gateway: Pick<Gateway, 'stripDigits' | 'addPrefix'>): string {
  return gateway.addPrefix + e164.slice(gateway.stripDigits);
}
