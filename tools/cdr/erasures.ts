import { z } from 'zod';
import { Misuse } from '../cli/stop.ts';
import type { Told } from '../cli/told.ts';
import type { Api } from '../client/api.ts';

const erased = z.object({ dayCount: z.number() });
const list = z.object({ erasures: z.array(z.object({ from: z.string(), until: z.string(), dayCount: z.number(), at: z.string(), by: z.string(), reason: z.string() })) });

/** Erases the numbers of calls of whole days of UTC. */
export async function erase(api: Pick<Api, 'post'>, { from, until, reason }: { from?: string | undefined; until?: string | undefined; reason?: string | undefined }): Promise<Told> {
  if (from === undefined || until === undefined || reason === undefined)
    throw new Misuse('Say which days and why: ./tollwire cdr erase --from 2026-03-01 --until 2026-04-01 --reason "kept for 90 days"');
  const told = await api.post('/v1/number-erasures', { from: instantOf('from', from), until: instantOf('until', until), reason }, erased);
  return { json: told, lines: [`${told.dayCount} days erased that were not before`] };
}

/** What was erased, by whom and why. */
export async function erasures(api: Pick<Api, 'get'>): Promise<Told> {
  const told = await api.get('/v1/number-erasures', list);
  return { json: told, lines: told.erasures.map(({ from, until, dayCount, at, by, reason }) =>
    `${from.slice(0, 10)} until ${until.slice(0, 10)}: ${dayCount} days, ${at.slice(0, 19)} by ${by}: ${reason}`) };
}

/** The beginning of a day, which is named alone or as an instant. */
function instantOf(option: string, day: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(day)) return `${day}T00:00:00Z`;
  if (/^\d{4}-\d{2}-\d{2}T/.test(day)) return day;
  throw new Misuse(`--${option} takes a day, such as 2026-03-01, not "${day}".`);
}
