import { z } from 'zod';
import { progress } from '../cli/progress.ts';
import { Misuse } from '../cli/stop.ts';
import { counted, type Told } from '../cli/told.ts';
import type { Api } from '../client/api.ts';

const recounted = z.object({ until: z.string(), correctedCount: z.number().default(0) });

interface Time {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Has the sums of a time brought to what the calls say, piece by piece. Whoever stops waiting may begin again: what is right stays as it is. */
export async function recount(api: Pick<Api, 'post'>, { from, until = untilNow(), json: _, ...others }: Time): Promise<Told> {
  const [other] = Object.keys(others);
  if (other !== undefined) throw new Misuse(`A recount is of everything in its time: it takes no --${other}.`);
  if (from === undefined) throw new Misuse('Say from when: ./tollwire report recount --from 2026-06-01T00:00:00Z');
  const end = Date.parse(until);
  if (Number.isNaN(end)) throw new Misuse(`--until takes an ISO 8601 instant with an offset, such as 2026-06-02T00:00:00Z, not "${until}".`);
  const correctedCount = await progress('Recounting reports', async (note) => {
    let sum = 0;
    for (let reached = from; reached === from || Date.parse(reached) < end; ) {
      const told = await api.post('/v1/reports/recount', { from: reached, until }, recounted);
      sum += told.correctedCount;
      reached = told.until;
      note(`reached ${reached.slice(0, 16)}, ${counted(sum, 'sum')} corrected`);
    }
    return sum;
  });
  const line = correctedCount === 0 ? 'Every sum is what the calls say.' : `${counted(correctedCount, 'sum')} corrected: they are what the calls say now.`;
  return { json: { from, until, correctedCount }, lines: [line] };
}

/** The end of this minute. */
function untilNow(): string {
  return new Date((Math.floor(Date.now() / 60_000) + 1) * 60_000).toISOString();
}
