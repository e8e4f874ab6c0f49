import { ok, refuse } from '@tollwire/core';
import type { Refusal, Result } from '@tollwire/core';
import { Temporal } from 'temporal-polyfill';

export type ZoneRefusal = Refusal & { readonly code: 'time_zone_unknown'; readonly zone: string };

/** A stretch of time in which a zone keeps its distance to UTC: from (inclusive) until (exclusive), in µs. */
export interface OffsetSpan {
  readonly fromUs: number;
  readonly untilUs: number;
  readonly offsetUs: number;
}

/** The clock of an IANA time zone. Immutable but for what it remembers of the time zone database. */
export class Zone {
  readonly name: string;
  #last: OffsetSpan;
  readonly #spans: OffsetSpan[] = [];

  constructor(name: string) {
    this.name = name;
    this.#last = this.#spanAt(0);
  }

  /** The span that an instant lies in. */
  at(us: number): OffsetSpan {
    const last = this.#last;
    if (us >= last.fromUs && us < last.untilUs) return last;
    const known = this.#spans.find(({ fromUs, untilUs }) => us >= fromUs && us < untilUs);
    this.#last = known ?? this.#spanAt(us);
    return this.#last;
  }

  #spanAt(us: number): OffsetSpan {
    const there = Temporal.Instant.fromEpochMilliseconds(Math.floor(us / 1000)).toZonedDateTimeISO(this.name);
    // The transition before an instant is never the instant itself, so the one of the next nanosecond is asked for.
    const from = there.add({ nanoseconds: 1 }).getTimeZoneTransition('previous');
    const until = there.getTimeZoneTransition('next');
    const span = { fromUs: usOf(from, -Infinity), untilUs: usOf(until, Infinity), offsetUs: there.offsetNanoseconds / 1000 };
    this.#spans.push(span);
    return span;
  }
}

function usOf(transition: Temporal.ZonedDateTime | null, otherwise: number): number {
  return transition === null ? otherwise : transition.epochMilliseconds * 1000;
}

const zones = new Map<string, Zone>();

/** The clock of a zone by its IANA name, as `Europe/Madrid`; empty: UTC. */
export function zoneOf(name: string): Result<Zone, ZoneRefusal> {
  const known = zones.get(name);
  if (known !== undefined) return ok(known);
  try {
    const zone = new Zone(name === '' ? 'UTC' : name);
    zones.set(name, zone);
    return ok(zone);
  } catch {
    return refuse({ code: 'time_zone_unknown', zone: name.slice(0, 64) });
  }
}

/** The clock without a zone. */
export const UTC = new Zone('UTC');
