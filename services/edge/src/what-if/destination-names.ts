import type { CodedRefusal, LookUpPrefixReply } from '@tollwire/contracts';
import { ok, type Result } from '@tollwire/core';
import type { EdgeAskers } from '../edge.deps.ts';

/** Whoever can ask the catalog. */
interface AsksCatalog {
  readonly catalog: Pick<EdgeAskers['catalog'], 'nameCountryPrefixes'>;
}

/** As many as one question to the catalog may have. */
const NAMED_MAX = 5_000;

/** What prefixes of the number plan are called, however many: calls of a week go to more of them than one question may have. */
export async function namesOf({ catalog }: AsksCatalog, countryPrefixIds: readonly number[]): Promise<Result<LookUpPrefixReply[], CodedRefusal>> {
  const names: LookUpPrefixReply[] = [];
  for (let from = 0; from < countryPrefixIds.length; from += NAMED_MAX) {
    const named = await catalog.nameCountryPrefixes({ countryPrefixIds: countryPrefixIds.slice(from, from + NAMED_MAX) });
    if (!named.ok) return named;
    names.push(...named.value.prefixes);
  }
  return ok(names);
}
