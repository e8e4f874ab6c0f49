import { commandHandler, readModel } from '@tollwire/event-store';
import { accountList } from './accounts/account-projection.ts';
import type { CardDeps } from './card.deps.ts';
import { batchList, cardList, cardTypeList, orderList, saleList, streamPrefixes } from './cards/card-projections.ts';
import { account } from './domain/account.ts';
import { cardBatch } from './domain/card-batch.ts';
import { cardType } from './domain/card-type.ts';
import { card } from './domain/card.ts';
import { accountEventsOf, cardEventsOf } from './wire/public-events.ts';

/** Who carries out the commands of each kind of aggregate. */
export type Aggregates = ReturnType<typeof aggregatesOf>;

/** Binds the deciders to their streams, read models and public events. */
export function aggregatesOf({ database, root, wakeRelay: afterPublish }: Pick<CardDeps, 'database' | 'root' | 'wakeRelay'>) {
  const stored = { database, root, afterPublish };
  return {
    cards: commandHandler({
      ...stored,
      decider: card,
      streamOf: (cardId) => `${streamPrefixes.card}${cardId}`,
      projections: [readModel(cardList), readModel(orderList), readModel(saleList)],
      publish: ({ stream, event, meta }) => cardEventsOf(stream.slice(streamPrefixes.card.length), event, meta['traceparent']),
    }),
    cardTypes: commandHandler({
      ...stored,
      decider: cardType,
      streamOf: (id) => `${streamPrefixes.cardType}${id}`,
      projections: [readModel(cardTypeList)],
    }),
    batches: commandHandler({
      ...stored,
      decider: cardBatch,
      streamOf: (batchId) => `${streamPrefixes.batch}${batchId}`,
      projections: [readModel(batchList)],
    }),
    accounts: commandHandler({
      ...stored,
      decider: account,
      streamOf: (customerId) => `${streamPrefixes.account}${customerId}`,
      projections: [readModel(accountList)],
      publish: ({ event, meta }) => accountEventsOf(event, meta['traceparent']),
    }),
  };
}
