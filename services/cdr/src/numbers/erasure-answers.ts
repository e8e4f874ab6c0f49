import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, EraseNumberReplySchema, EraseNumberRequest, EraseNumbersReplySchema, EraseNumbersRequest, ListErasuresReplySchema } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { CdrDeps } from '../cdr.deps.ts';
import { eraseDays } from './erase-days.ts';
import { eraseNumber } from './erase-number.ts';
import { soughtNumber } from './number-index.ts';
import { dayOf } from './number-keys.ts';
import { revealedTo } from './unmasking.ts';

const dayUs = 86_400_000_000n;
/** Nothing is told of calls before 2000. */
const firstUs = 946_684_800_000_000n;

/** Erases the numbers of whole days of UTC. Refuses times that are none, days to come, and nobody for no reason. */
export async function eraseNumbers({ database, clock }: Pick<CdrDeps, 'database' | 'clock'>, { fromUs, untilUs, by,
  reason }: EraseNumbersRequest): Promise<Result<MessageInitShape<typeof EraseNumbersReplySchema>, CodedRefusal>> {
  const asking = askedBy(by, reason);
  if (!asking.ok) return asking;
  for (const [field, us] of Object.entries({ fromUs, untilUs })) {
    if (us % dayUs !== 0n || us < firstUs) return refuse({ code: 'field_out_of_range', field, detail: 'Name whole days of UTC, from 2000 on.' });
  }
  const [firstDay, lastDay] = [dayOf(fromUs), dayOf(untilUs) - 1];
  if (lastDay < firstDay) return refuse({ code: 'field_out_of_range', field: 'untilUs', detail: 'The time ends before it begins.' });
  if (lastDay > dayOf(clock.nowUs())) return refuse({ code: 'field_out_of_range', field: 'untilUs', detail: 'Days to come cannot be erased.' });
  return ok({ dayCount: await eraseDays(database, { firstDay, lastDay, by, reason, atUs: clock.nowUs() }) });
}

/** Somebody who says why, as where numbers are shown. */
function askedBy(by: string, reason: string) {
  const asking = revealedTo({ $typeName: 'tollwire.cdr.v1.Reveal', by, reason, once: false });
  return asking.ok ? asking : refuse({ ...asking.refusal, field: (asking.refusal.field ?? '').replace('reveal.', '') });
}

/** Erases one number from all calls. Refuses what is no number, and nobody for no reason. */
export async function eraseOneNumber(
  deps: Pick<CdrDeps, 'database' | 'clock' | 'numbers'>,
  { number: text, by, reason }: EraseNumberRequest,
): Promise<Result<MessageInitShape<typeof EraseNumberReplySchema>, CodedRefusal>> {
  const asking = askedBy(by, reason);
  if (!asking.ok) return asking;
  const number = soughtNumber(text);
  if (number === undefined) return refuse({ code: text === '' ? 'field_missing' : 'field_malformed', field: 'number' });
  return ok({ callCount: BigInt(await eraseNumber(deps, { number, by, reason })) });
}

const numbersSql = `
  SELECT e.id, e.masked, e.at_us, e.erased_by, e.reason, coalesce(e.done_at_us, 0) AS done_at_us, (SELECT count(*) FROM erased_call c WHERE c.erasure_id = e.id) AS calls
  FROM number_erasure e ORDER BY e.id DESC LIMIT 1000`;

interface NumberErasureRow {
  readonly id: number;
  readonly masked: string;
  readonly at_us: bigint;
  readonly erased_by: string;
  readonly reason: string;
  readonly done_at_us: bigint;
  readonly calls: bigint;
}

const servicesSql = 'SELECT erasure_id, service, coalesce(done_at_us, 0) AS done_at_us, problem FROM number_erasure_service WHERE erasure_id = ANY($1::int[]) ORDER BY 1, 2';
const placesSql = 'SELECT erasure_id, service, place, row_count, kept FROM number_erasure_place WHERE erasure_id = ANY($1::int[]) ORDER BY 1, 2, 3';

interface OfService {
  readonly erasure_id: number;
  readonly service: string;
}

interface ServiceRow extends OfService {
  readonly done_at_us: bigint;
  readonly problem: string;
}

interface PlaceRow extends OfService {
  readonly place: string;
  readonly row_count: bigint;
  readonly kept: boolean;
}

/** Messages of before are kept so long in outboxes and on the bus. */
const messagesKeptUs = 7n * dayUs;

const listSql = `
  SELECT min(day) AS first_day, max(day) AS last_day, count(*)::int AS days, erased_at_us, erased_by, reason
  FROM number_key WHERE erased_at_us IS NOT NULL
  GROUP BY erased_at_us, erased_by, reason ORDER BY erased_at_us DESC LIMIT 1000`;

interface ErasureRow {
  readonly first_day: number;
  readonly last_day: number;
  readonly days: number;
  readonly erased_at_us: bigint;
  readonly erased_by: string;
  readonly reason: string;
}

/** What was erased, days and numbers, the newest first, at most 1,000 of each. */
export async function listErasures(sql: Sql): Promise<Result<MessageInitShape<typeof ListErasuresReplySchema>, CodedRefusal>> {
  const [rows, numbers] = [await sql.query<ErasureRow>(listSql), await sql.query<NumberErasureRow>(numbersSql)];
  return ok({
    numbers: await toldOf(sql, numbers),
    erasures: rows.map(({ first_day: first, last_day: last, days, erased_at_us: atUs, erased_by: by, reason }) => ({
      fromUs: BigInt(first) * dayUs, untilUs: BigInt(last + 1) * dayUs, dayCount: days, atUs, by, reason,
    })),
  });
}

/** Erasures of numbers with how far every service is. */
async function toldOf(sql: Sql, numbers: readonly NumberErasureRow[]) {
  const ids = numbers.map(({ id }) => id);
  const [services, places] = [await sql.query<ServiceRow>(servicesSql, [ids]), await sql.query<PlaceRow>(placesSql, [ids])];
  return numbers.map(({ id, masked, at_us: atUs, erased_by: by, reason, done_at_us: doneAtUs, calls: callCount }) => ({
    ...{ masked, callCount, atUs, by, reason, doneAtUs, messagesUntilUs: (doneAtUs === 0n ? atUs : doneAtUs) + messagesKeptUs },
    services: services.filter((each) => each.erasure_id === id).map(({ service, done_at_us: serviceDoneAtUs, problem }) => ({
      ...{ service, problem, doneAtUs: serviceDoneAtUs },
      places: places.filter((each) => each.erasure_id === id && each.service === service && (each.row_count > 0n))
        .map(({ place, row_count: count, kept }) => ({ place, count, kept })),
    })),
  }));
}
