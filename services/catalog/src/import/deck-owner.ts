import type { Sql } from '@tollwire/event-store';
import type { DeckKind } from '../domain/rate-deck.ts';

/** What a version takes over from the plan whose deck it is. */
export interface DeckOwner {
  readonly currency: string;
  /** The carrier of a carrier plan; empty otherwise. */
  readonly carrierCode: string;
}

/** A plan with the zone whose clocks the windows of its rates go by; empty: UTC. */
export interface ZonedOwner extends DeckOwner {
  readonly timeZone: string;
}

const queries: Readonly<Record<DeckKind, string>> = {
  tariff: `select currency, '' as "carrierCode", time_zone as "timeZone" from tariff where tariffid = $1::bigint and deleted_at is null`,
  retail: `select currency, '' as "carrierCode", time_zone as "timeZone" from voip_retail_plan where id = $1::bigint and deleted_at is null`,
  carrier: `select currency, carrier_code as "carrierCode", time_zone as "timeZone" from voip_carrier_plan where id = $1::bigint and deleted_at is null`,
};

/** The plan that a deck belongs to, if there is one. */
export async function readPlan(sql: Sql, { kind, ownerId }: { readonly kind: DeckKind; readonly ownerId: number }): Promise<ZonedOwner | undefined> {
  const [owner] = await sql.query<ZonedOwner>(queries[kind], [ownerId]);
  return owner;
}
