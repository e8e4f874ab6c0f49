import { instantUs } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { nanosPerCent } from '../domain/card-type.ts';
import type { CardType } from '../domain/card-type.ts';

interface Row extends Omit<CardType, 'valueNanos' | 'expiresOn'> {
  readonly value: number;
  readonly expiresUs: bigint | null;
}

const selectType = `
  SELECT cardtypeid AS "cardTypeId", value, currency, description, active, tariffid AS "tariffId", lifetime AS "lifetimeDays",
    frequency AS "frequencySec", startpulse AS "startpulseSec", incoming_leg AS "incomingLeg",
    expires_from AS "expiresFrom", to_us(expires) AS "expiresUs", activates_on_use AS "activatesOnUse" FROM cardtype WHERE cardtypeid = $1::bigint`;

/** The card type of an id, or null where there is none. */
export async function findCardType(sql: Sql, cardTypeId: number): Promise<CardType | null> {
  const [row] = await sql.query<Row>(selectType, [cardTypeId]);
  if (row === undefined) return null;
  const { value, expiresUs, ...rest } = row;
  return { ...rest, valueNanos: BigInt(value) * nanosPerCent, expiresOn: expiresUs === null ? null : instantUs(Number(expiresUs)) };
}
