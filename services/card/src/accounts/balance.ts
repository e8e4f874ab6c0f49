import type { ChargedParty, CodedRefusal } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { InstantUs, Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { standingOf } from '../authorize/callers.ts';
import { statusAt, type SuspensionReason } from '../domain/card-standing.ts';
import { availableNanos } from '../domain/credit.ts';
import { accountsOfParties } from '../ledger/party-accounts.ts';
import { moneyOf } from '../wire/money.ts';
import { partyOf, unknownParty } from '../wire/party.ts';

interface Row {
  readonly currency: string;
  readonly credit: bigint;
  readonly reserved: bigint;
  readonly credit_limit: bigint;
  readonly cardid: string | null;
  readonly activated: boolean;
  readonly activates_on_use: boolean;
  readonly suspension: SuspensionReason | null;
  readonly deactivated_us: bigint | null;
  readonly expires_us: bigint | null;
}

const selectBalance = `
  SELECT l.currency, l.credit, l.reserved, l.credit_limit, c.cardid, c.activated, c.activates_on_use, c.suspension,
    to_us(c.deactivated) AS deactivated_us, to_us(c.expires) AS expires_us
  FROM ledger_account l LEFT JOIN card_state c ON l.id = 'card:' || c.cardid AND c.cardid = $2 WHERE l.id = $1`;

/** What a card or account has, what of it is reserved and what is free, and how it stands at `at`. */
export async function balanceOf(sql: Sql, charged: ChargedParty | undefined, at: InstantUs) {
  const party = partyOf(charged, 'party');
  if (!party.ok) return party;
  const accountOf = await accountsOfParties(sql, [party.value]);
  const [row] = await sql.query<Row>(selectBalance, [accountOf(party.value) ?? '', party.value.kind === 'card' ? party.value.cardId : '']);
  return row === undefined ? refuse(unknownParty(party.value)) : answerOf(row, at);
}

function answerOf(row: Row, at: InstantUs): Result<ReturnType<typeof replyOf>, CodedRefusal> {
  return ok(replyOf(row, at));
}

function replyOf(row: Row, at: InstantUs) {
  const credit = { creditNanos: row.credit, reservedNanos: row.reserved, creditLimitNanos: row.credit_limit };
  return {
    credit: moneyOf(row.credit, row.currency),
    reserved: moneyOf(row.reserved, row.currency),
    available: moneyOf(availableNanos(credit), row.currency),
    status: row.cardid === null ? 'open' : statusAt(standingOf(row), at),
    expiresAtUs: row.expires_us ?? 0n,
  };
}
