import { Migration } from '@mikro-orm/migrations';
import { recountStatements } from '../projections/fold-reports.ts';

/**
 * What the traffic amounts to: the differences that batches of calls make, the sums by minute and hour that they are
 * folded into, the calls that are going on, and the names of destinations. Calls that are there already are counted.
 */
export class Migration2026112842Reports extends Migration {
  override name = 'Migration2026112842_reports';

  override up(): void {
    // A row is a batch, written once and taken away whole; its arrays are long and read once, so compressing them costs more than it saves.
    this.addSql(`create table report_difference (
      position bigint generated always as identity primary key,
      kinds smallint[] not null, at_min integer[] not null,
      switch text[] not null, carrier text[] not null, account text[] not null, destination integer[] not null, cause integer[] not null,
      currency text[] not null, buy_currency text[] not null,
      talk_us bigint[] not null, billed_sec integer[] not null, pdd_us bigint[] not null, sell_nanos bigint[] not null, buy_nanos bigint[] not null,
      margin_nanos bigint[] not null
    )`);
    for (const column of ['switch', 'carrier', 'account', 'talk_us', 'pdd_us', 'sell_nanos', 'buy_nanos', 'margin_nanos']) {
      this.addSql(`alter table report_difference alter column ${column} set storage external`);
    }
    this.addSql(`create table report_bucket (
      dimension text collate "C" not null check (dimension in ('all', 'carrier', 'destination', 'account', 'switch', 'cause')),
      grain text collate "C" not null check (grain in ('minute', 'hour')),
      at_min integer not null,
      value text collate "C" not null,
      currency text collate "C" not null,
      buy_currency text collate "C" not null,
      calls bigint not null, answered bigint not null, effective bigint not null, short bigint not null, abandoned bigint not null,
      talk_us bigint not null, billed_sec bigint not null, pdd_us bigint not null, pdd_calls bigint not null,
      sell_nanos numeric not null, buy_nanos numeric not null, margin_nanos numeric not null,
      reroutes bigint not null default 0, reroutes_effective bigint not null default 0,
      primary key (dimension, grain, at_min, value, currency, buy_currency)
    ) with (fillfactor = 80)`);
    this.addSql(`create table live_calls (
      dimension text collate "C" not null check (dimension in ('all', 'carrier', 'account', 'switch')),
      value text collate "C" not null,
      calls bigint not null,
      primary key (dimension, value)
    ) with (fillfactor = 50)`);
    this.addSql(`create table destination (
      countryprefixid integer primary key,
      prefix text collate "C" not null,
      country_code text collate "C" not null,
      country_name text not null,
      subcode text not null
    )`);
    for (const statement of recountStatements) this.addSql(statement);
  }
}
