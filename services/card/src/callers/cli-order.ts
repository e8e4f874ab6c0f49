import type { Sql } from '@tollwire/event-store';
import type { PinSecrets } from '../pins/pin-secrets.ts';

/** What an order of a card for a caller is made of. */
export interface CliOrder {
  readonly cli: string;
  readonly cardTypeId: number;
  readonly resellerId: number;
}

/** A name for a caller that says nothing to who has the database alone, and is the same each time. */
export function otherNameOf(secrets: Pick<PinSecrets, 'blindIndex'>, cli: string): string {
  return `x${secrets.blindIndex(`caller ${cli}`).toString('hex').slice(0, 40)}`;
}

/** An order of the card of a caller, by its name. */
export interface NamedOrder extends Omit<CliOrder, 'cli'> {
  readonly batchId: string;
}

// Earlier versions named the order by card type and reseller as well, and at first by the number itself. What they made stands, the eldest first.
const selectOrder = `
  SELECT batch_id AS "batchId", cardtypeid AS "cardTypeId", resellerid AS "resellerId" FROM card_batch
  WHERE batch_id = $1 OR batch_id ^@ ($1 || '-') OR batch_id ^@ $2 ORDER BY ordered_at, batch_id LIMIT 1`;

/**
 * The order by which a caller has a card: the one that stands, whatever type and reseller a trunk asks for now; else one of these terms. There is
 * one name for each caller, so two trunks that ask for different cards at once place one order, of the terms that came first.
 */
export async function cliOrderOf(sql: Sql, secrets: Pick<PinSecrets, 'blindIndex'>, { cli, cardTypeId, resellerId }: CliOrder): Promise<NamedOrder> {
  const batchId = `cli-${otherNameOf(secrets, cli)}`;
  const [standing] = await sql.query<NamedOrder>(selectOrder, [batchId, `cli-${cli}-`]);
  return standing ?? { batchId, cardTypeId, resellerId };
}

/** An order that was named by a caller, by the other name of that caller. */
export function renamedOrder(former: string, cli: string, other: string): string {
  return former.replace(`cli-${cli}-`, `cli-${other}-`);
}
