import { instantUs } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { nanosPerCent } from '../domain/card-type.ts';
import type { CardType } from '../domain/card-type.ts';

interface Row extends Omit<CardType, 'valueNanos' | 'expiresOn'> {
  readonly value: number;
  readonly expiresUs: bigint | null;
}

const selectTypes = `
  SELECT cardtypeid AS "cardTypeId", value, currency, description, active, tariffid AS "tariffId", lifetime AS "lifetimeDays",
    frequency AS "frequencySec", startpulse AS "startpulseSec", incoming_leg AS "incomingLeg",
    expires_from AS "expiresFrom", to_us(expires) AS "expiresUs", activates_on_use AS "activatesOnUse" FROM cardtype`;

/** The card type of an id, or null where there is none. */
export async function findCardType(sql: Sql, cardTypeId: number): Promise<CardType | null> {
  const [row] = await sql.query<Row>(`${selectTypes} WHERE cardtypeid = $1::bigint`, [cardTypeId]);
  return row === undefined ? null : cardTypeOf(row);
}

/** Every card type, by its number. */
export async function findCardTypes(sql: Sql): Promise<CardType[]> {
  const rows = await sql.query<Row>(`${selectTypes} ORDER BY cardtypeid`);
  return rows.map(cardTypeOf);
}

function cardTypeOf({ value, expiresUs, ...rest }: Row): CardType {
  return { ...rest, valueNanos: BigInt(value) * nanosPerCent, expiresOn: expiresUs === null ? null : instantUs(Number(expiresUs)) };
}
