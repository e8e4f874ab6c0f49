import type { CodedRefusal, GetCardRequest, ListCardsRequest } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { InstantUs, Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { standingOf } from '../authorize/callers.ts';
import type { BoundCli } from '../domain/card.ts';
import { cardStatuses, statusAt, type SuspensionReason } from '../domain/card-standing.ts';
import { textOf } from '../wire/text.ts';

/** Cards on one page. */
const page = { usual: 100, max: 1_000 } as const;

interface Row {
  readonly cardid: string;
  readonly cardtypeid: number;
  readonly resellerid: number;
  readonly batch_id: string;
  readonly sold: boolean;
  readonly payed: boolean;
  readonly activated: boolean;
  readonly activates_on_use: boolean;
  readonly suspension: SuspensionReason | null;
  readonly clis: readonly BoundCli[];
  readonly first_used_us: bigint | null;
  readonly expires_us: bigint | null;
  readonly deactivated_us: bigint | null;
  readonly has_pin: boolean;
}

const selectCards = `
  SELECT s.cardid, s.cardtypeid, s.resellerid, s.batch_id, s.sold, s.payed, s.activated, s.activates_on_use, s.suspension, s.clis,
    to_us(s.first_used) AS first_used_us, to_us(s.expires) AS expires_us, to_us(s.deactivated) AS deactivated_us, p.cardid IS NOT NULL AS has_pin
  FROM card_state s LEFT JOIN card_pin p USING (cardid)`;

const selectOne = `${selectCards} WHERE s.cardid = $1`;

// The status is one of time, so it is told of the rows as card-standing has it: the same order of the same conditions.
const statusNow = `
  CASE WHEN s.deactivated <= from_us($5::bigint) THEN 'card_deactivated'
    WHEN s.suspension = 'other' THEN 'card_suspended'
    WHEN s.suspension IS NOT NULL THEN 'card_suspended_' || s.suspension
    WHEN s.expires <= from_us($5::bigint) THEN 'card_expired'
    WHEN s.activated OR s.activates_on_use THEN 'active' ELSE 'not_activated' END`;

const selectPage = `${selectCards}
  WHERE s.cardid > $1 AND ($2 = '' OR s.batch_id = $2) AND ($3::bigint = 0 OR s.resellerid = $3::bigint) AND ($4 = '' OR $4 = ${statusNow})
  ORDER BY s.cardid LIMIT $6`;

/** One card as it is at `at`. Refuses unknown_card. */
export async function cardRecord(sql: Sql, { cardId }: GetCardRequest, at: InstantUs) {
  const id = textOf(cardId, 'cardId', 64);
  if (!id.ok) return id;
  const [row] = await sql.query<Row>(selectOne, [id.value]);
  return row === undefined ? refuse({ code: 'unknown_card' } as const) : ok(recordOf(row, at));
}

/** Cards in the order of their ids, a page at a time. Refuses a status that there is none of, and a page of more than 1,000. */
export async function cardRecords(sql: Sql, request: ListCardsRequest, at: InstantUs): Promise<Result<Page, CodedRefusal>> {
  const { batchId, resellerId, status, afterCardId, pageSize } = request;
  if (status !== '' && !cardStatuses.some((one) => one === status)) {
    return refuse({ code: 'field_malformed', field: 'status', detail: `Name one of ${cardStatuses.join(', ')}.` });
  }
  if (pageSize > page.max) return refuse({ code: 'field_out_of_range', field: 'pageSize', detail: `Ask for at most ${page.max} cards.` });
  const size = pageSize === 0 ? page.usual : pageSize;
  const rows = await sql.query<Row>(selectPage, [afterCardId, batchId, resellerId, status, at, size + 1]);
  const cards = rows.slice(0, size).map((row) => recordOf(row, at));
  return ok({ cards, nextAfterCardId: rows.length > size ? (cards.at(-1)?.cardId ?? '') : '' });
}

interface Page {
  readonly cards: ReturnType<typeof recordOf>[];
  readonly nextAfterCardId: string;
}

function recordOf(row: Row, at: InstantUs) {
  return {
    cardId: row.cardid, cardTypeId: row.cardtypeid, resellerId: row.resellerid, batchId: row.batch_id,
    status: statusAt(standingOf(row), at), sold: row.sold, paid: row.payed, activated: row.activated,
    firstUsedAtUs: row.first_used_us ?? 0n, expiresAtUs: row.expires_us ?? 0n, deactivatedAtUs: row.deactivated_us ?? 0n,
    clis: row.clis.map(({ cli }) => cli), hasPin: row.has_pin,
  };
}
