import type { RecordsService } from '@tollwire/contracts';
import type { ServiceImplementation } from '@tollwire/messaging';
import type { CdrDeps } from '../cdr.deps.ts';
import { eraseNumbers, eraseOneNumber, listErasures } from '../numbers/erasure-answers.ts';
import { listUnmaskings } from '../numbers/list-unmaskings.ts';

/** The answers of RecordsService. */
export function recordsAnswers({ database, clock, numbers }: Pick<CdrDeps, 'database' | 'clock' | 'numbers'>): ServiceImplementation<typeof RecordsService> {
  return {
    listUnmaskings: (request) => listUnmaskings(database, request),
    eraseNumbers: (request) => eraseNumbers({ database, clock }, request),
    eraseNumber: (request) => eraseOneNumber({ database, clock, numbers }, request),
    listErasures: () => listErasures(database),
  };
}
