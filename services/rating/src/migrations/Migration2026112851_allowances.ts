import { Migration } from '@mikro-orm/migrations';

/** Free seconds: bundles, grants, what was used of them, and what is held for calls that are under way. */
export class Migration2026112851Allowances extends Migration {
  override name = 'Migration2026112851_allowances';

  override up(): void {
    // Append-only: a bundle never changes, a grant neither; `asked` is what was asked for, to know a repeat by.
    this.addSql(`create table allowance_bundle (
      name text collate "C" primary key,
      ${termColumns},
      valid_from_us bigint not null,
      asked text not null,
      defined_at_us bigint not null,
      defined_by text not null
    )`);
    this.addSql(`create table allowance_grant (
      grant_id text collate "C" primary key,
      number bigint not null unique,
      target_key text collate "C" not null,
      bundle text collate "C" references allowance_bundle,
      ${termColumns},
      valid_from_us bigint not null,
      asked text not null,
      granted_at_us bigint not null,
      granted_by text not null
    )`);
    this.addSql('create index allowance_grant_target on allowance_grant (target_key, number)');
    // How many grants there are. Whoever grants changes it under its lock, so numbers become visible in their order.
    this.addSql('create table allowance_revision (number bigint not null)');
    this.addSql('insert into allowance_revision values (0)');
    // One row a party, locked by whoever uses, gives back or holds seconds of theirs.
    this.addSql('create table allowance_party (party_key text collate "C" primary key)');
    // What uses come to. The check is the last word: no second that was granted is used twice.
    this.addSql(`create table allowance_bucket (
      party_key text collate "C" not null,
      grant_id text collate "C" not null references allowance_grant,
      period integer not null,
      granted_sec integer not null,
      used_sec integer not null check (used_sec between 0 and granted_sec),
      primary key (party_key, grant_id, period)
    )`);
    // Append-only: seconds that a rating took, and those that it gave back of the rating before.
    this.addSql(`create table allowance_use (
      call_key text collate "C" not null,
      revision integer not null,
      grant_id text collate "C" not null references allowance_grant,
      period integer not null,
      party_key text collate "C" not null,
      given_back boolean not null,
      sec integer not null check (sec <> 0 and given_back = (sec < 0)),
      used_at_us bigint not null,
      primary key (call_key, revision, grant_id, period, party_key, given_back)
    )`);
    this.addSql(`create table allowance_hold (
      call_key text collate "C" not null,
      party_key text collate "C" not null,
      grant_id text collate "C" not null,
      period integer not null,
      sec integer not null check (sec > 0),
      until_us bigint not null,
      primary key (call_key, grant_id, period)
    )`);
    this.addSql('create index allowance_hold_party on allowance_hold (party_key)');
    this.addSql('create index allowance_hold_until on allowance_hold (until_us)');
  }
}

/** What seconds are granted, and for what; valid_until_us is null without an end. */
const termColumns = `sec_per_period integer not null check (sec_per_period > 0),
      period_unit text not null check (period_unit in ('once', 'day', 'week', 'month')),
      time_zone text not null,
      anchor_day integer not null,
      prefixes text[] not null,
      weight integer not null,
      covers text not null check (covers in ('none', 'connect', 'all')),
      valid_until_us bigint`;
