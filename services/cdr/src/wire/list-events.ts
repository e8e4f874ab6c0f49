import { type PublicEvent, publicEventOf, publicEvents } from '@tollwire/contracts';
import { unreachable } from '@tollwire/core';
import type { Recorded } from '@tollwire/event-store';
import type { ListEntryEvent, ListSubject } from '../domain/list-entry.ts';

/** What the world is told of an entry of a list. A country that got other prefixes is told of as listed with those. */
export function publicListEvent({ event, stream, version, meta }: Recorded<ListEntryEvent>): readonly PublicEvent[] {
  const told = { source: 'tollwire/cdr', parts: [stream, String(version)], timeUs: event.at, traceparent: meta['traceparent'] };
  const about = { list: event.list, subject: subjectOf(event.subject), revision: version, by: event.by, atUs: BigInt(event.at) };
  switch (event.type) {
    case 'NumberListed':
    case 'CountryRenumbered':
      return [publicEventOf(publicEvents.NumberListed, { ...told, data: { ...about, prefixes: [...event.prefixes], reason: event.reason } })];
    case 'NumberDelisted':
      return [publicEventOf(publicEvents.NumberDelisted, { ...told, data: about })];
    default:
      return unreachable(event);
  }
}

function subjectOf({ kind, value }: ListSubject) {
  return kind === 'prefix' ? ({ case: 'prefix', value } as const) : ({ case: 'country', value } as const);
}
