import type { RecordsService } from '@tollwire/contracts';
import type { ServiceImplementation } from '@tollwire/messaging';
import type { CdrDeps } from '../cdr.deps.ts';
import { listUnmaskings } from '../numbers/list-unmaskings.ts';

/** The answers of RecordsService. */
export function recordsAnswers({ database }: Pick<CdrDeps, 'database'>): ServiceImplementation<typeof RecordsService> {
  return {
    listUnmaskings: (request) => listUnmaskings(database, request),
  };
}
