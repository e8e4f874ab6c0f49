import { type CodedRefusal, decodeMessage, type PublicEvent } from '@tollwire/contracts';
import type { InstantUs, Result } from '@tollwire/core';
import { z } from 'zod';
import { faultOf } from '../http/parse.ts';
import { Refused } from '../http/refused.ts';
import { callEvent, type CallMessage } from '../journal/call-event.schema.ts';
import { nonsenseIn } from '../journal/call-event.sense.ts';
import { callMessageOf } from '../journal/call-event.wire.ts';
import type { NumberReader } from '../numbers/number-reader.ts';
import { publicCallEvent } from '../journal/journal.ts';
import { asJournalled, type KnownSwitches, strangerIn } from '../journal/switch-book.ts';

/** Events that one request may bring. */
export const eventsMax = 1000;

/** As it is published: each event may be refused by itself, so only the frame is parsed as a whole. */
export const eventsBody = z.strictObject({ events: z.array(callEvent).min(1).max(eventsMax) });
export const eventsFrame = z.strictObject({ events: z.array(z.unknown()).min(1).max(eventsMax) });

/** An event that was not taken, by its place in the request. */
export interface RefusedEvent extends CodedRefusal {
  readonly index: number;
}

/** A batch parted into what is journalled and what goes back. */
export interface SortedEvents {
  readonly taken: readonly PublicEvent[];
  readonly refused: readonly RefusedEvent[];
}

/** When it is, and the trace that the events become part of. */
export interface Moment {
  readonly nowUs: InstantUs;
  readonly traceparent: string | undefined;
  readonly switches: KnownSwitches;
  /** By whose rules the numbers of calls are read. */
  readonly numbers: Pick<NumberReader, 'read'>;
}

/** Sorts the events of a JSON body; what is wrong with one does not touch the others. */
export function sortJson(events: readonly unknown[], moment: Moment): SortedEvents {
  return sorted(events, (event) => {
    const parsed = callEvent.safeParse(event);
    if (!parsed.success) return { ok: false, refusal: faultOf(firstIssue(parsed.error)) };
    return eventOf(parsed.data, moment);
  });
}

/** Sorts the events of a CloudEvents body; a frame that cannot be read is refused as a whole. */
export function sortCloudEvents(contentType: string, headers: (name: string) => string | undefined, body: Uint8Array, moment: Moment): SortedEvents {
  const received = decodeMessage(contentType, headers, body);
  if (!received.ok) throw new Refused(received.refusal);
  if (received.value.length > eventsMax) throw new Refused({ code: 'too_many_items', detail: `Send at most ${eventsMax} events at once.` });
  return sorted(received.value, (event) => {
    const message = callMessageOf(event);
    return message.ok ? eventOf(message.value, { ...moment, traceparent: event.traceparent ?? moment.traceparent }) : message;
  });
}

function eventOf(told: CallMessage, { nowUs, traceparent, switches, numbers }: Moment): Result<PublicEvent, CodedRefusal> {
  const message = asJournalled(told, switches);
  if ('calledNumber' in message) numbers.read({ switchId: message.call?.switchId ?? '', trunk: message.trunk }, message);
  const refusal = strangerIn(switches, message.call?.switchId ?? '') ?? nonsenseIn(message, nowUs);
  return refusal === undefined ? { ok: true, value: publicCallEvent(message, traceparent) } : { ok: false, refusal };
}

function sorted<T>(events: readonly T[], read: (event: T) => Result<PublicEvent, CodedRefusal>): SortedEvents {
  const taken: PublicEvent[] = [];
  const refused: RefusedEvent[] = [];
  for (const [index, event] of events.entries()) {
    const result = read(event);
    if (result.ok) taken.push(result.value);
    else refused.push({ index, ...result.refusal });
  }
  return { taken, refused };
}

function firstIssue(error: z.ZodError): z.core.$ZodIssue {
  const [issue] = error.issues;
  return issue ?? { code: 'custom', path: [], message: 'cannot be read' };
}
