import { recountStatements } from '../src/projections/fold-reports.ts';

/** What is known of the calls that fill the table, so that questions can be asked of them. */
export interface Filling {
  /** Microseconds since 1970; calls are spread evenly over the days before it. */
  readonly untilUs: bigint;
  readonly days: number;
  readonly rows: number;
}

/** How many cards, accounts, carriers and switches the calls are spread over. */
export const spread = { cards: 100_000, accounts: 2_000, carriers: 20, switches: 8 } as const;
const causes = 'ARRAY[16, 16, 16, 16, 16, 17, 19, 31, 34, 102]';
/** One call in so many ends for a reason that is rare. */
const rareOneIn = 10_000;

/** Secondary indexes are made after the rows are there, in bulk. */
export const indexesSql = `
  SELECT indexname AS name, replace(indexdef, ' ON ONLY ', ' ON ') AS definition FROM pg_indexes
  WHERE tablename = 'call' AND indexname <> 'call_pkey'`;

/** The partitions of the days from $1 to $2, of as many weeks each as $3 says. */
export const partitionsSql = 'SELECT make_call_partitions(ARRAY(SELECT generate_series($1::int, $2::int)), $3)';

export const fillSwitchesSql = `INSERT INTO voip_switch (name) SELECT 'bench-' || n FROM generate_series(0, ${spread.switches - 1}) n ON CONFLICT DO NOTHING`;

/** Closed calls $1 to $2 of $3, that end at $4 and go back by $5 microseconds each. Numbers are as sealed ones are: digits that nobody has. */
export const fillSql = `
  WITH s AS MATERIALIZED (
    SELECT *, at / 86400000000 AS day, (SELECT min(id) FROM voip_switch WHERE name = 'bench-0') + n % ${spread.switches} AS switch_id, 'bench-' || lpad(n::text, 10, '0') AS uniqueid
    FROM (SELECT n, nextval(pg_get_serial_sequence('call_place', 'callid')) AS callid, $4::bigint - ($3::bigint - n) * $5::bigint AS at,
        CASE WHEN n % ${rareOneIn} = 7 THEN 41 ELSE (${causes})[1 + n % 10] END AS cause, CASE WHEN (${causes})[1 + n % 10] = 16 THEN n % 300 ELSE 0 END AS talk,
        (40 + n % 60)::text || lpad((n * 15485863 % 10000000000)::text, 10, '0') AS e164
      FROM generate_series($1::bigint, $2::bigint) n) n),
  placed AS (
    INSERT INTO call_place (callid, filed_day, switch_id, leg, uniqueid) OVERRIDING SYSTEM VALUE SELECT callid, day, switch_id, 0, uniqueid FROM s)
  INSERT INTO call (callid, filed_day, started_at_us, answered_at_us, ended_at_us, rated_at_us, sell_nanos, buy_nanos, margin_nanos, switch_id, countryprefixid, q850_cause, pulsetime, duration_sec,
    stopdelay, revision, leg, told, conflicts, pre_rated, status, flags, uniqueid, cardid, account_code, callednumber, called_e164, cli, carrier_code, terminatecause,
    currency, buy_currency, sell_prefix, channel, numbers_day, numbers_nonce, number_index)
  SELECT callid, day, at, CASE WHEN cause = 16 THEN at + 4000000 END, at + 4000000 + talk * 1000000, at + 5000000 + talk * 1000000, talk * 200000, talk * 100000, talk * 100000,
    switch_id, 40 + n % 60, cause, talk, talk, 0, 1, 0, 15, 0, false, 'closed', '{}', uniqueid,
    CASE WHEN n % 2 = 0 THEN lpad((n * 7919 % ${spread.cards})::text, 16, '0') END, CASE WHEN n % 2 = 1 THEN 'acme-' || n * 7919 % ${spread.accounts} END,
    e164, e164, '431' || lpad((n * 104729 % 10000000)::text, 7, '0'), 'CARRIER-' || n % ${spread.carriers}, 'NORMAL_CLEARING', 'EUR', 'EUR', left(e164, 5), 'sofia/1',
    day, n, ARRAY[hashint8extended(n, 1), hashint8extended(n, 2)]
  FROM s`;

/** The sums of reports, made of the calls as they stand. */
export const recountSql: readonly string[] = ['TRUNCATE report_difference, report_bucket, live_calls', ...recountStatements];
