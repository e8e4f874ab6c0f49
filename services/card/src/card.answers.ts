import type { CardService } from '@tollwire/contracts';
import { ok } from '@tollwire/core';
import type { ServiceImplementation } from '@tollwire/messaging';
import { balanceOf } from './accounts/balance.ts';
import { openAccount } from './accounts/open-account.ts';
import { postCredit } from './accounts/post-credit.ts';
import { authorizer } from './authorize/authorize.ts';
import type { CardDeps } from './card.deps.ts';
import { changeCards } from './cards/change-cards.ts';
import { createCardType, offerCardType } from './cards/create-card-type.ts';
import { issueCards } from './cards/issue-cards.ts';
import { listCardTypes } from './cards/list-card-types.ts';
import { listResellers, registerReseller } from './cards/register-reseller.ts';
import { planUsers } from './cards/plan-users.ts';
import { creditCounts } from './ledger/counts.ts';
import { cardTotals } from './ledger/totals.ts';
import { metaOf } from './wire/meta.ts';

/** Answers every request to card. */
export function cardAnswers(deps: CardDeps): ServiceImplementation<typeof CardService> {
  const { aggregates } = deps;
  const authorize = authorizer(deps);
  const counts = creditCounts();
  return {
    async authorize({ items }, { traceparent }) {
      const decided = await authorize(items, traceparent);
      if (!decided.ok) return decided;
      counts.authorized(decided.value.map(({ result }) => result));
      return ok({ results: decided.value });
    },
    registerReseller: (request) => registerReseller(deps, request),
    createCardType: (request, context) => createCardType(deps, aggregates, request, metaOf(request.by, context)),
    withdrawCardType: (request, context) => offerCardType(deps, aggregates, 'Withdraw', request, metaOf(request.by, context)),
    offerCardType: (request, context) => offerCardType(deps, aggregates, 'Offer', request, metaOf(request.by, context)),
    listCardTypes: async () => ok(await listCardTypes(deps.database)),
    listResellers: async () => ok(await listResellers(deps.database)),
    async issueCards(request, context) {
      const issued = await issueCards(deps, aggregates, request, metaOf(request.by, context));
      return issued.ok ? ok({ cardIds: issued.value }) : issued;
    },
    sellCards: (request, context) => changeCards(deps, aggregates, { type: 'Sell' }, request, metaOf(request.by, context)),
    payCards: (request, context) => changeCards(deps, aggregates, { type: 'Pay' }, request, metaOf(request.by, context)),
    activateCards: (request, context) => changeCards(deps, aggregates, { type: 'Activate' }, request, metaOf(request.by, context)),
    deactivateCards: (request, context) => changeCards(deps, aggregates, { type: 'Deactivate' }, request, metaOf(request.by, context)),
    openAccount: (request, context) => openAccount(deps, aggregates, request, metaOf(request.by, context)),
    postCredit: (request) => postCredit(deps, request),
    balance: ({ party }) => balanceOf(deps.database, party, deps.clock.nowUs()),
    listPlanUsers: ({ plan }) => planUsers(deps.database, plan),
    totals: async () => ok(await cardTotals(deps.database)),
  };
}
