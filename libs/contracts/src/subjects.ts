import type { EventDefinition } from './public-events.ts';

/** The subject of an event: `<root>.<service>.v1.<aggregate>.<event>.<partition>`. */
export function subjectOf(root: string, definition: EventDefinition, partition: number): string {
  return `${root}.${definition.service}.v1.${definition.aggregate}.${definition.event}.${partition}`;
}

/** The filter that takes an event from all of its partitions. */
export function filterOf(root: string, definition: EventDefinition): string {
  return `${root}.${definition.service}.v1.${definition.aggregate}.${definition.event}.*`;
}

/** The stream that keeps the events of a service: `TOLLWIRE_CARD` for the root `tollwire`. */
export function streamOf(root: string, service: string): string {
  return `${root}_${service}`.toUpperCase();
}

/** What the stream of a service takes in: events have six tokens after the root's, requests (`rpc`) have fewer. */
export function streamSubjectsOf(root: string, service: string): string[] {
  return [`${root}.${service}.v1.*.*.*`];
}

/** The subject of a request: `<root>.<service>.v1.rpc.<Method>`. One token shorter than an event, so no stream keeps it. */
export function rpcSubjectOf(root: string, service: string, method: string): string {
  return `${root}.${service}.v1.rpc.${method}`;
}
