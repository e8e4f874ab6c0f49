/** The clock of a place, as a wall shows it: local times of files are read by it. */
export interface LocalClock {
  /** The instant of a local time, both in milliseconds; of one that comes twice (as summer time ends) the first. */
  utcMsOf(localMs: number): number;
}

const dayMs = 86_400_000;
/** Every zone changes at a full quarter of an hour of UTC, so one look holds for that long. */
const slotMs = 900_000;
const slotsMax = 10_000;

/** The clock of an IANA name (`Europe/Vienna`) or of an offset (`+02:00`); undefined where there is none such. */
export function localClockOf(name: string): LocalClock | undefined {
  const format = formatOf(name);
  if (format === undefined) return undefined;
  const slots = new Map<number, number>();
  const offsetMs = (utcMs: number): number => {
    const slot = Math.floor(utcMs / slotMs);
    const known = slots.get(slot);
    if (known !== undefined) return known;
    if (slots.size >= slotsMax) slots.clear();
    const offset = offsetOf(format, slot * slotMs);
    slots.set(slot, offset);
    return offset;
  };
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

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset', year: 'numeric' });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** `longOffset` writes GMT, GMT+05:30 or, of times before zones had whole minutes, GMT-00:44:30. */
function offsetOf(format: Intl.DateTimeFormat, utcMs: number): number {
  const name = format.formatToParts(utcMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign = '+', hours = '0', minutes = '0', seconds = '0'] = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name) ?? [];
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -ms : ms;
}
