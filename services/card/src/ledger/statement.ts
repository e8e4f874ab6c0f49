import type { MessageInitShape } from '@bufbuild/protobuf';
import { callOfKey } from '@tollwire/contracts';
import type { CodedRefusal, StatementReplySchema, StatementRequest } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { InstantUs, Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { houseCurrencyOf } from '../domain/ledger.ts';
import { partyOf, unknownParty } from '../wire/party.ts';
import { accountsOfParties } from './party-accounts.ts';

const pageSizeMax = 1_000;
const pageSizeUsual = 100;

/** Where a page begins: after a transfer of the account, at the balance that the page before ended with. */
interface Place {
  readonly account: string;
  readonly untilUs: bigint;
  readonly atUs: bigint;
  readonly transferId: string;
  readonly balanceNanos: bigint;
}

// Two sums that are read from the indexes alone.
const selectOpening = `
  SELECT (coalesce((SELECT sum(amount) FROM transfer WHERE credit_account = $1 AND at_us < $2::bigint), 0)
    - coalesce((SELECT sum(amount) FROM transfer WHERE debit_account = $1 AND at_us < $2::bigint), 0))::bigint AS opening`;

const columns = 'id, at_us, code, call_key, posted_by';
const stretch = 'at_us >= $2::bigint AND at_us < $4::bigint AND (at_us, id) > ($2::bigint, $3) ORDER BY at_us, id LIMIT $5';
// Each side is cut before they are put together: no more than two pages are read, however long the account.
const selectLines = `
  SELECT ${columns}, other, nanos, ($6::bigint + sum(nanos) OVER (ORDER BY at_us, id))::bigint AS balance FROM (
    (SELECT ${columns}, debit_account AS other, amount AS nanos FROM transfer WHERE credit_account = $1 AND ${stretch})
    UNION ALL
    (SELECT ${columns}, credit_account AS other, -amount AS nanos FROM transfer WHERE debit_account = $1 AND ${stretch})
  ) AS t ORDER BY at_us, id LIMIT $5`;

interface LineRow {
  readonly id: string;
  readonly at_us: bigint;
  readonly code: string;
  readonly call_key: string | null;
  readonly posted_by: string | null;
  readonly other: string;
  readonly nanos: bigint;
  readonly balance: bigint;
}

/**
 * One page of the transfers of a ledger account between two instants, in their order, each with the balance after it. A page goes
 * on where the one before ended, whatever is posted meanwhile, up to the instant at which the first one was asked for. Refuses
 * an account that there is not, a page above 1,000 lines and a cursor that no page answered.
 */
export async function statement(sql: Sql, request: StatementRequest, at: InstantUs): Promise<Result<MessageInitShape<typeof StatementReplySchema>, CodedRefusal>> {
  const pageSize = request.pageSize || pageSizeUsual;
  if (pageSize > pageSizeMax) return refuse({ code: 'field_out_of_range', field: 'pageSize', facts: { max: String(pageSizeMax) } });
  const account = await accountOf(sql, request);
  if (!account.ok) return account;
  const after = request.cursor === '' ? await beginning(sql, account.value.id, request, at) : placeOf(request.cursor);
  // By the page of another account its balances would be those of neither.
  if (after === undefined || after.account !== account.value.id) return refuse({ code: 'cursor_malformed', field: 'cursor' });
  const { untilUs, balanceNanos } = after;
  const rows = await sql.query<LineRow>(selectLines, [account.value.id, after.atUs, after.transferId, untilUs, pageSize + 1, balanceNanos]);
  const page = rows.slice(0, pageSize);
  const last = page.at(-1);
  return ok({
    ledgerAccount: account.value.id,
    currency: account.value.currency,
    fromUs: request.fromUs,
    untilUs,
    openingNanos: balanceNanos,
    closingNanos: last?.balance ?? balanceNanos,
    lines: page.map(lineOf),
    nextCursor: rows.length > pageSize && last !== undefined ? cursorOf(last, after) : '',
  });
}

/** Now, for whoever names no end: including what is posted at this very microsecond. */
async function beginning(sql: Sql, account: string, { fromUs, untilUs }: StatementRequest, at: InstantUs): Promise<Place> {
  const [row] = fromUs === 0n ? [] : await sql.query<{ opening: bigint }>(selectOpening, [account, fromUs]);
  return { account, untilUs: untilUs === 0n ? BigInt(at) + 1n : untilUs, atUs: fromUs, transferId: '', balanceNanos: row?.opening ?? 0n };
}

async function accountOf(sql: Sql, { account }: StatementRequest): Promise<Result<{ id: string; currency: string }, CodedRefusal>> {
  switch (account.case) {
    case 'party': {
      const party = partyOf(account.value, 'party');
      if (!party.ok) return party;
      const found = await findAccount(sql, (await accountsOfParties(sql, [party.value]))(party.value) ?? '');
      return found === undefined ? refuse(unknownParty(party.value)) : ok(found);
    }
    case 'ledgerAccount': {
      const currency = houseCurrencyOf(account.value);
      const found = currency === null ? await findAccount(sql, account.value) : { id: account.value, currency };
      return found === undefined ? refuse({ code: 'unknown_ledger_account', field: 'ledgerAccount', detail: named }) : ok(found);
    }
    case undefined:
    default:
      return refuse({ code: 'field_missing', field: 'ledgerAccount', detail: named });
  }
}

const named = 'Name an account as card:ID, customer:ID, carrier:CODE:EUR, reseller:ID:EUR, or revenue, tax, cost, commission, breakage or funding:EUR.';

async function findAccount(sql: Sql, id: string): Promise<{ id: string; currency: string } | undefined> {
  if (id.includes('\0')) return undefined;
  const [row] = await sql.query<{ id: string; currency: string }>('SELECT id, currency FROM ledger_account WHERE id = $1', [id]);
  return row;
}

function lineOf(row: LineRow) {
  const call = row.call_key === null ? undefined : callOfKey(row.call_key);
  return {
    transferId: row.id,
    atUs: row.at_us,
    code: row.code,
    amountNanos: row.nanos,
    balanceNanos: row.balance,
    otherAccount: row.other,
    ...(call === undefined ? {} : { call }),
    postedBy: row.posted_by ?? '',
  };
}

/** The parts of a cursor stand apart by what no id of an account or transfer holds. */
const apart = '\u001f';

function cursorOf({ at_us: atUs, balance, id }: LineRow, { account, untilUs }: Place): string {
  return Buffer.from(`${untilUs}.${atUs}.${balance}.${account}${apart}${id}`).toString('base64url');
}

function placeOf(cursor: string): Place | undefined {
  const [, untilUs, atUs, balance, named = ''] = /^(\d{1,18})\.(\d{1,18})\.(-?\d{1,19})\.([^\0]+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const [account = '', transferId] = named.split(apart);
  if (untilUs === undefined || atUs === undefined || balance === undefined || transferId === undefined) return undefined;
  const balanceNanos = BigInt(balance);
  if (BigInt.asIntN(64, balanceNanos) !== balanceNanos) return undefined;
  return { account, untilUs: BigInt(untilUs), atUs: BigInt(atUs), transferId, balanceNanos };
}
