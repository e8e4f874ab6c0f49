import type { CodedRefusal, ExtendCardsRequest, SuspendCardsRequest } from '@tollwire/contracts';
import { instantUs, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import type { EventMeta } from '@tollwire/event-store';
import type { Aggregates, CardDeps } from '../card.deps.ts';
import { suspensionReasons } from '../domain/card-standing.ts';
import { restoreExtended } from '../sweeps/restore-credit.ts';
import { type CardsChange, changeCards } from './change-cards.ts';

type LifeDeps = Pick<CardDeps, 'clock'>;
type MoneyDeps = Pick<CardDeps, 'database' | 'clock' | 'root' | 'wakeRelay'>;

const noCards = { code: 'field_missing', field: 'cards', detail: 'Name the cards.' } as const;

/** Suspends cards for a reason, each with its own answer. Refuses a reason that there is none of. */
export async function suspendCards(deps: LifeDeps, aggregates: Aggregates, { cards, reason: named }: SuspendCardsRequest, meta: EventMeta): Promise<Result<CardsChange, CodedRefusal>> {
  const reason = suspensionReasons.find((one) => one === named);
  if (reason === undefined) return refuse({ code: 'field_malformed', field: 'reason', detail: `Say why: ${suspensionReasons.join(', ')}.` });
  return cards === undefined ? refuse(noCards) : await changeCards(deps, aggregates, { type: 'Suspend', reason }, cards, meta);
}

/**
 * Lets cards live until a later instant, each with its own answer; credit that they had lost is theirs again when that is answered.
 * Refuses an instant that is none.
 */
export async function extendCards(deps: MoneyDeps, aggregates: Aggregates, { cards, untilUs }: ExtendCardsRequest, meta: EventMeta): Promise<Result<CardsChange, CodedRefusal>> {
  const until = Number(untilUs);
  if (!Number.isSafeInteger(until) || until <= 0) return refuse({ code: 'field_out_of_range', field: 'until', detail: 'Give the instant at which the cards end.' });
  if (cards === undefined) return refuse(noCards);
  const extended = await changeCards(deps, aggregates, { type: 'Extend', until: instantUs(until) }, cards, meta);
  // Repeated, an extension changes nothing, so whoever hears of a failure here asks again; a sweep does so each minute.
  if (extended.ok) await restoreExtended(deps);
  return extended;
}
