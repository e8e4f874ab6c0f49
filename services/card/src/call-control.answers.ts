import type { CallControlService } from '@tollwire/contracts';
import { ok } from '@tollwire/core';
import type { ServiceImplementation } from '@tollwire/messaging';
import { extender } from './authorize/extend.ts';
import { listRefused } from './authorize/list-refused.ts';
import { releaseCall } from './authorize/release.ts';
import { showRoute } from './authorize/show-route.ts';
import type { CardDeps } from './card.deps.ts';
import { listDialerSettings, setDialerSetting } from './dialing/dialer-settings.ts';
import { allowGateways, limitAccount, limitCardType, resumeAccount, suspendAccount } from './dialing/limit.ts';
import { showDialing } from './dialing/show-dialing.ts';
import { callCounts } from './ledger/counts.ts';
import { showReserved } from './ledger/reserved.ts';
import { metaOf, namedBy } from './wire/meta.ts';

/** Answers what is asked of calls that were let through, and of how much one may call at a time. */
export function callControlAnswers(deps: CardDeps): ServiceImplementation<typeof CallControlService> {
  const extend = extender(deps);
  const counts = callCounts();
  return {
    async extendCall(request, { traceparent }) {
      const extended = await extend(request, traceparent);
      if (extended.ok) counts.extended(extended.value.result);
      return extended;
    },
    async releaseCall(request, { traceparent }) {
      const released = await releaseCall(deps, request, traceparent);
      if (released.ok) counts.released();
      return released;
    },
    setDialerSetting: (request) => setDialerSetting(deps, request),
    listDialerSettings: async () => ok({ settings: await listDialerSettings(deps.database) }),
    limitAccount: (request, context) => limitAccount(deps, request, metaOf(request.by, context)),
    allowGateways: (request, context) => allowGateways(deps, request, metaOf(request.by, context)),
    limitCardType: (request) => limitCardType(deps, request, namedBy(request.by)),
    suspendAccount: (request, context) => suspendAccount(deps, request, metaOf(request.by, context)),
    resumeAccount: (request, context) => resumeAccount(deps, request, metaOf(request.by, context)),
    showDialing: (request) => showDialing(deps, request),
    showRoute: (request) => showRoute(deps, request),
    listRefusedCalls: (request) => listRefused(deps, request),
    showReserved: async () => ok(await showReserved(deps.database)),
  };
}
