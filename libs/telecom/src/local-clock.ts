import { zoneOf } from './price/zone.ts';

/** The clock of a place, as a wall shows it: local times of files are read by it. */
export interface LocalClock {
  /** The instant of a local time, both in milliseconds; of one that comes twice (as summer time ends) the first. */
  utcMsOf(localMs: number): number;
}

const dayMs = 86_400_000;

/** The clock of an IANA name (`Europe/Vienna`) or of an offset (`+02:00`); undefined where there is none such. */
export function localClockOf(name: string): LocalClock | undefined {
  const zone = zoneOf(name);
  if (name === '' || !zone.ok) return undefined;
  const offsetMs = (utcMs: number): number => zone.value.at(utcMs * 1000).offsetUs / 1000;
  return {
    utcMsOf(localMs) {
      const before = offsetMs(localMs - dayMs);
      const after = offsetMs(localMs + dayMs);
      const [early, late] = [localMs - before, localMs - after];
      // Neither holds for a time that summer time skips: it is read as if the clock had not been put forward.
      return offsetMs(early) === before || offsetMs(late) !== after ? early : late;
    },
  };
}
