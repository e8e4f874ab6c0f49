import { type CodedRefusal, publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import type { Result } from '@tollwire/core';
import type { ParkedEvent, Reaction, Sql } from '@tollwire/event-store';
import { outcomesOf } from '../domain/attempts.ts';
import { addMinutes, keepRinging, minutesOf, takeRinging } from '../projections/quality-table.ts';
import type { RoutingDeps } from '../routing.deps.ts';
import { type ReceivedEnd, receivedEndOf, receivedRingingOf } from '../wire/ended-call.ts';

/** Clocks of switches may be a little ahead. */
const AHEAD_US = 60_000_000;

/**
 * Counts the attempts of calls that are over, by carrier, destination and minute; each call once. What ended before the
 * window, as calls of an imported file, says nothing of now and is not counted.
 */
export function measureQuality({ clock, qualityWindowSec }: Pick<RoutingDeps, 'clock' | 'qualityWindowSec'>): Reaction {
  return {
    name: 'measure-quality',
    events: [publicEvents.CallRinging, publicEvents.CallEnded],
    handle: async (tx, events) => {
      const nowUs = clock.nowUs();
      const park: ParkedEvent[] = [];
      const ends = partOf(events, publicEvents.CallEnded.type, receivedEndOf, park);
      const ringing = partOf(events, publicEvents.CallRinging.type, receivedRingingOf, park);
      const rang = await ringingOf(tx, ringing, ends);
      const outcomes = ends.flatMap(({ callKey, call }) => outcomesOf({ ...call, ringingAtUs: rang.get(callKey) }));
      await addMinutes(tx, minutesOf(outcomes, nowUs - qualityWindowSec * 1_000_000, nowUs + AHEAD_US));
      return { park };
    },
  };
}

/** When the calls that ended rang; what rings on is kept. A batch without ringing costs no statement but one delete that finds nothing. */
async function ringingOf(tx: Sql, ringing: readonly { readonly callKey: string; readonly ringingAtUs: number }[], ends: readonly ReceivedEnd[]) {
  const over = new Set(ends.map(({ callKey }) => callKey));
  await keepRinging(tx, ringing.filter(({ callKey }) => !over.has(callKey)));
  const kept = over.size === 0 ? new Map<string, number>() : await takeRinging(tx, [...over]);
  return new Map([...kept, ...ringing.map(({ callKey, ringingAtUs }) => [callKey, ringingAtUs] as const)]);
}

/** The events of one type that can be read; the others are parked. */
function partOf<T>(
  events: readonly ReceivedEvent[], type: string, read: (event: ReceivedEvent) => Result<T, CodedRefusal>, park: ParkedEvent[],
): T[] {
  return events.filter((event) => event.type === type).flatMap((event) => {
    const parsed = read(event);
    if (parsed.ok) return [parsed.value];
    const { code, detail, field } = parsed.refusal;
    park.push({ eventId: event.id, code, detail: detail ?? `field: ${field}` });
    return [];
  });
}
