import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, RecountReportsReplySchema, RecountReportsRequest } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { isPlausibleInstant } from '@tollwire/telecom';
import type { CdrDeps } from '../cdr.deps.ts';
import { keptSince, recountLive, recountMinutes } from '../projections/recount-reports.ts';

const minuteUs = 60_000_000n;
/** Minutes that are recounted in one transaction: some three million calls at 5,000 a second. */
const SLICE_MIN = 10n;
/** When this has passed no further slice is begun, so that whoever asks hears how far it is. */
const BUSY_US_MAX = 2_000_000;

/**
 * Brings the sums of reports to what the calls say that started in `[fromUs, untilUs)`, slice by slice, as far as it gets in two seconds, and at the end of the
 * time how many calls go on, too. Calls are recorded and folded meanwhile. Done again it corrects nothing. Refuses a time that is not of whole minutes, that
 * cannot be believed, or of which calls were dropped by their age: their sums are all that is known of them.
 */
export async function recountReports(
  { database, clock, callKeptDays }: Pick<CdrDeps, 'database' | 'clock' | 'callKeptDays'>,
  request: RecountReportsRequest,
): Promise<Result<MessageInitShape<typeof RecountReportsReplySchema>, CodedRefusal>> {
  const begunUs = clock.nowUs();
  const refusal = refusalOf(request, begunUs) ?? droppedFrom(request.fromUs, await sinceUs({ database, callKeptDays }, begunUs));
  if (refusal !== undefined) return refuse(refusal);
  let correctedCount = 0;
  let atUs = request.fromUs;
  while (atUs < request.untilUs && clock.nowUs() - begunUs < BUSY_US_MAX) {
    const untilUs = atUs + SLICE_MIN * minuteUs < request.untilUs ? atUs + SLICE_MIN * minuteUs : request.untilUs;
    correctedCount += await recountMinutes(database, Number(atUs / minuteUs), Number(untilUs / minuteUs));
    atUs = untilUs;
  }
  if (atUs === request.untilUs) correctedCount += await recountLive(database);
  return ok({ untilUs: atUs, correctedCount });
}

/** Since when there are all calls: none was dropped, and none is about to be. */
async function sinceUs({ database, callKeptDays }: Pick<CdrDeps, 'database' | 'callKeptDays'>, nowUs: number): Promise<bigint> {
  const noted = await keptSince(database);
  const kept = callKeptDays === 0 ? 0n : BigInt(nowUs) - BigInt(callKeptDays) * 86_400_000_000n;
  return noted > kept ? noted : kept;
}

function refusalOf({ fromUs, untilUs }: RecountReportsRequest, nowUs: ReturnType<CdrDeps['clock']['nowUs']>): CodedRefusal | undefined {
  for (const [field, us] of Object.entries({ fromUs, untilUs })) {
    if (us % minuteUs !== 0n) return { code: 'field_malformed', field, detail: 'Reports are about whole minutes: name one without seconds.' };
    if (!isPlausibleInstant(Number(us), nowUs)) return { code: 'field_out_of_range', field, detail: 'Name an instant after 2000 that is at most a day ahead.' };
  }
  return untilUs <= fromUs ? { code: 'field_out_of_range', field: 'untilUs', detail: 'The time ends before it begins.' } : undefined;
}

function droppedFrom(fromUs: bigint, keptSinceUs: bigint): CodedRefusal | undefined {
  if (fromUs >= keptSinceUs) return undefined;
  const since = new Date(Number((keptSinceUs / minuteUs + 1n) * 60_000n)).toISOString();
  return { code: 'field_out_of_range', field: 'fromUs', detail: `Calls of before were dropped by their age, and only the sums know of them: recount from ${since} on.`, facts: { keptSince: since } };
}
