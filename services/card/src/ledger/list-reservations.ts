import type { MessageInitShape } from '@bufbuild/protobuf';
import { callOfKey } from '@tollwire/contracts';
import type { ChargedParty, CodedRefusal, ListReservationsReplySchema } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { moneyOf } from '../wire/money.ts';
import { chargedOfKey, partyOf, unknownParty } from '../wire/party.ts';
import { accountsOfParties } from './party-accounts.ts';

interface Row {
  readonly id: string;
  readonly call_key: string;
  readonly party: string;
  readonly amount: bigint;
  readonly max_duration_sec: number;
  readonly reserved_at_us: bigint;
  readonly valid_until_us: bigint;
}

const selectOpen = `
  SELECT id::text AS id, call_key, party, amount, max_duration_sec, reserved_at_us, valid_until_us
  FROM reservation WHERE account_id = $1 AND state = 'open' ORDER BY reserved_at_us, call_key LIMIT 1000`;

/** The calls that credit of a card or account is set aside for: the first 1,000, and what is set aside for all. */
export async function listReservations(sql: Sql, charged: ChargedParty | undefined): Promise<Result<MessageInitShape<typeof ListReservationsReplySchema>, CodedRefusal>> {
  const party = partyOf(charged, 'party');
  if (!party.ok) return party;
  const accountId = (await accountsOfParties(sql, [party.value]))(party.value) ?? '';
  const [account] = await sql.query<{ currency: string; reserved: bigint }>('SELECT currency, reserved FROM ledger_account WHERE id = $1', [accountId]);
  if (account === undefined) return refuse(unknownParty(party.value));
  const rows = await sql.query<Row>(selectOpen, [accountId]);
  return ok({
    reserved: moneyOf(account.reserved, account.currency),
    reservations: rows.map((row) => ({
      reservationId: row.id,
      call: callOfKey(row.call_key) ?? {},
      charged: chargedOfKey(row.party),
      amount: moneyOf(row.amount, account.currency),
      maxDurationSec: row.max_duration_sec,
      reservedAtUs: row.reserved_at_us,
      validUntilUs: row.valid_until_us,
    })),
  });
}
