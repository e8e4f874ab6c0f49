import type { CodedRefusal } from '@tollwire/contracts';
import { unreachable } from '@tollwire/core';
import type { DirectRateRefusal } from '../domain/direct-rates.ts';

/** Why direct rates were not loaded or withdrawn, as it is published. */
export function directRateRefusal(refusal: DirectRateRefusal): CodedRefusal {
  switch (refusal.code) {
    case 'too_many_rates':
      return { code: 'too_many_items', detail: `At most ${refusal.ratesMax} rates at once; import a longer deck into a carrier plan`, field: 'rates' };
    case 'too_many_withdrawn':
      return { code: 'too_many_items', detail: `At most ${refusal.ratesMax} rates end at once; withdraw fewer destinations at a time, or prefixes of them`, field: 'countryPrefixIds' };
    case 'duplicate_prefix':
      return { code: 'conflict', detail: `Prefix ${refusal.prefix} is given twice`, field: 'rates', facts: { prefix: refusal.prefix } };
    case 'unknown_rate':
      return { code: 'unknown_provider_rate', detail: `The provider never offered prefix ${refusal.prefix} directly; nothing was withdrawn`, field: 'prefixes', facts: { prefix: refusal.prefix } };
    case 'rate_withdrawn':
      return { code: 'provider_rate_withdrawn', detail: `Prefix ${refusal.prefix} was withdrawn before; nothing else was withdrawn`, field: 'prefixes', facts: { prefix: refusal.prefix } };
    case 'unknown_destination':
      return { code: 'unknown_provider_rate', ...ofDestination(refusal, 'The provider never offered a rate for destination') };
    case 'destination_withdrawn':
      return { code: 'provider_rate_withdrawn', ...ofDestination(refusal, 'No rate stands any more for destination') };
    default:
      return unreachable(refusal);
  }
}

function ofDestination({ countryPrefixId }: { readonly countryPrefixId: number }, why: string): Omit<CodedRefusal, 'code'> {
  return { detail: `${why} ${countryPrefixId}; nothing was withdrawn`, field: 'countryPrefixIds', facts: { countryPrefixId: String(countryPrefixId) } };
}
