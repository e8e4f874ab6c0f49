import { type CodedRefusal, decodeMessage, definitionOf, type ReceivedEvent } from '@tollwire/contracts';
import { refuse, type Result } from '@tollwire/core';
import type { Delivery } from './delivery.ts';

/** The events of a message. Each must be of the type that its subject is for: who may publish a subject may say no other. */
export function eventsOf(delivery: Delivery): Result<ReceivedEvent[], CodedRefusal> {
  const { subject, data } = delivery.message;
  const decoded = decodeMessage(delivery.header('content-type') ?? '', delivery.header, data);
  if (!decoded.ok) return decoded;
  const stranger = decoded.value.find(({ type }) => !subject.includes(`.${tokensOf(type)}.`));
  if (stranger === undefined) return decoded;
  return refuse({ code: 'unexpected_event_type', detail: `${stranger.type} does not belong on ${subject}` });
}

const tokensByType = new Map<string, string>();

/** The part of a subject that tells the event: `edge.v1.call.ended`. */
function tokensOf(type: string): string {
  const known = tokensByType.get(type);
  if (known !== undefined) return known;
  const definition = definitionOf(type);
  const tokens = definition === undefined ? '' : `${definition.service}.v1.${definition.aggregate}.${definition.event}`;
  tokensByType.set(type, tokens);
  return tokens;
}
