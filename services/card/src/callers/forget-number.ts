import type { Database } from '@tollwire/event-store';
import type { Forgets, Forgotten } from '@tollwire/platform';
import { writtenForms } from '@tollwire/telecom';
import type { CardDeps } from '../card.deps.ts';
import { maskAnswers, maskAnswersOf } from '../ledger/forget-answers.ts';
import { voucherTriesFrom } from '../money/voucher-tries.ts';
import { pinSubjectOf } from '../pins/pin-tries.ts';
import { forgetRefusedOf, forgetRefusedWith } from './forget-refused.ts';
import { unbindCli } from './bind-cli.ts';
import { otherNameOf, renamedOrder } from './cli-order.ts';

/** Events that are looked at in one step. */
const eventsAtOnce = 50_000;

const selectHolder = 'SELECT cardid FROM cid WHERE cid = $1::bigint AND cardid IS NOT NULL';
const forgetCli = 'UPDATE cid SET cid = NULL WHERE cid = $1::bigint AND cardid IS NULL RETURNING 1';
const selectOrders = `SELECT batch_id FROM card_batch WHERE starts_with(batch_id, 'cli-' || $1 || '-') ORDER BY batch_id`;
const pageEnd = 'SELECT max(stream) AS stream FROM (SELECT stream FROM event WHERE stream > $1 ORDER BY stream, version LIMIT $2) page';

/**
 * A caller that is erased is freed of its card, because who asks to be forgotten need not keep a card to be asked for it; the card and its money
 * stay, and it calls by PIN or by another caller. Then the number goes out of what was told of it, and out of the answers of authorizations; how a call was refused goes whole.
 */
export const cardForgets: Forgets<CardDeps> = {
  places: [
    { name: 'cid', forget: freeCaller },
    { name: 'card_batch', forget: renameOrders },
    { name: 'event', forget: renameInEvents },
    { name: 'failed_try', forget: ({ database }, digits) => deleted(database, writtenForms(digits).flatMap((form) => [subjectOfCli(form), voucherTriesFrom(form)])) },
    { name: 'reservation', forget: ({ database }, digits, after) => maskAnswers(database, digits, after) },
    { name: 'refused_route', forget: ({ database }, digits, after) => forgetRefusedWith(database, digits, after) },
  ],
  calls: { name: 'reservation', forget: forgetCalls },
};

/** What was answered of calls by name, whether they were let through or not. */
async function forgetCalls({ database }: CardDeps, callKeys: readonly string[]): Promise<Forgotten> {
  const refused = await forgetRefusedOf(database, callKeys);
  const answered = await maskAnswersOf(database, callKeys);
  return { ...answered, count: answered.count + refused.count };
}

async function freeCaller(deps: CardDeps, digits: string): Promise<Forgotten> {
  const [holder] = await deps.database.query<{ cardid: string }>(selectHolder, [digits]);
  if (holder !== undefined) {
    const freed = await unbindCli(deps, deps.aggregates, { cardId: holder.cardid, cli: digits }, { by: 'number erasure' });
    if (!freed.ok) return { count: 0, waitsFor: freed.refusal.code };
  }
  return { count: (await deps.database.query(forgetCli, [digits])).length };
}

async function renameOrders({ database, pins }: CardDeps, digits: string): Promise<Forgotten> {
  const orders = await database.query<{ batch_id: string }>(selectOrders, [digits]);
  for (const { batch_id: former } of orders) {
    await database.query('SELECT rename_cli_order($1, $2)', [former, renamedOrder(former, digits, otherNameOf(pins.secrets, digits))]);
  }
  return { count: orders.length };
}

async function renameInEvents({ database, pins }: CardDeps, digits: string, after: string): Promise<Forgotten> {
  const from = after === '' ? 'card-' : after;
  const [end] = await database.query<{ stream: string | null }>(pageEnd, [from, eventsAtOnce]);
  if (end === undefined || end.stream === null) return { count: 0 };
  const [renamed] = await database.query<{ count: number }>('SELECT rename_freed_cli($1, $2, $3, $4)::int AS count', [digits, otherNameOf(pins.secrets, digits), from, end.stream]);
  return { count: renamed?.count ?? 0, next: end.stream };
}

const subjectOfCli = (value: string): string => pinSubjectOf({ kind: 'cli', value });

async function deleted(database: Pick<Database, 'query'>, subjects: readonly string[]): Promise<Forgotten> {
  return { count: (await database.query('DELETE FROM failed_try WHERE subject = ANY($1::text[]) RETURNING 1', [subjects])).length };
}
