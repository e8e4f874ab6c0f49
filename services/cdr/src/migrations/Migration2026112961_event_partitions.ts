import { Migration } from '@mikro-orm/migrations';

/**
 * The log of call events lies in partitions beside those of the calls: an event is filed under the day of its call, so what is told of a call lies in
 * one partition and goes with it, whole. What was logged before stays where it is, as the partition of what is filed under no day (-1): its rows are
 * read once, to see that they are as the others, and neither moved nor indexed anew. An id is unique within its partition, which is where it is looked for.
 */
export class Migration2026112961EventPartitions extends Migration {
  override name = 'Migration2026112961_event_partitions';

  override up(): void {
    this.addSql('alter table call_event rename to call_event_unfiled');
    // A column with a constant default is no rewrite; both conditions are looked through in one pass.
    this.addSql('alter table call_event_unfiled add column filed_day integer not null default -1');
    this.addSql('alter table call_event_unfiled alter column filed_day drop default, alter column position drop identity');
    this.addSql('alter table call_event_unfiled validate constraint call_event_kind_check, add constraint call_event_unfiled_days check (filed_day < 0)');
    this.addSql('alter table call_event_unfiled rename constraint call_event_pkey to call_event_unfiled_pkey');
    this.addSql('alter index call_event_received_at rename to call_event_unfiled_received_at');
    this.addSql('create table call_event (like call_event_unfiled including constraints including defaults including storage) partition by range (filed_day)');
    this.addSql('alter table call_event drop constraint call_event_unfiled_days, alter column position add generated always as identity');
    this.addSql('alter table call_event attach partition call_event_unfiled for values from (minvalue) to (0)');
    this.addSql(`select setval(pg_get_serial_sequence('call_event', 'position'), coalesce(max(position), 0) + 1, false) from call_event_unfiled`);
    this.addSql('create table call_event_default partition of call_event default');
    this.addSql('alter table call_event_default add primary key (event_id)');
    for (const statement of functions) this.addSql(statement);
    this.addSql('select make_call_event_partition(first_day, until_day) from call_partition');
    this.addSql('drop function star_call_events(uuid[], bytea, integer[], integer[])');
    const own = ['make_call_event_partition(integer, integer)', 'star_call_events(uuid[], integer[], bytea, integer[], integer[])'];
    this.addSql(`revoke all on function ${own.join(', ')} from public`);
  }
}

const owners = 'security definer set search_path = public, pg_temp';
/** Who waits longer than this for calls that are being recorded gives up, and tries again with the next sweep. */
const hasty = `${owners} set lock_timeout = '2s'`;

