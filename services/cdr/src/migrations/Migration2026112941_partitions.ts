import { Migration } from '@mikro-orm/migrations';

/**
 * Calls lie in partitions of one week or four, by the day on which they were set up as that was first told (`filed_day`, which never changes).
 * `call_place` says where each call lies: it numbers calls and holds each (uniqueid, switch, leg) once, whatever the partition. What was
 * recorded before stays where it is, as the partition of what is filed under no day (-1), from which rows go one by one; nothing is moved.
 */
export class Migration2026112941Partitions extends Migration {
  override name = 'Migration2026112941_partitions';

  override up(): void {
    // A partition must have what the whole has, as it has it: so the constraints that were added without looking are looked through now.
    for (const name of ['call_told_check', 'call_conflicts_check', 'call_status_check']) this.addSql(`alter table call validate constraint ${name}`);
    this.addSql('alter table call rename to call_unfiled');
    this.addSql('alter table call_unfiled add column filed_day integer not null default -1');
    this.addSql('alter table call_unfiled alter column filed_day drop default, alter column callid drop identity, drop constraint call_pkey, drop constraint call_key');
    for (const index of ['started', 'card', 'account', 'numbers']) this.addSql(`alter index call_${index} rename to call_unfiled_${index}`);
    this.addSql('alter table call_unfiled add constraint call_unfiled_pkey primary key (callid, filed_day), add constraint call_unfiled_days check (filed_day < 0)');
    this.addSql('create table call (like call_unfiled including constraints including generated including storage) partition by range (filed_day)');
    this.addSql('alter table call drop constraint call_unfiled_days, add primary key (callid, filed_day)');
    this.addSql('create index call_started on call (started_at_us, callid)');
    this.addSql('create index call_card on call (cardid, started_at_us) where cardid is not null');
    this.addSql('create index call_account on call (account_code, started_at_us) where account_code is not null');
    this.addSql('create index call_numbers on call using gin (number_index) with (fastupdate = on)');
    this.addSql('alter table call attach partition call_unfiled for values from (minvalue) to (0)');
    this.addSql('create table call_default partition of call default with (fillfactor = 42)');
    this.addSql(`create table call_place (
      callid bigint generated always as identity,
      filed_day integer not null,
      switch_id integer not null,
      leg smallint not null,
      uniqueid text collate "C" not null
    )`);
    this.addSql('insert into call_place (callid, filed_day, switch_id, leg, uniqueid) overriding system value select callid, filed_day, switch_id, leg, uniqueid from call order by callid');
    this.addSql('alter table call_place add primary key (callid), add constraint call_key unique (uniqueid, switch_id, leg)');
    this.addSql(`select setval(pg_get_serial_sequence('call_place', 'callid'), coalesce(max(callid), 0) + 1, false) from call_place`);
    this.#past();
    for (const statement of functions) this.addSql(statement);
    this.addSql('revoke all on function make_call_partitions(integer[], integer), set_calls_aside(bigint), forget_calls_aside(integer, integer) from public');
  }

  /** Partitions that are past their time and wait to be written into files and dropped; nobody writes to them any more. */
  #past(): void {
    this.addSql('create table call_past (like call including constraints including generated including storage) partition by range (filed_day)');
    this.addSql(`create table call_partition (
      first_day integer primary key,
      until_day integer not null check (until_day > first_day)
    )`);
    this.addSql(`create table call_aside (
      first_day integer primary key,
      until_day integer not null,
      archived_until bigint not null default 0,
      forgotten_until bigint not null default 0
    )`);
  }
}

const owners = 'security definer set search_path = public, pg_temp';
/** Who waits longer than this for calls that are being recorded gives up, and tries again with the next sweep. */
const hasty = `${owners} set lock_timeout = '2s'`;
const notYoung = `(extract(epoch from now() - interval '7 days') * 1000000)::bigint`;

