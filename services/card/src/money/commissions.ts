import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, Commission, CommissionSchema } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { CardDeps } from '../card.deps.ts';
import { namedBy } from '../wire/meta.ts';
import type { Party } from '../wire/party.ts';

const ppmMax = 1_000_000;

const insertCommission = `
  INSERT INTO commission (resellerid, cardtypeid, ppm, set_by, set_at_us)
  SELECT resellerid, $2::bigint, $3::bigint, $4, $5::bigint FROM reseller WHERE resellerid = $1::bigint RETURNING resellerid`;

/**
 * Sets what a reseller earns on payments for its cards from now on, of one type or of all that have none of their own. What was
 * earned stays. Refuses a reseller and a card type that there is not, and more than all of a payment.
 */
export async function setCommission({ database, clock }: Pick<CardDeps, 'database' | 'clock'>, request: Commission): Promise<Result<MessageInitShape<typeof CommissionSchema>, CodedRefusal>> {
  const { resellerId, cardTypeId, ppm } = request;
  const by = namedBy(request.by);
  if (ppm > ppmMax) return refuse({ code: 'field_out_of_range', field: 'ppm', detail: 'A commission is at most all of the payment: 1,000,000.' });
  if (cardTypeId > 0 && (await database.query('SELECT 1 FROM cardtype WHERE cardtypeid = $1::bigint', [cardTypeId])).length === 0) return refuse({ code: 'unknown_card_type', field: 'cardTypeId' });
  const rows = await database.query(insertCommission, [resellerId, cardTypeId, ppm, by, clock.nowUs()]);
  return rows.length === 0 ? refuse({ code: 'unknown_reseller', field: 'resellerId' }) : ok({ resellerId, cardTypeId, ppm, by: by ?? '' });
}

const selectLatest = `
  SELECT DISTINCT ON (resellerid, cardtypeid) resellerid AS "resellerId", cardtypeid AS "cardTypeId", ppm, coalesce(set_by, '') AS by
  FROM commission ORDER BY resellerid, cardtypeid, nth DESC`;

/** What every reseller earns on payments now, of each card type that it was set for; 0 stands for all others. */
export async function listCommissions(sql: Sql): Promise<{ commissions: Pick<Commission, 'resellerId' | 'cardTypeId' | 'ppm' | 'by'>[] }> {
  return { commissions: await sql.query(selectLatest) };
}

const selectCommission = `
  SELECT s.resellerid, coalesce(
    (SELECT c.ppm FROM commission c WHERE c.resellerid = s.resellerid AND c.cardtypeid = s.cardtypeid ORDER BY c.nth DESC LIMIT 1),
    (SELECT c.ppm FROM commission c WHERE c.resellerid = s.resellerid AND c.cardtypeid = 0 ORDER BY c.nth DESC LIMIT 1), 0) AS ppm
  FROM card_state s WHERE s.cardid = $1`;

/** Whose commission a payment for a party is, and how much of it in millionths. An account has no reseller. */
export async function commissionOn(tx: Sql, party: Party): Promise<{ resellerId: number | null; ppm: number }> {
  const [row] = party.kind === 'card' ? await tx.query<{ resellerid: number; ppm: number }>(selectCommission, [party.cardId]) : [];
  return row === undefined ? { resellerId: null, ppm: 0 } : { resellerId: row.resellerid, ppm: row.ppm };
}
