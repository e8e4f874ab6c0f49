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

/** The order by which a caller gets a card: one for each caller, card type and reseller. Earlier versions named it by the number itself, and such a one stands. */
export async function cliOrderOf(sql: Sql, secrets: Pick<PinSecrets, 'blindIndex'>, { cli, cardTypeId, resellerId }: CliOrder): Promise<string> {
  const former = `cli-${cli}-${cardTypeId}-${resellerId}`;
  const rows = await sql.query('SELECT 1 FROM card_batch WHERE batch_id = $1', [former]);
  return rows.length > 0 ? former : renamedOrder(former, cli, otherNameOf(secrets, cli));
}

/** An order that was named by a caller, by the other name of that caller. */
export function renamedOrder(former: string, cli: string, other: string): string {
  return former.replace(`cli-${cli}-`, `cli-${other}-`);
}