const functions = [
  `create function call_partition_name(first_day integer) returns text language sql immutable as $$ select 'call_' || to_char(date '1970-01-01' + first_day, 'YYYY_MM_DD') $$`,
  // Tells which days had a partition before. A partition begins on a Monday; it is of several weeks only where none of those has one already. What lies in
  // the default partition of its days is moved into it; mostly nothing does.
  `create function make_call_partitions(days integer[], weeks integer) returns integer[] language plpgsql ${hasty} as $$
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
          if exists (select from call_partition p where p.first_day < until and p.until_day > first) then
            first := day - (day + 3) % 7;
            until := first + 7;
          end if;
          name := call_partition_name(first);
          bounds := format('filed_day >= %s and filed_day < %s', first, until);
          lock table call_default in access exclusive mode;
          execute format('create table %I (like call including all) with (fillfactor = 42, autovacuum_vacuum_scale_factor = 0.1)', name);
          execute format('alter table %I add constraint %I check (%s)', name, name || '_days', bounds);
          execute format('insert into %I (%s) select %s from call_default where %s', name, columns, columns, bounds);
          execute format('delete from call_default where %s', bounds);
          execute format('alter table call attach partition %I for values from (%s) to (%s)', name, first, until);
          insert into call_partition (first_day, until_day) values (first, until);
        exception when lock_not_available or deadlock_detected then
          return there;
        end;
      end loop;
      return there;
    end $$`,
  // Takes partitions out of \`call\` of which every call is past its time and at least a week old; tells how many.
  `create function set_calls_aside(before_us bigint) returns integer language plpgsql ${hasty} as $$
    declare
      limit_us bigint := least(before_us, ${notYoung});
      part call_partition;
      name text;
      is_young boolean;
      count integer := 0;
    begin
      perform make_call_partitions(array(select distinct filed_day from call_default), 1);
      for part in select * from call_partition p where p.until_day * 86400000000 <= limit_us and p.first_day not in (select a.first_day from call_aside a) order by p.first_day loop
        name := call_partition_name(part.first_day);
        begin
          execute format('select exists (select from %I where started_at_us >= $1)', name) into is_young using limit_us;
          continue when is_young;
          perform pg_advisory_xact_lock(8311208);
          lock table only call in access exclusive mode;
          delete from call_partition p where p.first_day = part.first_day;
          continue when not found;
          execute format('select exists (select from %I where started_at_us >= $1)', name) into is_young using limit_us;
          if is_young then
            insert into call_partition select part.*;
            continue;
          end if;
          execute format('alter table call detach partition %I', name);
          execute format('alter table %I rename to %I', name, 'past_' || name);
          execute format('alter table call_past attach partition %I for values from (%s) to (%s)', 'past_' || name, part.first_day, part.until_day);
          insert into call_aside (first_day, until_day) values (part.first_day, part.until_day);
          count := count + 1;
        exception when lock_not_available or deadlock_detected or undefined_table then
          return count;
        end;
      end loop;
      return count;
    end $$`,
  // Forgets where the next calls of a partition that was set aside lay; when there are no more, drops it. Null: another instance is at it.
  `create function forget_calls_aside(first integer, rows_max integer) returns integer language plpgsql ${hasty} as $$
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
        execute format('drop table %I', name);
        delete from call_aside where first_day = first;
      end if;
      return cardinality(ids);
    end $$`,
  // Row by row, of those that are filed under no day.
  `create or replace function drop_calls(before_us bigint, rows_max integer) returns bigint language sql ${owners} as $$
    with gone as (
      delete from call where filed_day = -1 and callid in (
        select callid from call where filed_day = -1 and started_at_us < least(before_us, ${notYoung})
        order by started_at_us limit rows_max for update skip locked)
      returning callid),
    forgotten as (delete from call_place p using gone where p.callid = gone.callid)
    select count(*) from gone $$`,
  `create or replace function drop_archived_calls(ids bigint[]) returns bigint language sql ${owners} as $$
    with gone as (delete from call where filed_day = -1 and callid = any (ids) and started_at_us < ${notYoung} returning callid),
    forgotten as (delete from call_place p using gone where p.callid = gone.callid)
    select count(*) from gone $$`,
];
