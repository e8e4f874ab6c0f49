import { Migration } from '@mikro-orm/migrations';

/**
 * Alarms that run: what they measure beyond the documented three, where they look, whom they tell and how often; each run
 * once, with its period, measure and threshold; and the notices that are to be sent.
 */
export class Migration2026112843Alarms extends Migration {
  override name = 'Migration2026112843_alarms';

  override up(): void {
    this.addSql('alter table alarm drop constraint alarm_type_check, drop constraint alarm_alert_condition_add_on_check, drop constraint alarm_alert_value_check');
    this.addSql(`alter table alarm add constraint alarm_type_check check (type in ('ALOC', 'ASR', 'CIC', 'COST', 'MARGIN', 'SHORT', 'TRAFFIC'))`);
    this.addSql(`alter table alarm add constraint alarm_alert_condition_add_on_check check (alert_condition_add_on in ('same_day', 'same_day_in_pre_week', 'rolling'))`);
    // A margin may be held against an amount below zero; nothing else may.
    this.addSql(`alter table alarm add constraint alarm_alert_value_check check (alert_value >= 0 or type = 'MARGIN')`);
    this.addSql('alter table alarm alter column email_to_send_alarm drop not null');
    this.addSql(`alter table alarm
      add column dimension text not null default 'all' check (dimension in ('all', 'carrier', 'country', 'destination', 'account', 'switch', 'cause')),
      add column value text not null default '',
      add column currency text not null default '',
      add column calls_min integer not null default 1 check (calls_min >= 0),
      add column throttle_sec integer not null default 0 check (throttle_sec >= 0),
      add column webhook_url text,
      add column webhook_secret text,
      add column created_by text not null default '',
      add check ((webhook_url is null) = (webhook_secret is null))`);
    this.addSql('alter table alarm_report alter column calculatedvalue type numeric(24, 3)');
    // No data may also mean that there is nothing to compare the measure with.
    this.addSql('alter table alarm_report drop constraint alarm_report_check');
    this.addSql(`alter table alarm_report add constraint alarm_report_check check (status = 'no_data' or calculatedvalue is not null)`);
    this.addSql(`alter table alarm_report
      add column from_us bigint,
      add column until_us bigint,
      add column fired boolean not null default false,
      add column baseline numeric(24, 3),
      add column subject text not null default ''`);
    this.addSql('create unique index alarm_report_once on alarm_report (alarm_id, from_us, until_us)');
    this.addSql(`create table alarm_notice (
      id uuid primary key,
      alarm_id integer not null references alarm (id) on delete cascade,
      report_id bigint not null references alarm_report (id) on delete cascade,
      body text not null,
      noticed_at_us bigint not null,
      try_at_us bigint not null,
      tries integer not null default 0,
      state text not null default 'waiting' check (state in ('waiting', 'sent', 'gave_up')),
      problem text not null default ''
    )`);
    this.addSql(`create index alarm_notice_due on alarm_notice (try_at_us) where state = 'waiting'`);
    this.addSql('create index alarm_notice_alarm on alarm_notice (alarm_id, noticed_at_us)');
    this.addSql('create index alarm_notice_report on alarm_notice (report_id)');
  }
}
