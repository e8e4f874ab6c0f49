import { z } from 'zod';
import { Misuse } from '../cli/stop.ts';
import type { Told } from '../cli/told.ts';
import type { Api } from '../client/api.ts';

const erased = z.object({ dayCount: z.number() });
const erasedCalls = z.object({ callCount: z.coerce.number() });
const place = z.object({ place: z.string(), count: z.coerce.number().default(0), kept: z.boolean().default(false) });
const ofService = z.object({ service: z.string(), doneAt: z.string().optional(), problem: z.string().default(''), places: z.array(place).default([]) });
const numberErasure = z.object({
  masked: z.string(), callCount: z.coerce.number().default(0), at: z.string(), by: z.string(), reason: z.string(), doneAt: z.string().optional(),
  services: z.array(ofService).default([]), messagesUntil: z.string().optional(),
});
const list = z.object({
  numbers: z.array(numberErasure).default([]),
  erasures: z.array(z.object({ from: z.string(), until: z.string(), dayCount: z.number(), at: z.string(), by: z.string(), reason: z.string() })),
});

interface EraseOptions {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly number?: string | undefined;
  readonly reason?: string | undefined;
}

/** Erases the numbers of calls of whole days of UTC, or one number of all days. */
export async function erase(api: Pick<Api, 'post'>, { from, until, number, reason }: EraseOptions): Promise<Told> {
  if (number !== undefined) {
    if (reason === undefined || from !== undefined || until !== undefined) {
      throw new Misuse('Say which number and why, and no days: ./tollwire cdr erase --number +436641234567 --reason "she asked to"');
    }
    const told = await api.post('/v1/number-erasures/number', { number, reason }, erasedCalls);
    return { json: told, lines: [`${told.callCount} calls erased; the log of their events and what other services keep follow within minutes (./tollwire cdr erasures)`] };
  }
  if (from === undefined || until === undefined || reason === undefined)
    throw new Misuse('Say which days and why: ./tollwire cdr erase --from 2026-03-01 --until 2026-04-01 --reason "kept for 90 days"');
  const told = await api.post('/v1/number-erasures', { from: instantOf('from', from), until: instantOf('until', until), reason }, erased);
  return { json: told, lines: [`${told.dayCount} days erased that were not before`] };
}

/** What was erased, by whom and why. */
export async function erasures(api: Pick<Api, 'get'>): Promise<Told> {
  const told = await api.get('/v1/number-erasures', list);
  const days = told.erasures.map(({ from, until, dayCount, at, by, reason }) => `${from.slice(0, 10)} until ${until.slice(0, 10)}: ${dayCount} days, ${at.slice(0, 19)} by ${by}: ${reason}`);
  const numbers = told.numbers.flatMap(({ masked, callCount, at, by, reason, doneAt, services, messagesUntil }) => [
    `${masked}: ${callCount} calls, ${at.slice(0, 19)} by ${by}: ${reason} (${doneAt === undefined ? 'under way' : `done ${doneAt.slice(0, 19)}`})`,
    ...services.map(linesOfService),
    ...(messagesUntil === undefined ? [] : [`  messages of before are kept until ${messagesUntil.slice(0, 19)}`]),
  ]);
  return { json: told, lines: [...days, ...numbers] };
}

/** The beginning of a day, which is named alone or as an instant. */
function instantOf(option: string, day: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(day)) return `${day}T00:00:00Z`;
  if (/^\d{4}-\d{2}-\d{2}T/.test(day)) return day;
  throw new Misuse(`--${option} takes a day, such as 2026-03-01, not "${day}".`);
}

function linesOfService({ service, doneAt, problem, places }: z.infer<typeof ofService>): string {
  const did = places.map(({ place, count, kept }) => `${place} ${count}${kept ? ' kept' : ''}`).join(', ');
  return `  ${service}: ${doneAt === undefined ? (problem === '' ? 'under way' : `waits: ${problem}`) : 'done'}${did === '' ? '' : ` (${did})`}`;
}
