import { create, fromBinary, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { eventIdOf } from './event-id.ts';
import type { EventDefinition } from './public-events.ts';
import { EventRefused } from './refusals.ts';

/** An event about to be published. */
export interface PublicEvent<Desc extends DescMessage = DescMessage> {
  /** A UUID; see eventIdOf. */
  readonly id: string;
  readonly definition: EventDefinition<Desc>;
  /** Who says it, as a URI reference: `tollwire/card`, `switch/fs1`. */
  readonly source: string;
  /** The partition key, and the CloudEvents subject. */
  readonly key: string;
  /** When it happened: microseconds since 1970. */
  readonly timeUs: number;
  /** W3C trace context of the work that caused it. */
  readonly traceparent?: string;
  readonly data: MessageShape<Desc>;
  /** The encoding of `data`, where it has been made already. */
  readonly dataBytes?: Uint8Array;
}

/** An event as it was received: its envelope is checked, its data is still bytes. */
export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly key: string;
  readonly timeUs: number;
  readonly traceparent?: string;
  /** The protobuf message `type`, whichever form it arrived in. */
  readonly dataBytes: Uint8Array;
}

/**
 * An event with its key taken from its definition and its id from its content: `parts` name what makes it this event
 * and no other (the call, a revision), so that telling it again gives the same id.
 */
export function publicEventOf<Desc extends DescMessage>(
  definition: EventDefinition<Desc>,
  event: {
    readonly source: string;
    readonly timeUs: number;
    readonly parts: readonly string[];
    readonly traceparent?: string | undefined;
    readonly data: MessageInitShape<Desc>;
    readonly dataBytes?: Uint8Array;
  },
): PublicEvent<Desc> {
  const data = create(definition.schema, event.data);
  return {
    id: eventIdOf(definition.type, event.timeUs, event.parts),
    definition,
    source: event.source,
    key: definition.keyOf(data),
    timeUs: event.timeUs,
    ...(event.traceparent === undefined ? {} : { traceparent: event.traceparent }),
    data,
    ...(event.dataBytes === undefined ? {} : { dataBytes: event.dataBytes }),
  };
}

/** The data of an event. Throws EventRefused where the bytes are not that message, which parks the event and no other. */
export function dataOf<Desc extends DescMessage>(schema: Desc, received: ReceivedEvent): MessageShape<Desc> {
  if (received.type !== schema.typeName) {
    throw new EventRefused({ code: 'unexpected_event_type', detail: `Expected ${schema.typeName}, got ${received.type}` });
  }
  try {
    return fromBinary(schema, received.dataBytes);
  } catch (error) {
    throw new EventRefused({ code: 'message_malformed', detail: error instanceof Error ? error.message : String(error) });
  }
}
