import { Migration } from '@mikro-orm/migrations';

/**
 * Numbers that were erased one by one: the calls in which they stood, and how far the log was walked for their events. What the log said
 * of people in such a call is overwritten with stars and belongs to the day -1, which never had a key. The service's role may not change the log;
 * by this function of the owner it may star out events of calls that are erased, and nothing else of them.
 */
export class Migration2026112922ErasedNumbers extends Migration {
  override name = 'Migration2026112922_erased_numbers';

  override up(): void {
    this.addSql(`create table number_erasure (
      id integer generated always as identity primary key,
      at_us bigint not null,
      erased_by text not null check (erased_by <> ''),
      reason text not null check (reason <> ''),
      masked text not null,
      walked_until uuid not null default '00000000-0000-0000-0000-000000000000',
      done_at_us bigint
    )`);
    this.addSql('create index number_erasure_open on number_erasure (id) where done_at_us is null');
    this.addSql(`create table erased_call (
      call_key text collate "C" primary key,
      callid bigint not null,
      erasure_id integer not null references number_erasure
    )`);
    this.addSql('create index erased_call_erasure on erased_call (erasure_id)');
    this.addSql(`create function star_call_events(event_ids uuid[], starred bytea, first_bytes integer[], byte_counts integer[]) returns bigint
      language sql security definer set search_path = public, pg_temp as $$
        with gone as (
          update call_event e set bytes = substring(starred from u.first_byte for u.byte_count), numbers_day = -1
          from unnest(event_ids, first_bytes, byte_counts) as u (event_id, first_byte, byte_count)
          where e.event_id = u.event_id and octet_length(e.bytes) = u.byte_count and e.numbers_day is not null
            and exists (select from erased_call c where c.call_key = e.call_key)
          returning 1)
        select count(*) from gone
      $$`);
    this.addSql('revoke all on function star_call_events(uuid[], bytea, integer[], integer[]) from public');
  }
}
