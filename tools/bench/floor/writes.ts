import type { Sql } from '@tollwire/event-store';
import { callKey, idOf, type Kind, kinds } from './shape.ts';

/** Accounts that the floor's calls are charged to, as many as the pipeline's cards. */
export const accountCount = 10_000;

const usPerSec = 1_000_000;
/** When the first call began; the next ones a microsecond apart, as the pipeline's do. */
const beganUs = 1_795_292_138_000_000;

export function accountOf(number: number): string {
  return `card:${String(4_105_053_855_900_000 + ((number * 7919) % accountCount))}`;
}

/** The day that the floor's calls are filed under, all of them. */
const filedDay = Math.floor(beganUs / (86_400 * usPerSec));

const insertCallEvents = `
  INSERT INTO call_event (event_id, filed_day, kind, call_key, source, bytes)
  SELECT event_id, $6::int, $3::smallint, call_key, 'switch/bench', substring($1::bytea FROM 1 + ((at - 1) * $4::int)::int FOR $4::int)
  FROM unnest($2::uuid[], $5::text[]) WITH ORDINALITY AS u (event_id, call_key, at)
  ON CONFLICT DO NOTHING`;

/** The log of call events: its key, and the data of each. */
export async function logEvents(tx: Sql, kind: Kind, numbers: readonly number[]): Promise<void> {
  const { bit, dataBytes } = kinds[kind];
  const bytes = Buffer.alloc(numbers.length * dataBytes, 0x61);
  await tx.query(insertCallEvents, [bytes, numbers.map((number) => idOf(kind, number)), bit, dataBytes, numbers.map(callKey), filedDay]);
}

/** Makes the partition of the floor's calls, as a sweep of the service does ahead of time. */
export async function makePartition(database: Pick<Sql, 'query'>): Promise<void> {
  await database.query('SELECT make_call_partitions(ARRAY[$1::int], 1)', [filedDay]);
}

const takePlaces = `
  INSERT INTO call_place (switch_id, leg, uniqueid, filed_day) SELECT 1, 0, uniqueid, $2::int FROM unnest($1::text[]) AS u (uniqueid)
  ON CONFLICT DO NOTHING`;

/** What each telling brings into a row of `call`; the rest of the row is there from the first one on. */
const upsertCalls = `
  INSERT INTO call (callid, filed_day, switch_id, leg, uniqueid, started_at_us, answered_at_us, ended_at_us, q850_cause, terminatecause, attempts,
    rated_at_us, sell_nanos, pulsetime, duration_sec, tariffid, revision, pre_rated, called_e164, currency, buy_refusal, sell_prefix, countryprefixid,
    providerid, stopdelay, told, conflicts, status, flags, cardid, callednumber, cli, carrier_code, channel)
  SELECT p.callid, p.filed_day, 1, 0, uniqueid, started,
    CASE WHEN told & 14 > 0 THEN started + 2700000 END, CASE WHEN told & 12 > 0 THEN started + 160000000 END,
    CASE WHEN told & 12 > 0 THEN 16 END, CASE WHEN told & 12 > 0 THEN 'NORMAL_CLEARING' END,
    CASE WHEN told & 4 > 0 THEN jsonb_build_array(jsonb_build_object('carrierCode', 'NORTH', 'startedAtUs', started, 'endedAtUs', started + 160000000, 'q850Cause', 16)) END,
    CASE WHEN told & 8 > 0 THEN started + 3600000000 END, CASE WHEN told & 8 > 0 THEN 61500000 END, CASE WHEN told & 8 > 0 THEN 180 END,
    CASE WHEN told & 8 > 0 THEN 157 END, CASE WHEN told & 8 > 0 THEN 1 END, CASE WHEN told & 8 > 0 THEN 1 END,
    CASE WHEN told & 8 > 0 THEN false END, CASE WHEN told & 8 > 0 THEN '4672985551234' END, CASE WHEN told & 8 > 0 THEN 'EUR' END,
    CASE WHEN told & 8 > 0 THEN 'no_buy_rate' END, CASE WHEN told & 8 > 0 THEN '467298' END,
    CASE WHEN told & 8 > 0 THEN 44 END, CASE WHEN told & 4 > 0 THEN 3 END, 0, told, 0,
    CASE WHEN told & 8 > 0 THEN 'closed' WHEN told & 4 > 0 THEN 'ended' WHEN told & 2 > 0 THEN 'answered' ELSE 'started' END, '{}',
    cardid, '4672985551234', '436641234567', 'NORTH', 'SIP/bench'
  FROM unnest($1::text[], $2::bigint[], $3::smallint[], $4::text[]) AS u (uniqueid, started, told, cardid)
  CROSS JOIN LATERAL (SELECT callid, filed_day FROM call_place WHERE uniqueid = u.uniqueid AND switch_id = 1 AND leg = 0 OFFSET 0) p
  ON CONFLICT (callid, filed_day) DO UPDATE SET told = call.told | excluded.told, status = excluded.status,
    answered_at_us = coalesce(excluded.answered_at_us, call.answered_at_us), ended_at_us = coalesce(excluded.ended_at_us, call.ended_at_us),
    q850_cause = coalesce(excluded.q850_cause, call.q850_cause), terminatecause = coalesce(excluded.terminatecause, call.terminatecause),
    attempts = coalesce(excluded.attempts, call.attempts), rated_at_us = coalesce(excluded.rated_at_us, call.rated_at_us),
    sell_nanos = coalesce(excluded.sell_nanos, call.sell_nanos), pulsetime = coalesce(excluded.pulsetime, call.pulsetime),
    duration_sec = coalesce(excluded.duration_sec, call.duration_sec), tariffid = coalesce(excluded.tariffid, call.tariffid),
    revision = coalesce(excluded.revision, call.revision), pre_rated = coalesce(excluded.pre_rated, call.pre_rated),
    called_e164 = coalesce(excluded.called_e164, call.called_e164), currency = coalesce(excluded.currency, call.currency),
    buy_refusal = coalesce(excluded.buy_refusal, call.buy_refusal), sell_prefix = coalesce(excluded.sell_prefix, call.sell_prefix),
    countryprefixid = coalesce(excluded.countryprefixid, call.countryprefixid), providerid = coalesce(excluded.providerid, call.providerid)`;

