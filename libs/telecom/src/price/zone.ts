import { ok, refuse } from '@tollwire/core';
import type { Refusal, Result } from '@tollwire/core';

export type ZoneRefusal = Refusal & { readonly code: 'time_zone_unknown'; readonly zone: string };

/** A stretch of time in which a zone keeps its distance to UTC, at most a day long: from (inclusive) until (exclusive), in µs. */
export interface OffsetSpan {
  readonly fromUs: number;
  readonly untilUs: number;
  readonly offsetUs: number;
}

const DAY_MS = 86_400_000;
const SECOND_MS = 1000;
/** Eleven years of days, about a megabyte; whoever asks for more begins anew. */
const DAYS_KEPT_MAX = 4096;

/** The clock of an IANA time zone. Immutable but for what it remembers of the time zone database. */
export class Zone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #days = new Map<number, readonly OffsetSpan[]>();
  #last: OffsetSpan;

  /** Throws a RangeError where there is no such zone; {@link zoneOf} answers instead. */
  constructor(name: string) {
    this.name = name;
    this.#format = new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset', year: 'numeric' });
    this.#last = this.#find(0);
  }

  /** The span that an instant lies in. */
  at(us: number): OffsetSpan {
    const last = this.#last;
    if (us < last.fromUs || us >= last.untilUs) this.#last = this.#find(us);
    return this.#last;
  }

  #find(us: number): OffsetSpan {
    const day = Math.floor(us / (DAY_MS * 1000));
    const spans = this.#days.get(day) ?? this.#remember(day);
    return spans.find(({ untilUs }) => us < untilUs) ?? this.#last;
  }

  #remember(day: number): readonly OffsetSpan[] {
    if (this.#days.size >= DAYS_KEPT_MAX) this.#days.clear();
    const spans = this.#spansOf(day * DAY_MS, (day + 1) * DAY_MS);
    this.#days.set(day, spans);
    return spans;
  }

  /** No zone has ever changed its clocks twice within a day of UTC, so a look at its ends tells whether it did at all. */
  #spansOf(fromMs: number, untilMs: number): readonly OffsetSpan[] {
    const before = this.#offsetMs(fromMs);
    const after = this.#offsetMs(untilMs);
    if (before === after) return [spanOf(fromMs, untilMs, before)];
    let [early, late] = [fromMs, untilMs];
    while (late - early > SECOND_MS) {
      const middle = early + Math.floor((late - early) / (2 * SECOND_MS)) * SECOND_MS;
      if (this.#offsetMs(middle) === before) early = middle;
      else late = middle;
    }
    return late === untilMs ? [spanOf(fromMs, untilMs, before)] : [spanOf(fromMs, late, before), spanOf(late, untilMs, after)];
  }

  /** `longOffset` writes GMT, GMT+05:30 or, of times before zones had whole minutes, GMT-00:44:30. */
  #offsetMs(utcMs: number): number {
    const name = this.#format.formatToParts(utcMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign = '+', hours = '0', minutes = '0', seconds = '0'] = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name) ?? [];
    const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * SECOND_MS;
    return sign === '-' ? -ms : ms;
  }
}

function spanOf(fromMs: number, untilMs: number, offsetMs: number): OffsetSpan {
  return { fromUs: fromMs * 1000, untilUs: untilMs * 1000, offsetUs: offsetMs * 1000 };
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
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuse({ code: 'time_zone_unknown', zone: name.slice(0, 64) });
  }
}

/** The clock without a zone. */
export const UTC = new Zone('UTC');
