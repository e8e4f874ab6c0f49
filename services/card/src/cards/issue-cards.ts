import type { CodedRefusal, IssueCardsRequest } from '@tollwire/contracts';
import { assert, ok, present, refuse } from '@tollwire/core';
import type { InstantUs, Result } from '@tollwire/core';
import { enqueue, isTransient } from '@tollwire/event-store';
import type { EventMeta, RetryableError, Sql } from '@tollwire/event-store';
import type { Aggregates, CardDeps } from '../card.deps.ts';
import { nextStep } from '../domain/card-batch.ts';
import type { CardBatchState, CardOrder } from '../domain/card-batch.ts';
import type { CardType } from '../domain/card-type.ts';
import { fundingTransfer, ledgerAccount } from '../domain/ledger.ts';
import { lowBalanceScope } from '../domain/low-balance.ts';
import { openAccounts } from '../ledger/open-accounts.ts';
import { postTransfers } from '../ledger/transfers.ts';
import { cardsIssuedOf } from '../wire/public-events.ts';
import { textOf } from '../wire/text.ts';
import { findCardType } from './find-card-type.ts';

/** Somebody has a card of an id that was drawn, or goes on with the same order: draw again, from what stands now. */
class DrawAgain extends Error implements RetryableError {
  readonly retryable = true;
  override readonly name = 'DrawAgain';

  constructor(refused: string, { code }: { readonly code: string }) {
    super(`${refused}: ${code}`);
    // Only this can pass by drawing again; whatever else is refused here is a bug.
    assert(code === 'conflict', this.message);
  }
}

const attemptsMax = 10;

type IssueDeps = Pick<CardDeps, 'database' | 'clock' | 'root' | 'wakeRelay' | 'drawCardIds'>;

/**
 * Makes the cards of an order, in steps of at most 1,000: ids, start credit and events of a step are one transaction.
 * The credit is posted here, not at activation: the documented card shows it from the order on, and a card that is not
 * active cannot spend it. Named by its batch id, an order asked for again answers the same cards; one that was
 * interrupted goes on where it stood.
 */
export async function issueCards(
  deps: IssueDeps,
  aggregates: Aggregates,
  request: IssueCardsRequest,
  meta: EventMeta,
): Promise<Result<string[], CodedRefusal>> {
  const batchId = textOf(request.batchId, 'batchId');
  if (!batchId.ok) return batchId;
  const { cardTypeId, resellerId, quantity } = request;
  const order: CardOrder = { batchId: batchId.value, cardTypeId, resellerId, quantity };
  const cardType = await findCardType(deps.database, cardTypeId);
  if (cardType !== null && !(await resellerExists(deps.database, resellerId))) return refuse({ code: 'unknown_reseller' });
  for (let attempt = 1; ; attempt += 1) {
    const placed = await aggregates.batches.handle(order.batchId, { type: 'Order', order, cardType, at: deps.clock.nowUs() }, meta);
    if (!placed.ok) return placed;
    try {
      await makeRest(deps, aggregates, { order, cardType: present(cardType, 'the type of an order that was placed'), meta }, placed.value.state);
      return ok(await cardsOfBatch(deps.database, order.batchId));
    } catch (error) {
      if (!isTransient(error) || attempt === attemptsMax) throw error;
    }
  }
}

async function makeRest(deps: IssueDeps, aggregates: Aggregates, work: Work, from: CardBatchState): Promise<void> {
  let state = from;
  for (let count = nextStep(state); count > 0; count = nextStep(state)) {
    const cardIds = deps.drawCardIds(count);
    state = await deps.database.transaction((tx) => makeStep(deps.root, tx, aggregates, { ...work, cardIds, at: deps.clock.nowUs() }));
    deps.wakeRelay();
  }
}

/** An order with the type of its cards, and who placed it. */
interface Work {
  readonly order: CardOrder;
  readonly cardType: CardType;
  readonly meta: EventMeta;
}

interface Step extends Work {
  readonly cardIds: readonly string[];
  readonly at: InstantUs;
}

async function makeStep(root: string, tx: Sql, { batches, cards }: Aggregates, step: Step): Promise<CardBatchState> {
  const { order, cardType, cardIds, at, meta } = step;
  const [made] = await batches.handleIn(tx, [{ id: order.batchId, command: { type: 'Make', cardIds, at }, meta }]);
  const stepped = present(made, 'an answer for the step');
  if (!stepped.ok) throw new DrawAgain('The batch takes no such step now', stepped.refusal);
  const { cardTypeId, resellerId, batchId } = order;
  const { lifetimeDays, expiresFrom = 'activation', expiresOn = null, activatesOnUse = false } = cardType;
  const card = { cardTypeId, resellerId, batchId, lifetimeDays, expiresFrom, expiresOn, activatesOnUse };
  const issued = await cards.handleIn(tx, cardIds.map((id) => ({ id, command: { type: 'Issue' as const, card, at }, meta })));
  for (const answer of issued) if (!answer.ok) throw new DrawAgain('A card of that id is there', answer.refusal);
  await Promise.all([putCredit(tx, step), enqueue(tx, root, [cardsIssuedOf(order, cardType, cardIds, at, meta['traceparent'])])]);
  return stepped.value.state;
}

async function putCredit(tx: Sql, { cardType: { cardTypeId, valueNanos, currency }, cardIds, at, meta }: Step): Promise<void> {
  assert(valueNanos >= 0n, 'a card is not worth less than nothing');
  const terms = { currency, amountNanos: valueNanos, code: 'card_value', postedBy: meta['by'] ?? null } as const;
  const opened = { currency, creditNanos: valueNanos, creditLimitNanos: 0n, class: lowBalanceScope.cardType(cardTypeId) };
  const accounts = cardIds.map((cardId) => ({ id: ledgerAccount.card(cardId), ...opened }));
  const transfers =
    valueNanos === 0n ? [] : cardIds.map((cardId) => fundingTransfer({ ...terms, id: `card_value:${cardId}`, accountId: ledgerAccount.card(cardId) }));
  await Promise.all([openAccounts(tx, accounts), postTransfers(tx, transfers, at)]);
}

async function resellerExists(sql: Sql, resellerId: number): Promise<boolean> {
  const rows = await sql.query('SELECT 1 FROM reseller WHERE resellerid = $1::bigint', [resellerId]);
  return rows.length > 0;
}

async function cardsOfBatch(sql: Sql, batchId: string): Promise<string[]> {
  const rows = await sql.query<{ cardid: string }>('SELECT cardid FROM card_state WHERE batch_id = $1 ORDER BY cardid', [batchId]);
  return rows.map(({ cardid }) => cardid);
}
