import type { Sql } from '@tollwire/event-store';
import type { DeckKind } from '../domain/rate-deck.ts';

/** What a version takes over from the plan whose deck it is. */
export interface DeckOwner {
  readonly currency: string;
  /** The carrier of a carrier plan; empty otherwise. */
  readonly carrierCode: string;
}

const queries: Readonly<Record<DeckKind, string>> = {
  tariff: `select currency, '' as "carrierCode" from tariff where tariffid = $1::bigint and deleted_at is null`,
  retail: `select currency, '' as "carrierCode" from voip_retail_plan where id = $1::bigint and deleted_at is null`,
  carrier: `select currency, carrier_code as "carrierCode" from voip_carrier_plan where id = $1::bigint and deleted_at is null`,
};

/** The plan that a deck belongs to, if there is one. */
export async function readPlan(sql: Sql, { kind, ownerId }: { readonly kind: DeckKind; readonly ownerId: number }): Promise<DeckOwner | undefined> {
  const [owner] = await sql.query<DeckOwner>(queries[kind], [ownerId]);
  return owner;
}
