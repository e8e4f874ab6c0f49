import { z } from 'zod';
import type { Told } from '../cli/told.ts';
import type { Api } from '../client/api.ts';

const unmasking = z.object({ id: z.number(), at: z.string(), by: z.string(), reason: z.string(), what: z.string(), question: z.string().default(''), calls: z.array(z.string()) });
const reply = z.object({ unmaskings: z.array(unmasking) });

/** To whom numbers were shown whole, by person or by call. */
export async function unmaskings(api: Pick<Api, 'get'>, { by, call }: { by?: string | undefined; call?: string | undefined }): Promise<Told> {
  const asked = new URLSearchParams({ ...(by === undefined ? {} : { by }), ...(call === undefined ? {} : { call }) });
  const listed = await api.get(`/v1/unmaskings?${asked.toString()}`, reply);
  return { json: listed, lines: listed.unmaskings.map(unmaskingLine) };
}

/** One showing in one line: of one call which, of several how many and how they were found; of work that looked at all of them, and showed none, what was asked. */
export function unmaskingLine({ at, by, reason, question, calls }: z.infer<typeof unmasking>): string {
  const [first = 'all calls'] = calls;
  return `${at.slice(0, 19)}  ${by}  ${calls.length <= 1 ? first : `${calls.length} calls`}${foundBy(question)}: ${reason}`;
}

/** What a search asked for, which is recorded as JSON: times in microseconds since 1970, as people write them. */
function foundBy(question: string): string {
  const asked = question === '' ? [] : Object.entries(z.record(z.string(), z.string()).parse(JSON.parse(question)));
  if (asked.length === 0) return '';
  const times: Readonly<Record<string, string>> = { fromUs: 'from', untilUs: 'until' };
  const said = asked.map(([name, value]) => (times[name] === undefined ? `${name} ${value}` : `${times[name]} ${new Date(Number(value) / 1_000).toISOString()}`));
  return ` (${said.join(', ')})`;
}
