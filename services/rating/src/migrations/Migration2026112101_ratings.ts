import { Migration } from '@mikro-orm/migrations';
import { eventStoreMigrations } from '@tollwire/event-store';
import { rateDeckMigrations } from '@tollwire/rate-decks';

/** Rated calls (the log of this service), who pays by which plan, the replica of the catalog, and the event store. */
export class Migration2026112101Ratings extends Migration {
  override name = 'Migration2026112101_ratings';

  override up(): void {
    for (const sql of [...eventStoreMigrations, ...rateDeckMigrations]) this.addSql(sql);
    this.addSql(`create table subscriber_plan (
      party_key text collate "C" primary key,
      tariff_id integer,
      voip_plan_id integer,
      startpulse_sec integer not null,
      frequency_sec integer not null,
      check (num_nonnulls(tariff_id, voip_plan_id) = 1)
    )`);
    // Append-only: a rating is never changed, and a re-rating is a row with the next revision.
    this.addSql(`create table rated_call (
      call_key text collate "C" not null,
      revision integer not null check (revision > 0),
      party_key text not null,
      plan_kind text check (plan_kind in ('tariff', 'voip_plan')),
      plan_id integer,
      called_e164 text not null,
      started_at_us bigint not null,
      answered_at_us bigint,
      ended_at_us bigint not null,
      q850_cause integer not null,
      duration_sec integer not null check (duration_sec >= 0),
      carrier_code text not null,
      pre_rated boolean not null,
      buy_refusal text,
      rated_at_us bigint not null,
      ${sideColumns('sell', 'not null')},
      ${sideColumns('buy', '')},
      primary key (call_key, revision)
    )`);
  }
}

/** An amount, and the facts that it follows from; those are null where it follows from no rate. */
function sideColumns(side: 'sell' | 'buy', presence: string): string {
  return `${side}_nanos bigint ${presence} check (${side}_nanos >= 0),
      ${side}_currency text ${presence},
      ${side}_deck_digest text,
      ${side}_prefix text,
      ${side}_rate_per_min_nanos bigint,
      ${side}_connect_fee_nanos bigint,
      ${side}_initial_increment_sec integer,
      ${side}_increment_sec integer,
      ${side}_billed_sec integer,
      ${side}_rounding_decimals integer,
      ${side}_rounding_mode text`;
}
