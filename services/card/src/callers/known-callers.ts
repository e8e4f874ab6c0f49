import type { Sql } from '@tollwire/event-store';
import type { Party } from '../wire/party.ts';

/** What a caller may be known by. */
export interface Known {
  readonly address: string | null;
  readonly cli: string | null;
}

const selectAddresses = `
  SELECT k.address AS key, a.account_code AS code FROM unnest($1::text[]) AS k (address) JOIN caller_address a ON a.address = k.address::inet`;
const selectClis = 'SELECT cid::text AS key, cardid FROM cid WHERE cid = ANY($1::bigint[]) AND cardid IS NOT NULL';

/**
 * The account of each registered address, else the card that each calling number is bound to, in order: at most one statement
 * of each kind. Row 1 of `cid`, which stands for no caller, has no number and is nobody's.
 */
export async function knownCallers(sql: Sql, callers: readonly Known[]): Promise<(Party | undefined)[]> {
  const addresses = [...new Set(callers.flatMap(({ address }) => address ?? []))];
  const clis = [...new Set(callers.flatMap(({ cli }) => cli ?? []))];
  const [codes, cards] = await Promise.all([
    addresses.length === 0 ? [] : sql.query<{ key: string; code: string }>(selectAddresses, [addresses]),
    clis.length === 0 ? [] : sql.query<{ key: string; cardid: string }>(selectClis, [clis]),
  ]);
  const codeOf = new Map(codes.map(({ key, code }) => [key, code]));
  const cardOf = new Map(cards.map(({ key, cardid }) => [key, cardid]));
  return callers.map(({ address, cli }) => {
    const code = address === null ? undefined : codeOf.get(address);
    if (code !== undefined) return { kind: 'account', code };
    const cardId = cli === null ? undefined : cardOf.get(cli);
    return cardId === undefined ? undefined : { kind: 'card', cardId };
  });
}
