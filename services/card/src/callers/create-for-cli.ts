import { create } from '@bufbuild/protobuf';
import { CardSelectionSchema, IssueCardsRequestSchema } from '@tollwire/contracts';
import type { CodedRefusal } from '@tollwire/contracts';
import { ok, present } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import type { CardDeps } from '../card.deps.ts';
import { changeCards } from '../cards/change-cards.ts';
import { issueCards } from '../cards/issue-cards.ts';
import { type CliOrder, cliOrderOf } from './cli-order.ts';
import { bindCli, clisOfCardMax } from './bind-cli.ts';

const meta = { by: 'caller policy' };

/**
 * Makes, activates and binds the card of a caller whom nobody knew. The order is named by the caller, so any number of first calls at
 * once make one card, also where their trunks make cards of different types; what was interrupted is gone on with by the next call.
 * Refuses cli_taken where somebody bound the caller to another card meanwhile, and what issuing refuses.
 */
export async function createForCli(deps: CardDeps, asked: CliOrder): Promise<Result<string, CodedRefusal>> {
  const issued = await issueOne(deps, asked);
  if (!issued.ok) return issued;
  const cardId = present(issued.value[0], 'the card of the order');
  const activated = await changeCards(deps, deps.aggregates, { type: 'Activate' }, create(CardSelectionSchema, { cardIds: [cardId] }), meta);
  if (!activated.ok) return activated;
  const bound = await bindCli(deps, deps.aggregates, { cardId, cli: asked.cli }, clisOfCardMax, meta);
  return bound.ok ? ok(cardId) : bound;
}

async function issueOne(deps: CardDeps, asked: CliOrder): Promise<Result<string[], CodedRefusal>> {
  const place = async () => {
    const order = create(IssueCardsRequestSchema, { ...(await cliOrderOf(deps.database, deps.pins.secrets, asked)), quantity: 1 });
    return await issueCards(deps, deps.aggregates, order, meta);
  };
  const issued = await place();
  // Another trunk's order was first: it stands now.
  return !issued.ok && issued.refusal.code === 'idempotency_mismatch' ? await place() : issued;
}
