import type { Forgets } from '@tollwire/platform';
import type { EdgeDeps } from '../edge.deps.ts';

/**
 * Rows of files that were refused have the number starred out. Calls that wait to be told of are told first: they were accepted, and are
 * erased where they are kept then. The journal is the outbox, which forgets by itself.
 */
export const edgeForgets: Forgets<Pick<EdgeDeps, 'rowErrors' | 'importQueue'>> = {
  places: [
    { name: 'import_row_error', forget: async ({ rowErrors }, digits) => ({ count: await rowErrors.forget(digits) }) },
    {
      name: 'import_queue',
      forget: async ({ importQueue }, digits) => {
        const queued = await importQueue.countWith(digits);
        return queued === 0 ? { count: 0 } : { count: 0, waitsFor: 'calls of files that are not told of yet' };
      },
    },
  ],
};
