import { Migration } from '@mikro-orm/migrations';

/**
 * Dialling limits, how calls at a time share the credit, extension and release of reservations. How an account is in use
 * stands beside its credit, so that the lock of the one is the lock of the other and no statement is added to a call.
 */
export class Migration2026112823CallControl extends Migration {
  override name = 'Migration2026112823_call_control';

  override up(): void {
    this.addSql(`alter table dialer_setting
      add column spend_per_hour_max bigint check (spend_per_hour_max > 0),
      add column spend_per_day_max bigint check (spend_per_day_max > 0),
      add column currency text check (currency ~ '^[A-Z]{3}$'),
      add column credit_policy text not null default 'all_free_credit' check (credit_policy in ('all_free_credit', 'fixed_slice', 'equal_share')),
      add column slice_sec integer check (slice_sec > 0),
      add column slice_amount bigint check (slice_amount > 0),
      add column set_at timestamptz not null default now(),
      add column set_by text,
      add check (currency is not null or (spend_per_hour_max is null and spend_per_day_max is null and slice_amount is null)),
      add check (credit_policy <> 'equal_share' or concurrent_calls_max is not null),
      add check ((credit_policy = 'fixed_slice') = ((slice_sec is null) <> (slice_amount is null)))`);
    // The cards of a type; a read model of card types is folded anew without losing it.
    this.addSql(`create table cardtype_dialer_setting (
      cardtypeid integer primary key references cardtype (cardtypeid) deferrable initially deferred,
      dialersetting_id integer not null references dialer_setting (id),
      set_at timestamptz not null,
      set_by text
    )`);
    this.addSql('alter table user_profile add column suspended timestamptz');
    this.addSql(`alter table ledger_account
      add column open_calls integer not null default 0 check (open_calls >= 0),
      add column second_no bigint not null default 0,
      add column calls_in_second integer not null default 0,
      add column hour_no integer not null default 0,
      add column spent_in_hour bigint not null default 0,
      add column day_no integer not null default 0,
      add column spent_in_day bigint not null default 0`);
    this.addSql(`update ledger_account l set open_calls = o.calls
      from (select account_id, count(*) as calls from reservation where state = 'open' group by account_id) o where o.account_id = l.id`);
    // By which a call is priced when it is extended; null on reservations from before, which began when they were made.
    this.addSql('alter table reservation add column started_at_us bigint');
    this.addSql(`alter table reservation drop constraint reservation_state_check,
      add constraint reservation_state_check check (state in ('open', 'settled', 'expired', 'released'))`);
    // The receipt of an extension: the same sequence number again is answered the same.
    this.addSql(`create table reservation_extension (
      call_key text collate "C" not null references reservation (call_key),
      sequence integer not null check (sequence > 0),
      used_sec integer not null check (used_sec >= 0),
      reservation_id uuid not null,
      added bigint not null check (added >= 0),
      amount bigint not null check (amount >= 0),
      max_duration_sec integer not null,
      valid_until_us bigint not null,
      final_reason text,
      extended_at_us bigint not null,
      primary key (call_key, sequence)
    )`);
  }
}
