import type { CallersService } from '@tollwire/contracts';
import { ok } from '@tollwire/core';
import type { ServiceImplementation } from '@tollwire/messaging';
import { listAddresses, registerAddress, removeAddress } from './callers/addresses.ts';
import { bindCli, bindingOf, clisOfCardMax, unbindCli } from './callers/bind-cli.ts';
import { listPolicies, setPolicy } from './callers/policies.ts';
import type { CardDeps } from './card.deps.ts';
import { metaOf } from './wire/meta.ts';

/** Answers every request about who is calling. */
export function callersAnswers(deps: CardDeps): ServiceImplementation<typeof CallersService> {
  const { aggregates, database } = deps;
  return {
    async bindCli(request, context) {
      const binding = bindingOf(request);
      return binding.ok ? await bindCli(deps, aggregates, binding.value, clisOfCardMax, metaOf(request.by, context)) : binding;
    },
    async unbindCli(request, context) {
      const binding = bindingOf(request);
      return binding.ok ? await unbindCli(deps, aggregates, binding.value, metaOf(request.by, context)) : binding;
    },
    setCallerPolicy: (request) => setPolicy(database, request),
    listCallerPolicies: async () => ok(await listPolicies(database)),
    registerAddress: (request) => registerAddress(database, request),
    removeAddress: (request) => removeAddress(database, request),
    listAddresses: async () => ok(await listAddresses(database)),
  };
}
