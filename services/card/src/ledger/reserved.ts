import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ReservedReplySchema } from '@tollwire/contracts';
import type { Sql } from '@tollwire/event-store';
import { moneyOf } from '../wire/money.ts';

/** Open reservations have an index of their own, so this reads as many rows as there are calls. */
const selectReserved = `
  SELECT l.currency, count(*) AS count, sum(r.amount)::bigint AS nanos
  FROM reservation r JOIN ledger_account l ON l.id = r.account_id WHERE r.state = 'open' GROUP BY l.currency ORDER BY l.currency`;

/** How many reservations are open, and what they set aside in each currency. */
export async function showReserved(sql: Sql): Promise<MessageInitShape<typeof ReservedReplySchema>> {
  const rows = await sql.query<{ currency: string; count: bigint; nanos: bigint }>(selectReserved);
  return {
    openReservationCount: rows.reduce((sum, { count }) => sum + count, 0n),
    reserved: rows.map(({ nanos, currency }) => moneyOf(nanos, currency)),
  };
}