const functions = [
  `create function call_event_partition_name(first_day integer) returns text language sql immutable as $$ select 'call_event_' || to_char(date '1970-01-01' + first_day, 'YYYY_MM_DD') $$`,
  // Called by who makes the partition of the calls, with the default partition locked. What lies in it of these days is moved; mostly nothing does.
  `create function make_call_event_partition(first integer, until integer) returns void language plpgsql ${owners} as $$
    declare
      name text := call_event_partition_name(first);
      columns text := (select string_agg(quote_ident(attname), ', ') from pg_attribute where attrelid = 'call_event'::regclass and attnum > 0 and not attisdropped);
      bounds text := format('filed_day >= %s and filed_day < %s', first, until);
    begin
      execute format('create table %I (like call_event including constraints including defaults including storage) with (autovacuum_vacuum_insert_scale_factor = 0.5)', name);
      execute format('alter table %I add primary key (event_id), add constraint %I check (%s)', name, name || '_days', bounds);
      execute format('insert into %I (%s) select %s from call_event_default where %s on conflict do nothing', name, columns, columns, bounds);
      execute format('delete from call_event_default where %s', bounds);
      execute format('alter table call_event attach partition %I for values from (%s) to (%s)', name, first, until);
    end $$`,
  // As before; with each partition of calls one of their events. Events are locked first, as by those who record.
  `create or replace function make_call_partitions(days integer[], weeks integer) returns integer[] language plpgsql ${hasty} as $$
    declare
      day integer;
      first integer;
      until integer;
      name text;
      there integer[] := '{}';
      columns text := (select string_agg(quote_ident(attname), ', ') from pg_attribute where attrelid = 'call'::regclass and attnum > 0 and not attisdropped and attgenerated = '');
      bounds text;
    begin
      for day in select distinct d from unnest(days) d where d between 10957 and (extract(epoch from now()) / 86400)::integer + 14 order by 1 loop
        if exists (select from call_partition p where p.first_day <= day and p.until_day > day) then
          there := there || day;
          continue;
        end if;
        begin
          perform pg_advisory_xact_lock(8311208);
          continue when exists (select from call_partition p where p.first_day <= day and p.until_day > day);
          first := day - (day + 3) % (7 * weeks);
          until := first + 7 * weeks;
          if exists (select from call_partition p where p.first_day < until and p.until_day > first)
            or exists (select from call_aside a where a.first_day < until and a.until_day > first) then
            first := day - (day + 3) % 7;
            until := first + 7;
          end if;
          continue when exists (select from call_aside a where a.first_day < until and a.until_day > first);
          name := call_partition_name(first);
          bounds := format('filed_day >= %s and filed_day < %s', first, until);
          lock table call_event_default in access exclusive mode;
          lock table call_default in access exclusive mode;
          execute format('create table %I (like call including all) with (fillfactor = 42, autovacuum_vacuum_scale_factor = 0.1)', name);
          execute format('alter table %I add constraint %I check (%s)', name, name || '_days', bounds);
          execute format('insert into %I (%s) select %s from call_default where %s', name, columns, columns, bounds);
          execute format('delete from call_default where %s', bounds);
          execute format('alter table call attach partition %I for values from (%s) to (%s)', name, first, until);
          perform make_call_event_partition(first, until);
          insert into call_partition (first_day, until_day) values (first, until);
        exception when lock_not_available or deadlock_detected then
          return there;
        end;
      end loop;
      return there;
    end $$`,
  // Forgets where the next calls of a partition that was set aside lay; when there are no more, drops it, and the events of its calls. Null: another
  // instance is at it, or those who are recording could not be waited for.
  `create or replace function forget_calls_aside(first integer, rows_max integer) returns integer language plpgsql ${hasty} as $$
    declare
      name text := 'past_' || call_partition_name(first);
      after bigint;
      ids bigint[];
    begin
      select forgotten_until into after from call_aside where first_day = first for update skip locked;
      if not found then
        return null;
      end if;
      execute format('select array(select callid from %I where callid > $1 order by callid limit $2)', name) into ids using after, rows_max;
      if cardinality(ids) > 0 then
        delete from call_place where callid = any (ids);
        update call_aside set forgotten_until = ids[cardinality(ids)] where first_day = first;
      else
        execute format('drop table if exists %I', call_event_partition_name(first));
        execute format('drop table %I', name);
        delete from call_aside where first_day = first;
      end if;
      return cardinality(ids);
    exception when lock_not_available or deadlock_detected then
      return null;
    end $$`,
  // Row by row, of those that are filed under no day.
  `create or replace function drop_call_events(before timestamptz, rows_max integer) returns bigint language sql ${owners} as $$
    with gone as (
      delete from call_event_unfiled where ctid = any (array(
        select ctid from call_event_unfiled where received_at < least(before, now() - interval '7 days') limit rows_max for update skip locked))
      returning 1)
    select count(*) from gone $$`,
  `create function star_call_events(event_ids uuid[], filed_days integer[], starred bytea, first_bytes integer[], byte_counts integer[]) returns bigint language sql ${owners} as $$
    with gone as (
      update call_event e set bytes = substring(starred from u.first_byte for u.byte_count), numbers_day = -1
      from unnest(event_ids, filed_days, first_bytes, byte_counts) as u (event_id, filed_day, first_byte, byte_count)
      where e.event_id = u.event_id and e.filed_day = u.filed_day and octet_length(e.bytes) = u.byte_count and e.numbers_day is not null
        and exists (select from erased_call c where c.call_key = e.call_key)
      returning 1)
    select count(*) from gone $$`,
];
