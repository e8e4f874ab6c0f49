import type { CardLifeService } from '@tollwire/contracts';
import type { ServiceImplementation } from '@tollwire/messaging';
import type { CardDeps } from './card.deps.ts';
import { cardRecord, cardRecords } from './cards/card-records.ts';
import { changeCards } from './cards/change-cards.ts';
import { extendCards, suspendCards } from './cards/change-life.ts';
import { makePins } from './pins/make-pins.ts';
import { metaOf } from './wire/meta.ts';

/** Answers every request about the later life of cards. */
export function lifeAnswers(deps: CardDeps): ServiceImplementation<typeof CardLifeService> {
  const { aggregates, database, clock } = deps;
  return {
    suspendCards: (request, context) => suspendCards(deps, aggregates, request, metaOf(request.cards?.by ?? '', context)),
    resumeCards: (request, context) => changeCards(deps, aggregates, { type: 'Resume' }, request, metaOf(request.by, context)),
    extendCards: (request, context) => extendCards(deps, aggregates, request, metaOf(request.cards?.by ?? '', context)),
    getCard: (request) => cardRecord(database, request, clock.nowUs()),
    listCards: (request) => cardRecords(database, request, clock.nowUs()),
    makePins: (request, context) => makePins(deps, aggregates, request, metaOf(request.by, context)),
  };
}
