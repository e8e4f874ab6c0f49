import { create, toBinary } from '@bufbuild/protobuf';
import { CardDeactivatedSchema, publicEventOf, publicEvents, type PublicEvent, type ReceivedEvent } from '@tollwire/contracts';

const startUs = 1_760_000_000_000_000;

/** The `n`th public event of a suite: card 1000 + n deactivated. */
export function publicEvent(n: number): PublicEvent {
  const cardId = String(1000 + n);
  return publicEventOf(publicEvents.CardDeactivated, {
    source: 'tollwire/card',
    timeUs: startUs + n,
    parts: [cardId],
    data: { cardId, deactivatedAtUs: BigInt(startUs + n) },
  });
}

/** The same event as a consumer receives it. */
export function receivedEvent(n: number): ReceivedEvent {
  const { id, definition, source, key, timeUs } = publicEvent(n);
  const data = create(CardDeactivatedSchema, { cardId: String(1000 + n), deactivatedAtUs: BigInt(startUs + n) });
  return { id, type: definition.type, source, key, timeUs, dataBytes: toBinary(CardDeactivatedSchema, data) };
}

/** `count` events from the `first`th on. */
export function receivedEvents(count: number, first = 0): ReceivedEvent[] {
  return Array.from({ length: count }, (_unused, index) => receivedEvent(first + index));
}
