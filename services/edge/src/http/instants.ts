/** An ISO 8601 instant: date, time, up to six decimals of a second, and the offset from UTC, which is never guessed. */
export const isoInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/;

/** The instant of an ISO 8601 text in µs, exact until the year 2255; undefined where the text names none (as 30 February). */
export function usOfIso(text: string): number | undefined {
  const fraction = isoInstant.exec(text);
  if (fraction === null) return undefined;
  const decimals = fraction[1] ?? '';
  const ms = Date.parse(decimals === '' ? text : text.replace(decimals, ''));
  if (Number.isNaN(ms) || !isCalendarDay(text)) return undefined;
  return ms * 1000 + Number(decimals.slice(1).padEnd(6, '0'));
}

/** The ISO 8601 text of an instant, in UTC with all six decimals. */
export function isoOfUs(us: bigint | number): string {
  const ms = Math.floor(Number(us) / 1000);
  const rest = Number(us) - ms * 1000;
  return `${new Date(ms).toISOString().slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
}

/** `Date.parse` reads 30 February as 2 March; a record that did so would be a day off without a word. */
function isCalendarDay(text: string): boolean {
  const day = Number(text.slice(8, 10));
  return day <= 28 || day <= new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
}
