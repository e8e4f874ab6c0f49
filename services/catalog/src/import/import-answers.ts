import type { CatalogService } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { ServiceImplementation } from '@tollwire/messaging';
import { metaOf } from '../wire/meta.ts';
import { beginImport, unknownImport } from './append-import.ts';
import { ERRORS_MAX, type FinishDeps, finishDeckImport } from './finish-import.ts';
import { readErrors, readImport } from './import-store.ts';
import { PieceQueue } from './piece-queue.ts';
import { withAdvice } from './row-errors.ts';

type ImportMethods = 'beginDeckImport' | 'appendDeckImport' | 'finishDeckImport' | 'listDeckImportErrors';

/** Answers what imports decks. */
export function importAnswers(deps: FinishDeps): Pick<ServiceImplementation<typeof CatalogService>, ImportMethods> {
  const pieces = new PieceQueue(deps);
  /** Asked again while it runs (the asker's patience may be shorter), a run is waited for, not repeated. */
  const running = new Map<string, ReturnType<typeof finishDeckImport>>();
  return {
    beginDeckImport: (request) => beginImport(deps, request),
    appendDeckImport: (request) => pieces.append(request),
    finishDeckImport({ importId }, context) {
      const run = running.get(importId) ?? finishDeckImport(deps, importId, metaOf(context)).finally(() => running.delete(importId));
      running.set(importId, run);
      return run;
    },
    async listDeckImportErrors({ importId, afterLine }) {
      if ((await readImport(deps.database, importId)) === undefined) return refuse(unknownImport);
      const { errors, errorCount } = await readErrors(deps.database, importId, afterLine, ERRORS_MAX);
      return ok({ errors: errors.map(withAdvice), errorCount });
    },
  };
}
