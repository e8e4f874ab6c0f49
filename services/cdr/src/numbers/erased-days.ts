import { unreachable } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { maskedNumber } from '@tollwire/telecom';
import type { CallEvent } from '../domain/call.ts';
import type { ToldEvent } from '../projections/call-log.ts';
import { keysIn, type NumberKeys } from './number-keys.ts';
import { sealingDayOf } from './sealed-events.ts';

/** Events as they are recorded: those of a day that is erased say no more of people than its calls still do. */
export async function maskedWhereErased(tx: Sql, keys: NumberKeys, events: readonly ToldEvent[]): Promise<readonly ToldEvent[]> {
  const byDay = await keys.forDays(tx, events.flatMap(({ event }) => sealingDayOf(event) ?? []));
  if ([...byDay.values()].every((each) => each !== null)) return events;
  return events.map((told) => {
    const day = sealingDayOf(told.event);
    return day === null || keysIn(byDay, day) !== null ? told : { ...told, event: maskedEvent(told.event) };
  });
}

function maskedEvent(event: CallEvent): CallEvent {
  switch (event.type) {
    case 'CallStarted':
      return { ...event, facts: { ...event.facts, ...maskedFacts(event.facts) } };
    case 'CallEnded':
      return { ...event, facts: { ...event.facts, ...maskedFacts(event.facts) } };
    case 'CallRated':
      return { ...event, facts: { ...event.facts, calledE164: maskedNumber(event.facts.calledE164) } };
    case 'CallRinging':
    case 'CallAnswered':
    case 'CallAbandoned':
      return event;
    default:
      return unreachable(event);
  }
}

function maskedFacts({ cli, calledNumber, channel }: { cli: string; calledNumber: string; channel: string }) {
  return { cli: maskedNumber(cli), calledNumber: maskedNumber(calledNumber), channel: maskedNumber(channel) };
}
