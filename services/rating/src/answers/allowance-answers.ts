import { type AllowanceService, callKey } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { ServiceImplementation } from '@tollwire/messaging';
import { defineBundle, listBundles } from '../allowances/define-bundle.ts';
import { grantAllowance, listGrants } from '../allowances/grant-allowance.ts';
import { dropHolds } from '../allowances/keep.ts';
import { showAllowances } from '../allowances/show-allowances.ts';
import { dropPorted } from '../rated-calls/ported-calls.ts';
import type { RatingDeps } from '../rating.deps.ts';

/** Calls whose holds one request gives up. */
const CALLS_MAX = 1_000;

/** Answers every request about free seconds. */
export function allowanceAnswers(deps: RatingDeps): ServiceImplementation<typeof AllowanceService> {
  const { database, clock } = deps;
  return {
    defineBundle: (request) => defineBundle(database, request, clock.nowUs()),
    listBundles: async ({ afterName }) => ok(await listBundles(database, afterName)),
    grantAllowance: (request) => grantAllowance(deps, request),
    listGrants: (request) => listGrants(database, request),
    showAllowances: (request) => showAllowances(deps, request),
    releaseHolds: async ({ calls }) => {
      if (calls.length > CALLS_MAX) return refuse({ code: 'too_many_items', field: 'calls', facts: { itemsMax: String(CALLS_MAX) } });
      const keys = calls.map(callKey);
      await Promise.all([dropHolds(database, keys), dropPorted(database, keys), deps.authorized.drop(database, keys)]);
      deps.authorized.forget(keys);
      return ok({});
    },
  };
}
