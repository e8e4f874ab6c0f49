import type { RoutingService } from '@tollwire/contracts';
import type { ServiceImplementation } from '@tollwire/messaging';
import { listProviderRates, loadProviderRates, withdrawProviderRates } from './answers/direct-rate-answers.ts';
import { carryOut, listProviders, registerProvider, setProviderLimits, stateProviderBalance } from './answers/provider-answers.ts';
import { listRoutingPolicies, setRoutingPolicy } from './answers/policy-answers.ts';
import { setProviderGateways } from './answers/gateway-answers.ts';
import { compareRoutes } from './answers/compare-answers.ts';
import { measuredCarriers } from './answers/measured-answers.ts';
import { routeBatch } from './answers/route-answers.ts';
import type { RoutingDeps } from './routing.deps.ts';
import { metaOf } from './wire/meta.ts';

/** Answers every request to routing. */
export function routingAnswers(deps: RoutingDeps): ServiceImplementation<typeof RoutingService> {
  const at = () => deps.clock.nowUs();
  return {
    route: async (request) => routeBatch(deps.router, request, deps.leases),
    compareRoutes: (request) => compareRoutes(deps, request),
    registerProvider: (request, context) => registerProvider(deps, request, metaOf(request.by, context)),
    loadProviderRates: (request, context) => loadProviderRates(deps, request, metaOf(request.by, context)),
    withdrawProviderRates: (request, context) => withdrawProviderRates(deps, request, metaOf(request.by, context)),
    listProviderRates: (request) => listProviderRates(deps, request),
    suspendProvider: ({ carrierCode, by }, context) => carryOut(deps, carrierCode, { type: 'Suspend', by, at: at() }, metaOf(by, context)),
    resumeProvider: ({ carrierCode, by }, context) => carryOut(deps, carrierCode, { type: 'Resume', by, at: at() }, metaOf(by, context)),
    setProviderLimits: (request, context) => setProviderLimits(deps, request, metaOf(request.by, context)),
    setProviderGateways: (request, context) => setProviderGateways(deps, request, metaOf(request.by, context)),
    stateProviderBalance: (request, context) => stateProviderBalance(deps, request, metaOf(request.by, context)),
    measuredCarriers: async (request) => measuredCarriers(deps, request),
    listProviders: () => listProviders(deps),
    setRoutingPolicy: (request, context) => setRoutingPolicy(deps, request, metaOf(request.by, context)),
    listRoutingPolicies: () => listRoutingPolicies(deps),
  };
}
