import type { RecordsService } from '@tollwire/contracts';
import type { ServiceImplementation } from '@tollwire/messaging';
import type { CdrDeps } from '../cdr.deps.ts';
import { eraseNumbers, listErasures } from '../numbers/erasure-answers.ts';
import { listUnmaskings } from '../numbers/list-unmaskings.ts';

/** The answers of RecordsService. */
export function recordsAnswers({ database, clock }: Pick<CdrDeps, 'database' | 'clock'>): ServiceImplementation<typeof RecordsService> {
  return {
    listUnmaskings: (request) => listUnmaskings(database, request),
    eraseNumbers: (request) => eraseNumbers({ database, clock }, request),
    listErasures: () => listErasures(database),
  };
}
