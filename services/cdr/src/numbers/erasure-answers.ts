import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, EraseNumbersReplySchema, EraseNumbersRequest, ListErasuresReplySchema } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { CdrDeps } from '../cdr.deps.ts';
import { eraseDays } from './erase-days.ts';
import { dayOf } from './number-keys.ts';
import { revealedTo } from './unmasking.ts';

const dayUs = 86_400_000_000n;
/** Nothing is told of calls before 2000. */
const firstUs = 946_684_800_000_000n;

/** Erases the numbers of whole days of UTC. Refuses times that are none, days to come, and nobody for no reason. */
export async function eraseNumbers({ database, clock }: Pick<CdrDeps, 'database' | 'clock'>, { fromUs, untilUs, by,
  reason }: EraseNumbersRequest): Promise<Result<MessageInitShape<typeof EraseNumbersReplySchema>, CodedRefusal>> {
  const asking = revealedTo({ $typeName: 'tollwire.cdr.v1.Reveal', by, reason });
  if (!asking.ok) return refuse({ ...asking.refusal, field: (asking.refusal.field ?? '').replace('reveal.', '') });
  for (const [field, us] of Object.entries({ fromUs, untilUs })) {
    if (us % dayUs !== 0n || us < firstUs) return refuse({ code: 'field_out_of_range', field, detail: 'Name whole days of UTC, from 2000 on.' });
  }
  const [firstDay, lastDay] = [dayOf(fromUs), dayOf(untilUs) - 1];
  if (lastDay < firstDay) return refuse({ code: 'field_out_of_range', field: 'untilUs', detail: 'The time ends before it begins.' });
  if (lastDay > dayOf(clock.nowUs())) return refuse({ code: 'field_out_of_range', field: 'untilUs', detail: 'Days to come cannot be erased.' });
  return ok({ dayCount: await eraseDays(database, { firstDay, lastDay, by, reason, atUs: clock.nowUs() }) });
}

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

/** What was erased, the newest first, at most 1,000. */
export async function listErasures(sql: Sql): Promise<Result<MessageInitShape<typeof ListErasuresReplySchema>, CodedRefusal>> {
  const rows = await sql.query<ErasureRow>(listSql);
  return ok({
    erasures: rows.map(({ first_day: first, last_day: last, days, erased_at_us: atUs, erased_by: by, reason }) => ({
      fromUs: BigInt(first) * dayUs, untilUs: BigInt(last + 1) * dayUs, dayCount: days, atUs, by, reason,
    })),
  });
}
