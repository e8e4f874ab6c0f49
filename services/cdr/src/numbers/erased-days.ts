import { unreachable } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { callKey } from '@tollwire/contracts';
import { maskedNumber } from '@tollwire/telecom';
import type { CallEvent } from '../domain/call.ts';
import type { ToldEvent } from '../projections/call-log.ts';
import { erasedAmong } from './erased-calls.ts';
import { erasedDay, keysIn, type KeysByDay, type NumberKeys } from './number-keys.ts';
import { sealingDayOf } from './sealed-events.ts';

/** Events as they are recorded: those of a day or a call that is erased say no more of people than the calls still do. */
export async function maskedWhereErased(tx: Sql, keys: NumberKeys, events: readonly ToldEvent[]): Promise<readonly ToldEvent[]> {
  const byDay = await keys.forDays(tx, events.flatMap(({ event }) => sealingDayOf(event) ?? []));
  const masked = maskedByDay(byDay, events);
  if (!(await keys.areCallsErased(tx))) return masked;
  const erased = await erasedAmong(tx, events);
  return masked.map((told) => (sealingDayOf(told.event) !== null && erased.has(callKey(told.event.call)) ? { ...told, event: maskedEvent(told.event), day: erasedDay } : told));
}

function maskedByDay(byDay: KeysByDay, events: readonly ToldEvent[]): readonly ToldEvent[] {
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