/** The state of calls: inserted with what is told first, and updated in place with what comes later. `told` has the bits of the kinds. */
export async function keepCalls(tx: Sql, told: ReadonlyMap<number, number>): Promise<void> {
  const numbers = [...told.keys()].sort((one, other) => one - other);
  const ids = numbers.map((number) => `floor1234-${number}`);
  await tx.query(takePlaces, [ids, filedDay]);
  await tx.query(upsertCalls, [
    ids,
    numbers.map((number) => beganUs + number),
    numbers.map((number) => told.get(number) ?? 0),
    numbers.map((number) => accountOf(number).slice('card:'.length)),
  ]);
}

const digest = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const insertRated = `
  INSERT INTO rated_call (call_key, revision, party_key, plan_kind, plan_id, called_e164, started_at_us, answered_at_us, ended_at_us,
    q850_cause, duration_sec, carrier_code, pre_rated, rated_at_us, sell_nanos, sell_currency, sell_deck_digest, sell_prefix,
    sell_rate_per_min_nanos, sell_connect_fee_nanos, sell_initial_increment_sec, sell_increment_sec, sell_billed_sec, sell_rounding_decimals,
    sell_rounding_mode, buy_nanos, buy_currency, buy_deck_digest, buy_prefix, buy_rate_per_min_nanos, buy_connect_fee_nanos,
    buy_initial_increment_sec, buy_increment_sec, buy_billed_sec, buy_rounding_decimals, buy_rounding_mode, sell_country_prefix_id, buy_country_prefix_id)
  SELECT call_key, 1, party, 'tariff', 1, '4672985551234', started, started + 2700000, started + 160000000, 16, 157, 'NORTH', false, started,
    61500000, 'EUR', '${digest}', '467298', 20500000, 0, 60, 60, 180, 4, 'up', 41500000, 'EUR', '${digest}', '467298', 15500000, 0, 1, 1, 157, 4, 'up', 44, 44
  FROM unnest($1::text[], $2::text[], $3::bigint[]) AS r (call_key, party, started)
  ON CONFLICT DO NOTHING`;

/** Rated calls, append-only. */
export async function keepRatings(tx: Sql, numbers: readonly number[]): Promise<void> {
  await tx.query(insertRated, [numbers.map(callKey), numbers.map(accountOf), numbers.map((number) => beganUs + number)]);
}

const insertReceipts = 'INSERT INTO inbox (consumer, event_id) SELECT 1, unnest($1::uuid[]) ON CONFLICT DO NOTHING';
const debitAccounts = `
  UPDATE ledger_account a SET credit = a.credit - d.amount, version = a.version + 1
  FROM unnest($1::text[], $2::bigint[]) AS d (id, amount) WHERE a.id = d.id`;
const insertTransfers = `
  INSERT INTO transfer (id, debit_account, credit_account, amount, currency, code, call_key, at_us)
  SELECT 'call:' || call_key || ':1', account, 'revenue:EUR', 61500000, 'EUR', 'call_charge', call_key, $3::bigint
  FROM unnest($1::text[], $2::text[]) AS t (call_key, account)`;
const insertCharges = `
  INSERT INTO charge (call_key, nth, revision, account_id, currency, amount, posted, above_reservation, charged_at_us)
  SELECT call_key, 1, 1, account, 'EUR', 61500000, 61500000, 0, $3::bigint FROM unnest($1::text[], $2::text[]) AS c (call_key, account)`;

/** Receipts, balances, transfers and charges: what settling a rated call writes. */
export async function debit(tx: Sql, numbers: readonly number[]): Promise<void> {
  const accounts = numbers.map(accountOf);
  const sums = new Map<string, number>();
  for (const account of accounts) sums.set(account, (sums.get(account) ?? 0) + 61_500_000);
  const params = [numbers.map(callKey), accounts, Date.now() * 1000];
  await Promise.all([
    tx.query(insertReceipts, [numbers.map((number) => idOf('rated', number))]),
    tx.query(debitAccounts, [[...sums.keys()], [...sums.values()]]),
    tx.query(insertTransfers, params),
    tx.query(insertCharges, params),
  ]);
}

/** Before the clock starts: rich accounts, and the one consumer of the inbox. */
export async function openAccounts(sql: Sql): Promise<void> {
  const ids = Array.from({ length: accountCount }, (_, at) => accountOf(at));
  await sql.query(
    `INSERT INTO ledger_account (id, currency, credit, reserved, credit_limit) SELECT DISTINCT id, 'EUR', ${10 ** 9 * usPerSec}, 0, 0 FROM unnest($1::text[]) AS a (id)`,
    [ids],
  );
  await sql.query("INSERT INTO inbox_consumer (name) VALUES ('floor')", []);
}
