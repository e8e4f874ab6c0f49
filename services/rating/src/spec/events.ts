import { fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type CallRated,
  CallRatedSchema,
  dataOf,
  decodeMessage,
  batchContentType,
  type EventDefinition,
  publicEventOf,
  type ReceivedEvent,
} from '@tollwire/contracts';
import type { MessageShape } from '@bufbuild/protobuf';
import type { Sql } from '@tollwire/event-store';

/** Any public event as it is received. */
export function received<Desc extends EventDefinition['schema']>(definition: EventDefinition<Desc>, data: MessageShape<Desc>, id = ''): ReceivedEvent {
  const event = publicEventOf(definition, {
    source: 'spec',
    timeUs: 1_780_000_000_000_000,
    parts: [id, JSON.stringify(toBinary(definition.schema, data).join())],
    data: fromBinary(definition.schema, toBinary(definition.schema, data)),
  });
  return { id: event.id, type: definition.type, source: event.source, key: event.key, timeUs: event.timeUs, dataBytes: toBinary(definition.schema, data) };
}

/** Every CallRated that the outbox holds, in the order in which they were put there, each with its envelope. */
export async function ratedEvents(sql: Sql): Promise<{ envelope: ReceivedEvent; rated: CallRated }[]> {
  const rows = await sql.query<{ payload: Buffer }>('select payload from outbox order by position');
  return rows.flatMap(({ payload }) => {
    const events = decodeMessage(batchContentType, () => undefined, payload);
    if (!events.ok) throw new Error(events.refusal.code);
    return events.value.map((envelope) => ({ envelope, rated: dataOf(CallRatedSchema, envelope) }));
  });
}
