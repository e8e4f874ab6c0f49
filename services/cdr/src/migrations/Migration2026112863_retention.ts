import { Migration } from '@mikro-orm/migrations';

/**
 * What is past its time goes, the oldest first. The service's role may neither delete calls nor change the log of their
 * events; by these two functions of the owner it may drop what is at least a week old, by its age and by nothing else.
 */
export class Migration2026112863Retention extends Migration {
  override name = 'Migration2026112863_retention';

  override up(): void {
    this.addSql(`create function drop_calls(before_us bigint, rows_max integer) returns bigint
      language sql security definer set search_path = public, pg_temp as $$
        with gone as (
          delete from call where callid in (
            select callid from call
            where started_at_us < least(before_us, (extract(epoch from now() - interval '7 days') * 1000000)::bigint)
            order by started_at_us limit rows_max for update skip locked)
          returning 1)
        select count(*) from gone
      $$`);
    this.addSql(`create function drop_call_events(before timestamptz, rows_max integer) returns bigint
      language sql security definer set search_path = public, pg_temp as $$
        with gone as (
          delete from call_event where ctid = any (array(
            select ctid from call_event where received_at < least(before, now() - interval '7 days') limit rows_max for update skip locked))
          returning 1)
        select count(*) from gone
      $$`);
    this.addSql('revoke all on function drop_calls(bigint, integer), drop_call_events(timestamptz, integer) from public');
  }
}
