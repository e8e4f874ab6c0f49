import { fromBinary, toJson } from '@bufbuild/protobuf';
import { type EventDefinition, publicEvents } from '@tollwire/contracts';
import type { DeadLetter } from '@tollwire/event-store';
import { maskedNumber } from '@tollwire/telecom';

const definitions = new Map(Object.values<EventDefinition>(publicEvents).map((definition) => [definition.type, definition]));

/** Fields of events that are the number of somebody, or hold it. */
const numberFields: ReadonlySet<string> = new Set(['cli', 'calledNumber', 'calledE164', 'channel']);

/** Why a letter was parked, as who mends its cause may see it: of a number that was dialled, which rating names beside the call, its prefix. */
export function letterDetail(detail: string): string {
  return detail.replaceAll(/(?<="dialled":")(?:[^"\\]|\\.)*(?=")/g, maskedNumber);
}

/** What a dead letter tells, as JSON for who mends its cause; numbers are masked, because nobody is asked here why they want to see them. Empty where it cannot be read. */
export function letterContent({ kind, event }: Pick<DeadLetter, 'kind' | 'event'>): string {
  const definition = definitions.get(event.type);
  if (kind !== 'event' || definition === undefined) return '';
  try {
    const told = toJson(definition.schema, fromBinary(definition.schema, event.dataBytes));
    return JSON.stringify(told, (field, value: unknown) => (typeof value === 'string' && numberFields.has(field) ? maskedNumber(value) : value));
  } catch {
    // Bytes that are no such event are why the letter was parked; its reason says so.
    return '';
  }
}
